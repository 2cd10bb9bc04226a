import { assertEquals, assertMatch } from "@std/assert";
import { datasetFlagOf } from "../../../src/cli/dataset_flags.ts";
import { main } from "../../../src/cli/main.ts";
import { withFiles } from "../../datasets/support/folders.ts";
import { fakeTerminal } from "../terminal.ts";

async function errorsOf(...words: string[]): Promise<string> {
  const terminal = fakeTerminal();
  assertEquals(await main(words, terminal), 2);
  return terminal.errors();
}

Deno.test("datasets refuses a command that is none, and says which was meant", async () => {
  assertMatch(
    await errorsOf("datasets", "previw", "faces"),
    /There is no command "datasets previw" \(did you mean "preview"\?\): allowed are list, /,
  );
});

Deno.test("datasets preview and pack refuse a folder that is not there before they read", async () => {
  await withFiles({ "a.txt": new Uint8Array(1) }, async (folder) => {
    assertMatch(
      await errorsOf("datasets", "preview", "faces", "--out", `${folder}/none/grid.png`),
      /--out must lie in a folder that is there: nothing is at/,
    );
    assertMatch(
      await errorsOf("datasets", "pack", "faces", "--out", `${folder}/a.txt/set.npy`),
      /--out must lie in a folder that is there: a file is at/,
    );
  });
});

Deno.test("--mirror takes the URL of a server alone", async () => {
  assertMatch(
    await errorsOf("train", "--mirror", "mirror"),
    /'mirror' is invalid. It must be the URL of a folder, http:\/\/ or https:/,
  );
});

Deno.test("datasetFlagOf() makes one word of each name in small letters", () => {
  for (
    const [option, flag] of [
      ["hair_colour", "--data-hair-colour"],
      ["hairColour", "--data-hair-colour"],
      ["Split", "--data-split"],
    ] as const
  ) assertEquals(datasetFlagOf(option), flag);
});
