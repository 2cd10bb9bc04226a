import { assertEquals, assertMatch } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import { gpuTest } from "../support/gpu.ts";
import { trainTiny, withFolder } from "../dcgan/tiny.ts";
import { fakeTerminal } from "./terminal.ts";

async function call(line: string): Promise<{ code: number; output: string; errors: string }> {
  const terminal = fakeTerminal();
  const code = await main(line.split(" "), terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

gpuTest(
  "evaluate gives a page for people, JSON for programs, and messages on standard error",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      await trainTiny(device, { data: "faces", dataOptions: { length: 200 }, steps: 3, out });
      const page = await call(`evaluate ${out} --count 40 --no-features`);
      assertEquals([page.code, page.errors], [
        0,
        "Comparing with 40 images of the data\nScoring 40 samples of step 3\n",
      ]);
      assertMatch(
        page.output,
        /^.*run, step 3: 40 samples against 40 images of the data\n\n {2}sliced Wasserstein/,
      );
      assertMatch(page.output, /\nIn short: the samples .*\.\nWhat next: .*\.\n$/);

      const json = await call(`evaluate ${out} --count 40 --no-features --json`);
      const found = JSON.parse(json.output);
      assertEquals([json.code, found.step, found.samples, typeof found.scores.swd.value], [
        0,
        3,
        40,
        "number",
      ]);

      const missing = await call(`evaluate ${folder}/none`);
      assertEquals([missing.code, missing.output], [1, ""]);
      assertMatch(missing.errors, /^[^\n]*none[^\n]*\n$/);
    });
  },
);
