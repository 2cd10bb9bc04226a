import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { compareRuns } from "../../../src/dcgan/runs/compare_runs.ts";
import { withFolder } from "../../support/temp_folder.ts";
import { makeRun } from "./run_folders.ts";

Deno.test("compareRuns() gives options that differ, and scores and numbers at equal steps and at the end", async () => {
  await withFolder(async (folder) => {
    const scores = (factor: number, steps: readonly number[]) =>
      Object.fromEntries(steps.map((step) => [step, { swd: factor * step }]));
    const a = await makeRun(`${folder}/a`, {
      options: { seed: 1, ngf: 8 },
      done: 300,
      scores: scores(1, [50, 100, 150, 200, 250, 300]),
    });
    const b = await makeRun(`${folder}/b`, {
      options: { seed: 2, ngf: 8, dataRoot: "x" },
      done: 260,
      scores: scores(2, [50, 100, 150, 200, 250]),
    });
    const found = await compareRuns([a, `${b}/`]);
    assertEquals(Object.fromEntries(found.options.map(({ option, values }) => [option, values])), {
      dataRoot: [undefined, "x"],
      seed: [1, 2],
    });
    // Four of the five that both have, and the last of them
    assertEquals(found.atEqualSteps.map(({ step }) => step), [100, 150, 200, 250]);
    const [first] = found.atEqualSteps;
    assertEquals(first!.runs.map(({ scores }) => scores!.swd!.value), [100, 200]);
    // Steps 1 to 100, and 101 to 200
    assertAlmostEquals(first!.runs[0]!.means!.dReal!, 0.0505, 1e-12);
    assertAlmostEquals(found.atEqualSteps[2]!.runs[1]!.means!.dReal!, 0.1505, 1e-12);
    assertEquals(found.atEnd.map(({ step, scoredStep }) => [step, scoredStep]), [[300, 300], [260, 250]]);
    assertAlmostEquals(found.atEnd[1]!.means!.dReal!, 0.2105, 1e-12);
  });
});

Deno.test("compareRuns() compares numbers at the last step of the shorter run, if not all were scored", async () => {
  await withFolder(async (folder) => {
    const runs = [
      await makeRun(`${folder}/a`, { done: 30 }),
      await makeRun(`${folder}/b`, { done: 20, scores: { 20: { swd: 1 } } }),
    ];
    const { atEqualSteps } = await compareRuns(runs);
    assertEquals(atEqualSteps.map(({ step }) => step), [20]);
    assertEquals(atEqualSteps[0]!.runs.map(({ means }) => means?.step), [20, 20]);
    // A run that has no steps yet has none in common
    const none = await makeRun(`${folder}/c`, { done: 0, checkpoint: 0 });
    const found = await compareRuns([...runs, none]);
    assertEquals(found.atEqualSteps, []);
    assertEquals(found.atEnd[2], {
      step: undefined,
      means: undefined,
      scores: undefined,
      scoredStep: undefined,
    });
  });
});

Deno.test("compareRuns() names damaged runs and compares the others", async () => {
  await withFolder(async (folder) => {
    const a = await makeRun(`${folder}/a`);
    const { runs, damaged } = await compareRuns([a, `${folder}/none`]);
    assertEquals([runs.map(({ run }) => run), damaged.map(({ run }) => run)], [[a], [`${folder}/none`]]);
    await assertRejects(() => compareRuns([a]), RangeError, "at least two must be given, found 1");
  });
});
