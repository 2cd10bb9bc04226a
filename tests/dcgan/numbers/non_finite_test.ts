import { assert, assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { restoreCheckpoint, writeCheckpoint } from "../../../src/dcgan/checkpoints/checkpoint.ts";
import {
  findNonFinite,
  NonFiniteError,
  type NonFiniteKind,
  skippedUpdatesWarning,
} from "../../../src/dcgan/numbers/non_finite.ts";
import { nameNumbers } from "../../../src/dcgan/numbers/step_numbers.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { generate, generateBytes, NonFiniteSamplesError } from "../../../src/dcgan/sampling/generate.ts";
import { plotMetrics } from "../../../src/dcgan/plot/plot.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import type { Device, Tensor } from "../../../src/gpu/mod.ts";
import type { Network } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { makeTrainer, namesIn, runSteps, tiny, trainTiny, withFolder } from "../tiny.ts";

/** Sets one element of a tensor. */
async function spoil(tensor: Tensor, value: number): Promise<void> {
  const [values] = await tensor.device.read([tensor]);
  tensor.set(Float32Array.from(values!).with(Math.floor(tensor.size / 2), value));
}

/** Trains two steps, spoils something, and gives what the next three say. */
async function errorAfter(
  device: Device,
  change: (trainer: Trainer) => Promise<void>,
): Promise<NonFiniteError> {
  using trainer = makeTrainer(device);
  runSteps(trainer, 2);
  await trainer.metrics();
  runSteps(trainer, 1);
  await change(trainer);
  runSteps(trainer, 3);
  const error = await assertRejects(() => trainer.metrics(), NonFiniteError);
  assertEquals(error.before.length, error.step - 3);
  assert(error.before.every((numbers) => Object.values(numbers).every(Number.isFinite)));
  return error;
}

/** A parameter of each kind of layer. */
const weightOf = ({ parameters }: Network, part: RegExp): Tensor =>
  [...parameters].find(([name]) => part.test(name))![1].tensor;

gpuTest(
  "Trainer.metrics() names the first step with a weight that is NaN, whichever it is",
  async (device) => {
    for (const name of ["generator", "discriminator"] as const) {
      for (const part of [/0\.weight$/, /1\.weight$/, /\.bias$/]) {
        if (name === "discriminator" && part.source.startsWith("1")) continue;
        for (const value of [NaN, Infinity]) {
          const error = await errorAfter(device, (trainer) => spoil(weightOf(trainer[name], part), value));
          assertEquals([name, part.source, error.step, error.kind], [name, part.source, 4, "loss"]);
          assertStringIncludes(error.message, `Training failed at step 4: ${error.what}`);
        }
      }
    }
  },
);

gpuTest("Trainer.metrics() tells what went bad where the losses do not show it yet", async (device) => {
  const cases: [NonFiniteKind, string, (trainer: Trainer) => Promise<void>][] = [
    ["optimizer", "generator", (trainer) => spoil(trainer.state().get("generator.exp_avg_sq")!, Infinity)],
    [
      "optimizer",
      "discriminator",
      (trainer) => spoil(trainer.state().get("discriminator.exp_avg_sq")!, Infinity),
    ],
    ["statistics", "generator", ({ generator }) => {
      return spoil(generator.statistics.get("main.1.running_var")!.tensor, Infinity);
    }],
  ];
  for (const [kind, network, change] of cases) {
    const error = await errorAfter(device, change);
    assertEquals([error.kind, error.step], [kind, 4]);
    assertStringIncludes(error.what, network);
  }
});

gpuTest(
  "Trainer.metrics() tells of weights that become infinite in the step that makes them so",
  async (device) => {
    using trainer = makeTrainer(device);
    runSteps(trainer, 1);
    trainer.optimizers.generator.setLearningRate(3.4e38);
    runSteps(trainer, 1);
    const error = await assertRejects(() => trainer.metrics(), NonFiniteError);
    assertEquals([error.step, error.kind], [2, "parameters"]);
  },
);

gpuTest("writeCheckpoint() writes no value that is not finite, and leaves the good ones", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device);
    for (let i = 0; i < 5; i++) {
      runSteps(trainer, 1);
      await writeCheckpoint(folder, trainer);
    }
    const before = await namesIn(folder);
    const places: [string, Tensor][] = [
      ["'main.0.weight' holds NaN", weightOf(trainer.generator, /0\.weight$/)],
      ["'discriminator.exp_avg' holds NaN", trainer.state().get("discriminator.exp_avg")!],
      ["'generator.bias_corrections' holds NaN", trainer.state().get("generator.bias_corrections")!],
    ];
    runSteps(trainer, 1);
    for (const [message, tensor] of places) {
      const values = await tensor.data();
      await spoil(tensor, NaN);
      const error = await assertRejects(() => writeCheckpoint(folder, trainer), NonFiniteError, message);
      assertEquals([error.kind, error.step], ["checkpoint", 6]);
      assertEquals(await namesIn(folder), before);
      tensor.set(values);
    }
    await writeCheckpoint(folder, trainer);
    assertEquals(await namesIn(folder), [...before.slice(1), "step-000006"]);
  });
});

gpuTest("restoreCheckpoint() refuses values that are not finite, by file and name", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device);
    runSteps(trainer, 1);
    const path = await writeCheckpoint(folder, trainer);
    const file = `${path}/training.safetensors`;
    const bytes = await Deno.readFile(file);
    // The last tensor of the file is one of floats, whatever it is
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, NaN, true);
    await Deno.writeFile(file, bytes);
    using other = makeTrainer(device);
    const before = await other.generator.values.data();
    const error = await assertRejects(() => restoreCheckpoint({ path, step: 1 }, other), RangeError);
    assertStringIncludes(error.message, `${file} cannot be used: '`);
    assertStringIncludes(error.message, "holds NaN");
    assertEquals(await other.generator.values.data(), before);
  });
});

gpuTest(
  "train() ends at the first bad step, keeps the last good checkpoint, and says how to go on",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      const wild = {
        steps: 200,
        checkpointEvery: 10,
        sampleEvery: 0,
        learningRate: 1,
        beta1: 0.999,
        beta2: 0.05,
      };
      const error = await assertRejects(() => trainTiny(device, { ...wild, out }), NonFiniteError);
      const kept = await namesIn(`${out}/checkpoints`);
      const last = kept.at(-1)!;
      assert(kept.every((name) => Number(name.slice(5)) < error.step), `${kept}`);
      for (
        const part of [`${out}/checkpoints/${last}`, "--learning-rate 0.1 (it was 1)", `--resume ${out}`]
      ) {
        assertStringIncludes(error.message, part);
      }
      const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trim().split("\n");
      assertEquals(lines.length, error.step - 1);
      assertEquals(lines.some((line) => line.includes("null")), false);

      const goOn = (options: TrainOptions) => Array.fromAsync(train(device, { resume: out, ...options }));
      const again = await assertRejects(() => goOn({}), NonFiniteError);
      assertEquals([again.step, again.kind], [error.step, error.kind]);
      const steps = Number(last.slice(5)) + 5;
      assertEquals((await goOn({ learningRate: 1e-4, steps })).at(-1)?.type, "end");
      const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
      assertEquals([config.learningRate, config.steps], [1e-4, steps]);
    });
  },
);

Deno.test("findNonFinite() names gradient penalties, and takes steps without any", () => {
  const numbers = nameNumbers([1, 0.5, 1, 0.5, 1, 0.5]);
  const faults = { discriminator: 0, generator: 0 };
  for (const fine of [numbers, { ...numbers, penalties: 0, r1Penalty: 0 }]) {
    assertEquals(findNonFinite(3, fine, faults), undefined);
  }
  for (
    const [name, words] of Object.entries({ r1Penalty: "R1", r2Penalty: "R2", wganGpPenalty: "WGAN-GP" })
  ) {
    assertEquals(findNonFinite(3, { ...numbers, penalties: Infinity, [name]: Infinity }, faults), {
      kind: "loss",
      step: 3,
      what: `the discriminator's gradient penalty ${words} is Infinity`,
    });
  }
});

Deno.test("NonFiniteError says that there is no checkpoint where there is none", () => {
  const found = { kind: "loss", step: 3, what: "the generator's loss is NaN" } as const;
  const error = new NonFiniteError(found).in({
    out: "runs/a",
    learningRate: 0.0002,
    precision: "f16",
    checkpoint: undefined,
  });
  assertInstanceOf(error, NonFiniteError);
  assertEquals(
    error.message,
    "Training failed at step 3: the generator's loss is NaN, and later steps would be useless. " +
      "No checkpoint was written before that. Start a new run with a lower learning rate, such as --learning-rate 0.00002 " +
      "(it was 0.0002), or --precision f32",
  );
});

Deno.test("NonFiniteError names both learning rates where there are two", () => {
  const found = { kind: "loss", step: 3, what: "the generator's loss is NaN" } as const;
  const { message } = new NonFiniteError(found).in({
    out: "runs/a",
    learningRate: 0.0002,
    dLearningRate: 0.0004,
    precision: "f32",
    checkpoint: "runs/a/checkpoints/step-000002",
  });
  assertStringIncludes(
    message,
    "Resume from it with lower learning rates, such as --learning-rate 0.00002 --d-learning-rate 0.00004 " +
      "(they were 0.0002 and 0.0004): train --resume runs/a --learning-rate 0.00002 --d-learning-rate 0.00004",
  );
});

Deno.test("skippedUpdatesWarning() counts, and is silent where there is nothing to tell", () => {
  const step = { epoch: 0, generatorLoss: 1, discriminatorLossReal: 1, discriminatorLossFake: 1 };
  const steps = [undefined, 1, undefined, 2].map((skipped, i) => ({
    ...step,
    step: i + 1,
    dReal: 0.5,
    dFake: 0.5,
    dFakeAfter: 0.5,
    ...(skipped ? { skippedUpdates: skipped } : {}),
  }));
  assertEquals(skippedUpdatesWarning([]), undefined);
  assertEquals(skippedUpdatesWarning(steps.slice(0, 1)), undefined);
  assertStringIncludes(
    skippedUpdatesWarning(steps.slice(0, 2))!,
    "Skipped 1 update in step 2: gradients overflowed",
  );
  assertStringIncludes(skippedUpdatesWarning(steps)!, "Skipped 3 updates in steps 2 to 4");
});

Deno.test("plotMetrics() draws runs whose numbers are not finite", () => {
  for (const value of [NaN, Infinity, -Infinity, 3e38]) {
    const steps = Array.from({ length: 150 }, (_, i) => ({
      step: i + 1,
      epoch: i,
      generatorLoss: value,
      discriminatorLossReal: value,
      discriminatorLossFake: value,
      dReal: value,
      dFake: value,
      dFakeAfter: value,
    }));
    assertEquals(plotMetrics(steps).data.length, 960 * 720 * 3);
  }
});

gpuTest("generate() says which sample is not finite, in bytes as well", async (device) => {
  using trainer = makeTrainer(device);
  const { generator } = trainer;
  const options = { count: 70, seed: 1, latent: tiny.latent, latentDistribution: "normal" } as const;
  await generateBytes(generator, options);
  const bias = generator.parameters.get("main.1.bias")!.tensor;
  bias.set(new Array(bias.size).fill(3e38));
  const gain = generator.parameters.get("main.4.weight")!.tensor;
  gain.set(new Array(gain.size).fill(3e38));
  const error = await assertRejects(() => generateBytes(generator, options), NonFiniteSamplesError);
  assertEquals(error.sample, 0);
  assertStringIncludes(
    error.message,
    "Cannot draw sample 0: some of its values are NaN or infinite",
  );
  await assertRejects(() => Array.fromAsync(generate(generator, options, "f32")), NonFiniteSamplesError);
});
