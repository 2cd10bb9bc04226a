import { assertEquals } from "@std/assert";
import { describeNoRun, runsBeside } from "../../../src/dcgan/run/folder/runs_in.ts";
import { withFolder } from "../tiny.ts";

Deno.test("describeNoRun() says what is there instead of a run, and what to name", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/empty`);
    assertEquals(
      await describeNoRun(`${folder}/none`),
      "is not a run folder: nothing can be read there",
    );
    for (const name of ["faces-10", "faces-2"]) {
      await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/${name}/config.json`, "{}");
    }
    const runs = `${folder}/faces-2, ${folder}/faces-10`;
    assertEquals(
      await describeNoRun(`${folder}/none`),
      `is not a run folder: nothing can be read there. Runs in ${folder}: ${runs}`,
    );
    assertEquals(await runsBeside(`${folder}/none/`), `. Runs in ${folder}: ${runs}`);
    assertEquals(await runsBeside(`${folder}/empty/none`), "");
    assertEquals(
      await describeNoRun(`${folder}/faces-2/config.json`),
      "is not a run folder: it is a file. Name the folder that a run was written to",
    );
    assertEquals(
      await describeNoRun(`${folder}/empty`),
      "is not a run folder: it has no config.json. Name the folder that a run was written to",
    );
    assertEquals(
      await describeNoRun(folder),
      `is not a run folder but holds runs. Name one of them: ${runs}`,
    );
  });
});
