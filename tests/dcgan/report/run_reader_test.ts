import { assertEquals, assertRejects } from "@std/assert";
import { RunReader } from "../../../src/dcgan/report/run_reader.ts";
import { withFolder } from "../tiny.ts";
import { linesOf, makeRun, scoresOf } from "./run_folders.ts";

Deno.test("RunReader.read() gives the numbers, the scores and the pictures up to the last step", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const scores = [scoresOf(2, 900), scoresOf(3, 150)];
    await makeRun(run, { steps: 3, scores, grids: [1, 3, 7], real: true });
    const found = await new RunReader(run).read();
    assertEquals(found.history.count, 3);
    assertEquals(found.best, 3);
    assertEquals(found.verdict?.grade, "good");
    // What it drew after step 3 is of a course that it has left
    assertEquals(found.grids.map(({ step }) => step), [1, 3]);
    assertEquals(found.real?.name, "real.png");
    assertEquals(found.times.written instanceof Date, true);
  });
});

Deno.test("RunReader.read() reads on, and judges as the run did", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const wins = () => ({ dReal: 1, dFake: 0 });
    await makeRun(run, { config: { steps: 2000, images: 100 }, steps: 500, change: wins });
    const reader = new RunReader(run);
    assertEquals((await reader.read()).advice.map(({ step, kind }) => [step, kind]), [[
      0,
      "too-few-pictures",
    ]]);
    await Deno.writeTextFile(`${run}/metrics.jsonl`, linesOf(501, 510, wins), { append: true });
    const { advice, history } = await reader.read();
    assertEquals(history.count, 510);
    assertEquals(advice.map(({ step, kind }) => [step, kind]), [
      [0, "too-few-pictures"],
      [501, "discriminator-wins"],
    ]);
    assertEquals((await new RunReader(run).read()).advice, advice);
    await Deno.writeTextFile(`${run}/metrics.jsonl`, linesOf(1, 5));
    assertEquals((await reader.read()).advice.length, 1);
  });
});

Deno.test("RunReader.read() gives what there is of a run that has hardly begun", async () => {
  await withFolder(async (folder) => {
    await makeRun(`${folder}/run`, { steps: 0 });
    const { history, verdict, grids, real, best } = await new RunReader(`${folder}/run`).read();
    assertEquals([history.count, verdict, grids, real, best], [0, undefined, [], undefined, undefined]);
    await assertRejects(() => new RunReader(folder).read(), Error, "is not a run folder");
  });
});
