import { assertEquals } from "@std/assert";
import { asSources, sourceEntries } from "../../../scripts/gpus/drivers/source_entries.ts";
import { withFolder } from "../../support/temp_folder.ts";

Deno.test("asSources() turns lists of packages into lists of sources, in both formats of apt", () => {
  assertEquals(
    asSources(
      "# deb is a word\ndeb [arch=amd64] somewhere bookworm main\ndeb-src somewhere bookworm main\n",
      "a.list",
    ),
    "# deb is a word\ndeb-src [arch=amd64] somewhere bookworm main\ndeb-src somewhere bookworm main\n",
  );
  assertEquals(
    asSources("Types: deb\nURIs: somewhere\n\nTypes: deb deb-src\nURIs: elsewhere\n", "a.sources"),
    "Types: deb-src\nURIs: somewhere\n\nTypes: deb-src\nURIs: elsewhere\n",
  );
});

Deno.test("sourceEntries() reads the files that apt reads, and no others", async () => {
  await withFolder(async (folder) => {
    assertEquals(await sourceEntries(folder), new Map());
    await Deno.writeTextFile(`${folder}/sources.list`, "deb a b c\n");
    await Deno.mkdir(`${folder}/sources.list.d`);
    await Deno.writeTextFile(`${folder}/sources.list.d/debian.sources`, "Types: deb\n");
    await Deno.writeTextFile(`${folder}/sources.list.d/debian.sources.bak`, "Types: deb\n");
    assertEquals(
      await sourceEntries(folder),
      new Map([["main.list", "deb-src a b c\n"], ["debian.sources", "Types: deb-src\n"]]),
    );
  });
});
