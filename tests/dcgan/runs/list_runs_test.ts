import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { RunLock } from "../../../src/dcgan/run/folder/run_lock.ts";
import { listRuns } from "../../../src/dcgan/runs/list_runs.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { makeRun } from "./run_folders.ts";

Deno.test("listRuns() gives runs with their state, those last written first", async () => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/old`, { options: { steps: 10 }, written: 1000 });
    await makeRun(`${folder}/new`, { options: { steps: 20 }, written: 3000 });
    await makeRun(`${folder}/flat`, {
      options: { steps: 20, stopWhenFlat: 2 },
      scores: { 3: { swd: 5 }, 6: { swd: 6 }, 9: { swd: 7 } },
      written: 2000,
    });
    using _lock = await RunLock.take(
      await makeRun(`${folder}/busy`, { options: { steps: 20 }, written: 4000 }),
    );
    await Deno.mkdir(`${folder}/no-run`);
    await Deno.writeTextFile(`${folder}/file.txt`, "");
    const found = (await listRuns(`${folder}/`)).map((
      { run, state },
    ) => [run.slice(folder.length + 1), state]);
    assertEquals(found, [["busy", "running"], ["new", "stopped"], ["flat", "finished"], ["old", "finished"]]);
    // A run folder is a list of one
    assertEquals((await listRuns(`${folder}/old`)).map(({ run }) => run), [`${folder}/old`]);
  });
});

Deno.test("listRuns() names what is damaged, and gives the others", async () => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/good`);
    await Deno.writeTextFile(`${await makeRun(`${folder}/cut`)}/config.json`, '{ "version": 1,');
    await Deno.remove(`${await makeRun(`${folder}/bare`)}/config.json`);
    await Deno.remove(`${await makeRun(`${folder}/lacking`)}/checkpoints/step-000010/generator.safetensors`);
    await Deno.writeTextFile(`${await makeRun(`${folder}/newer`)}/config.json`, '{ "version": 99 }');
    // Lines that are no numbers are left out, as those of a killed process are
    await Deno.writeTextFile(`${await makeRun(`${folder}/noisy`)}/metrics.jsonl`, "\0\0\n{\n", {
      append: true,
    });
    const runs = await listRuns(folder);
    const problems = Object.fromEntries(
      runs.map((run) => [run.run.slice(folder.length + 1), run.state === "damaged" ? run.problem : run.step]),
    );
    assertEquals([problems.good, problems.noisy], [10, 10]);
    assertStringIncludes(String(problems.cut), "config.json: it must be JSON");
    assertStringIncludes(String(problems.bare), "is not a run folder: it has no config.json");
    assertStringIncludes(String(problems.lacking), "generator.safetensors is missing");
    assertStringIncludes(String(problems.newer), '"version" must be 1');
  });
});

Deno.test("listRuns() refuses a folder that is not there", async () => {
  await withFolder(async (folder) => {
    await assertRejects(() => listRuns(`${folder}/none`), Error, "it must be a folder, found none");
  });
});

Deno.test("RunLock.isTaken() asks without being in the way of a run that starts", async () => {
  await withFolder(async (folder) => {
    assertEquals(await RunLock.isTaken(folder), false);
    await Deno.writeTextFile(`${folder}/.lock`, "");
    assertEquals(await RunLock.isTaken(folder), false);
    const asking = Array.from({ length: 50 }, () => RunLock.isTaken(folder));
    const lock = await RunLock.take(folder);
    await Promise.all(asking);
    assertEquals(await RunLock.isTaken(folder), true);
    await assertRejects(() => RunLock.take(folder), RangeError, "another process is still training in it");
    lock[Symbol.dispose]();
    assertEquals(await RunLock.isTaken(folder), false);
  });
});
