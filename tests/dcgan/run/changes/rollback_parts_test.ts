/** Rollbacks of runs that keep more than their networks and optimizers, and whose steps have many parts. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { writeCheckpoint } from "../../../../src/dcgan/checkpoints/checkpoint.ts";
import { NonFiniteError } from "../../../../src/dcgan/numbers/non_finite.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";
import { rollBack } from "../../../../src/dcgan/run/changes/rollback.ts";
import { planRun, type RunPlan } from "../../../../src/dcgan/run/plan.ts";
import { train } from "../../../../src/dcgan/train.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { copy, treeOf } from "../../run_trees.ts";
import { namesIn, trainTiny, withFolder } from "../../tiny.ts";

const parts = {
  data: "faces",
  dataOptions: { length: 30 },
  loss: "hinge",
  augment: ["color", "flip"],
  // Below the sign that nearly every step has
  augmentTarget: 0.01,
  pack: 2,
  dSteps: 2,
  gSteps: 2,
  accumulate: 2,
  ema: { from: 0, to: 0.5 },
  emaSnapshots: 10,
  beta2: { from: 0.9, to: 0.99, steps: 8 },
  checkpointEvery: 4,
  sampleEvery: 0,
  logEvery: 0,
  keep: "all",
} as const satisfies TrainOptions;

async function plan(device: Device, options: TrainOptions): Promise<RunPlan> {
  const planning = planRun(device, options);
  let planned = await planning.next();
  while (!planned.done) planned = await planning.next();
  return planned.value;
}

gpuTest(
  "a rollback with ADA, packs, several updates and averages is what a resume by hand is",
  async (device) => {
    await withFolder(async (folder) => {
      const [out, byHand] = [`${folder}/run`, `${folder}/by-hand`];
      await trainTiny(device, { ...parts, steps: 8, out });
      await copy(out, byHand);
      await using run = await plan(device, { resume: out, step: 8, more: 2, onNan: "rollback" });
      const probability = async () => (await run.trainer.state().get("augmentation.adaptive")!.data())[0]!;
      const at8 = await probability();
      for (let step = 9; step <= 12; step++) await run.trainer.next();
      assertNotEquals(await probability(), at8);
      // Numbers go bad in the first step after a checkpoint: the one before it is taken the next time
      const bad = (step: number) =>
        new NonFiniteError({ kind: "loss", step, what: "the generator's loss is NaN" });
      const first = await rollBack(run, bad(9), { count: 0, step: undefined });
      assertEquals([run.trainer.steps, await probability()], [8, at8]);
      await run.trainer.next();
      const second = await rollBack(run, bad(9), first);
      assertEquals([second.count, run.trainer.steps], [2, 4]);
      assert(await probability() < at8);
      assertEquals((await namesIn(`${out}/averages`)).length, 4);
      for (let step = 5; step <= 10; step++) await run.trainer.next();
      await writeCheckpoint(run.folder.checkpoints, run.trainer, { run: run.config.run! });
      const resumed = { resume: byHand, step: 4, steps: 10, learningRate: 2e-4 / 4 };
      await Array.fromAsync(train(device, resumed));
      const [found, expected] = [await treeOf(`${out}/checkpoints`), await treeOf(`${byHand}/checkpoints`)];
      const files = [...expected.keys()].filter((name) => /^step-000010\/./.test(name));
      assertEquals(files.length, 6);
      for (const name of files) assert(found.get(name) === expected.get(name), name);
    });
  },
);
