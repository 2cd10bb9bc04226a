import { assert, assertEquals, assertMatch } from "@std/assert";
import { pictureText } from "../../../src/cli/terminal/picture_viewer.ts";
import { main } from "../../../src/cli/main.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { TINY } from "../cli_process.ts";
import { fakeTerminal } from "../terminal.ts";

Deno.test("pictureText() is for a terminal that was asked to show pictures, and says what cannot be shown", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/a.png`;
    await Deno.writeFile(path, await encodePng({ width: 1, height: 1, channels: 1, data: Uint8Array.of(9) }));
    const terminal = { isTerminal: true };
    assertEquals(await pictureText(path, undefined, terminal), "");
    assertEquals(await pictureText(path, "kitty", { isTerminal: false }), "");
    assert((await pictureText(path, "kitty", terminal)).startsWith("\x1b_Ga=T"));
    assertMatch(await pictureText(folder, "kitty", terminal), /^warning: Cannot show .*\n$/);
  });
});

gpuTest("train --show and sample --show draw in a terminal, and nowhere else", async () => {
  await withFolder(async (folder) => {
    const shown = async (line: string, isTerminal: boolean) => {
      const terminal = fakeTerminal({ isTerminal });
      assertEquals(await main(line.split(" "), terminal), 0, terminal.errors());
      return terminal.output().split("\x1bPq").length - 1;
    };
    const train = `train --data faces ${TINY} --steps 2 --sample-every 1`;
    assertEquals(await shown(`${train} --show sixel --out ${folder}/a`, true), 2);
    assertEquals(await shown(`${train} --show sixel --out ${folder}/b`, false), 0);
    assertEquals(await shown(`${train} --out ${folder}/c`, true), 0);
    const sample = `sample ${folder}/a --count 4 --show sixel --out ${folder}`;
    assertEquals(await shown(`${sample}/a.png`, true), 1);
    assertEquals(await shown(`${sample}/b.png`, false), 0);
    assertEquals(await shown(`${sample}/c.png --json`, true), 0);
    assertEquals(await shown(`${sample}/images --format images`, true), 0);
  });
});
