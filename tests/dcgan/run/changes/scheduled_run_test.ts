/** Runs whose learning rates change from step to step, resumed, made longer and rolled back. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { writeCheckpoint } from "../../../../src/dcgan/checkpoints/checkpoint.ts";
import { ratesAt } from "../../../../src/dcgan/optimizers/learning_rates.ts";
import { NonFiniteError } from "../../../../src/dcgan/numbers/non_finite.ts";
import { parseConfig, type TrainConfig } from "../../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";
import { rollBack } from "../../../../src/dcgan/run/changes/rollback.ts";
import { planRun } from "../../../../src/dcgan/run/plan.ts";
import { train } from "../../../../src/dcgan/train.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { readSafetensors } from "../../../../src/nn/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { copy } from "../../run_trees.ts";
import { namesIn, trainTiny, withFolder } from "../../tiny.ts";

const scheduled = {
  schedule: "cosine",
  warmup: 2,
  learningRate: 1e-3,
  dLearningRate: 2e-3,
  checkpointEvery: 1,
  sampleEvery: 0,
  logEvery: 0,
  keep: "all",
} as const satisfies TrainOptions;

const configOf = async (out: string): Promise<TrainConfig> =>
  parseConfig(await Deno.readTextFile(`${out}/config.json`));

/** Resumes a run, and gives its warnings. */
async function goOn(device: Device, resume: string, options: TrainOptions = {}): Promise<string[]> {
  const events = await Array.fromAsync(train(device, { resume, ...options }));
  return events.flatMap((event) => event.type === "warning" ? [event.message] : []);
}

const trainingOf = (out: string, step: number) => `${out}/checkpoints/step-00000${step}/training.safetensors`;

/** The learning rates that a step had, by its checkpoint. */
async function ratesOf(out: string, step: number): Promise<number[]> {
  const { tensors } = await readSafetensors(trainingOf(out, step));
  return ["generator", "discriminator"].map((network) =>
    Number(tensors.get(`${network}.learning_rate`)!.data[0])
  );
}

const expected = (step: number, config: TrainConfig): number[] => {
  const { generator, discriminator } = ratesAt(step - 1, config);
  return [generator, discriminator].map(Math.fround);
};

gpuTest(
  "train() spans a schedule over more steps if it is resumed with more, says so, and remembers it",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      await trainTiny(device, { ...scheduled, steps: 4, out });
      const before = await configOf(out);
      for (const step of [1, 2, 3, 4]) assertEquals(await ratesOf(out, step), expected(step, before));
      assertEquals(await goOn(device, out, { more: 2 }), [
        "The cosine schedule now spans 6 steps instead of 4: the learning rate was 0.0005 in step 4, and is 0.0005 in step 5",
      ]);
      const after = await configOf(out);
      assertEquals([after.steps, after.changes], [6, [{ step: 4, option: "steps", from: 4, to: 6 }]]);
      for (const step of [5, 6]) assertEquals(await ratesOf(out, step), expected(step, after));
      // Back at an earlier step, with its first length, it is the run that it was
      const bytes = await Deno.readFile(trainingOf(out, 4));
      await goOn(device, out, { step: 3, steps: 4 });
      assertEquals(await configOf(out), before);
      assertEquals(await Deno.readFile(trainingOf(out, 4)), bytes);
    });
  },
);

gpuTest("train() changes the schedule of learning rates with override, and remembers it", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const { dLearningRate: _, ...one } = scheduled;
    await trainTiny(device, { ...one, steps: 3, out });
    const { run } = await configOf(out);
    const change = {
      schedule: "constant",
      warmup: 0,
      optimizer: "adamw",
      weightDecay: 0.1,
      clip: 1,
      more: 1,
    } as const;
    const { issues } = await assertRejects(() => goOn(device, out, change), ConfigError);
    assertEquals(issues.map(({ option }) => option), [
      "schedule",
      "warmup",
      "optimizer",
      "weightDecay",
      "clip",
    ]);
    assert(issues.every(({ problem }) => problem.endsWith("Give --override to change it from here on")));
    // The rate of the discriminator may change as the learning rate may
    assertEquals(await goOn(device, out, { ...change, override: true, dLearningRate: 5e-4 }), []);
    const config = await configOf(out);
    assertEquals(config.run, run);
    assertEquals(
      Object.fromEntries(config.changes!.map(({ step, option, from, to }) => [option, [step, from, to]])),
      {
        optimizer: [3, "adam", "adamw"],
        schedule: [3, "cosine", "constant"],
        warmup: [3, 2, 0],
        clip: [3, 0, 1],
        weightDecay: [3, 0, 0.1],
        dLearningRate: [3, null, 5e-4],
        steps: [3, 3, 4],
      },
    );
    assertEquals(await ratesOf(out, 4), [1e-3, 5e-4].map(Math.fround));
    // It is resumed as it is
    assertEquals(await goOn(device, out, { more: 1 }), []);
    assertEquals((await configOf(out)).changes, config.changes);
  });
});

gpuTest("train() refuses a warm-up that is as long as the run turns out to be", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const words = '"warmup" must be fewer than the steps of the run, ';
    const few = { epochs: 1, dataOptions: { length: 20 } };
    await assertRejects(
      () => trainTiny(device, { ...few, warmup: 5, out }),
      ConfigError,
      `${words}5, found 5`,
    );
    assertEquals(await namesIn(folder), []);
    await trainTiny(device, { ...few, warmup: 4, out });
    await assertRejects(
      () => goOn(device, out, { step: 5, more: 1, warmup: 6, override: true }),
      ConfigError,
      words,
    );
  });
});

gpuTest("a rollback halves both learning rates of a schedule, as one would by hand", async (device) => {
  await withFolder(async (folder) => {
    const [out, byHand] = [`${folder}/run`, `${folder}/by-hand`];
    await trainTiny(device, { ...scheduled, steps: 7, out });
    await copy(out, byHand);
    const planning = planRun(device, { resume: out, step: 4, onNan: "rollback" });
    let planned = await planning.next();
    while (!planned.done) planned = await planning.next();
    await using run = planned.value;
    await run.trainer.next();
    const bad = new NonFiniteError({ kind: "loss", step: 5, what: "the generator's loss is NaN" });
    await rollBack(run, bad, { count: 0, step: undefined });
    assertEquals(
      run.warnings.at(-1),
      "Rolled back to the checkpoint of step 4 and halved the learning rates to 0.0005 and 0.001, as at step 5 the " +
        "generator's loss is NaN (rollback 1 of at most 5)",
    );
    for (let step = 5; step <= 6; step++) await run.trainer.next();
    await writeCheckpoint(run.folder.checkpoints, run.trainer, { run: run.config.run! });
    await goOn(device, byHand, { step: 4, learningRate: 5e-4, dLearningRate: 1e-3, onNan: "rollback" });
    for (const name of ["generator", "discriminator", "training"]) {
      const file = `checkpoints/step-000006/${name}.safetensors`;
      assertEquals(await Deno.readFile(`${out}/${file}`), await Deno.readFile(`${byHand}/${file}`));
    }
    const config = await configOf(out);
    assertEquals(await ratesOf(out, 6), expected(6, config));
    assertEquals(config, { ...await configOf(byHand), out });
    assertEquals(config.changes, [
      { step: 4, option: "learningRate", from: 1e-3, to: 5e-4 },
      { step: 4, option: "dLearningRate", from: 2e-3, to: 1e-3 },
    ]);
  });
});
