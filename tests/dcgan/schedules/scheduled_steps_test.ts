/** Steps and runs in which options change from step to step. */
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { restoreCheckpoint, writeCheckpoint } from "../../../src/dcgan/checkpoints/checkpoint.ts";
import { parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { ratesAt } from "../../../src/dcgan/optimizers/learning_rates.ts";
import { valuesAt } from "../../../src/dcgan/schedules/run_schedules.ts";
import { SCHEDULED } from "../../../src/dcgan/schedules/scheduled_values.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import { gpuTest } from "../../support/gpu.ts";
import { bytesOf, makeTrainer, runSteps, tiny, trainTiny, withFolder } from "../tiny.ts";

/** Other values than those that the steps have. */
const CHANGED: readonly TrainOptions[] = [
  { r1: 5 },
  { beta2: 0.99 },
  { r2: 40 },
  { ema: 0.05 },
  { augmentProbability: 1 },
  { instanceNoise: 0.2 },
  { gradientPenalty: 7 },
];

/** Every option that can change, so early and so far that each counts in the first steps. */
const all = {
  loss: "rpgan",
  dNorm: "none",
  steps: 8,
  r1: { from: 20, to: 2, steps: 4 },
  r2: { from: 1, to: 30, steps: 3, shape: "linear" },
  gradientPenalty: { from: 8, to: 1, steps: 4 },
  instanceNoise: { from: 0, to: 0.3 },
  beta2: { from: 0.5, to: 0.99, steps: 4 },
  ema: { from: 0, to: 0.3 },
  learningRate: { from: 2e-3, to: 1e-3 },
  dLearningRate: { from: 1e-3, to: 4e-3, steps: 4 },
  schedule: "linear",
  warmup: 1,
  augment: ["color", "translation"],
  augmentProbability: { from: 0.9, to: 0.1, steps: 4 },
  accumulate: 2,
  penaltyEvery: 2,
} as const satisfies TrainOptions;

/** All that the next step depends on, and the averages, which it does not. */
async function stateOf(trainer: Trainer): Promise<readonly [Uint8Array, Float32Array]> {
  return [await bytesOf(trainer), await trainer.sampled.values.data()];
}

gpuTest("a step with schedules is, byte for byte, one with the values that it has", async (device) => {
  await withFolder(async (folder) => {
    using scheduled = makeTrainer(device, all);
    const config = resolveConfig({ ...tiny, ...all });
    for (const [step, changed] of CHANGED.entries()) {
      const path = await writeCheckpoint(folder, scheduled);
      const rates = ratesAt(step, config);
      const steady = {
        ...all,
        ...valuesAt(step, config),
        schedule: "constant",
        warmup: 0,
        learningRate: rates.generator,
        dLearningRate: rates.discriminator,
      } as const;
      const stepWith = async (options: TrainOptions): Promise<Awaited<ReturnType<typeof stateOf>>> => {
        // An average with a decay of 0 is one all the same
        const given = { ...options, ema: options.ema || 1e-9 };
        using trainer = makeTrainer(device, given);
        await restoreCheckpoint({ path, step }, trainer);
        trainer.optimizers.setRates(resolveConfig({ ...tiny, ...given }));
        runSteps(trainer, 1);
        return await stateOf(trainer);
      };
      runSteps(scheduled, 1);
      const found = await stateOf(scheduled);
      assertEquals(found, await stepWith(steady), `step ${step}`);
      // Each of them counts
      assertNotEquals(found, await stepWith({ ...steady, ...changed }), `step ${step}`);
    }
    for (const [step, numbers] of (await scheduled.metrics()).entries()) {
      const { generator: learningRate, discriminator: dLearningRate } = ratesAt(step, config);
      const expected = { ...valuesAt(step, config), learningRate, dLearningRate };
      assertEquals(Object.fromEntries(SCHEDULED.map((name) => [name, numbers[name]])), expected);
    }
  });
});

gpuTest(
  "train() writes what changes into metrics.jsonl, and says how it jumps if the run gets longer",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      const {
        dLearningRate: _,
        schedule: __,
        warmup: ___,
        augment: ____,
        augmentProbability: _____,
        ...options
      } = all;
      const run = { ...options, steps: 4, logEvery: 0, sampleEvery: 0, out } as const;
      await trainTiny(device, { ...run, data: "faces", dataOptions: { length: 20 } });
      const lines = async () =>
        (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n").map((line) =>
          JSON.parse(line)
        );
      const before = await lines();
      assertEquals(before.map(({ r1 }) => Number(r1.toFixed(3))), [20, 17.364, 11, 4.636]);
      assertEquals(before[2].learningRate, 1.5e-3);
      assert(!("dLearningRate" in before[0]) && !("augmentProbability" in before[0]));
      const events = await Array.fromAsync(train(device, { resume: out, more: 2 }));
      const warnings = events.flatMap((event) => event.type === "warning" ? [event.message] : []);
      assertEquals(warnings, [
        'The schedule of "learningRate" now spans 6 steps instead of 4: it was 0.001146 in step 4, and is 0.00125 in step 5',
        'The schedule of "instanceNoise" now spans 6 steps instead of 4: it was 0.2561 in step 4, and is 0.225 in step 5',
        'The schedule of "ema" now spans 6 steps instead of 4: it was 0.244 in step 4, and is 0.2008 in step 5',
      ]);
      const after = await lines();
      assertAlmostEquals(after[4].learningRate, 1.25e-3, 1e-9);
      assertEquals(after[4].r1, 2);
      const config = parseConfig(await Deno.readTextFile(`${out}/config.json`));
      assertEquals(config.changes, [{ step: 4, option: "steps", from: 4, to: 6 }]);
      // The same schedule may be given again, whatever the order of its fields; another needs override
      await Array.fromAsync(train(device, { resume: out, more: 1, r1: { steps: 4, to: 2, from: 20 } }));
      const other = { resume: out, more: 1, r1: 3 };
      const problem = await Array.fromAsync(train(device, other)).catch((error) => error.message);
      assert(/"r1" cannot change in a resumed run.*--override/.test(problem), problem);
      await Array.fromAsync(train(device, { ...other, override: true }));
      const changed = parseConfig(await Deno.readTextFile(`${out}/config.json`)).changes!.at(-2)!;
      assertEquals([changed.option, changed.to], ["r1", 3]);
    });
  },
);
