/** Steps that update the discriminator several times. */
import { assert, assertEquals } from "@std/assert";
import { openDataset } from "../../../plugins/datasets/mod.ts";
import { Batches } from "../../../src/dcgan/batches/batches.ts";
import { openBatches } from "../../../src/dcgan/batches/open_batches.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { trainingStep, type TrainingStepOptions } from "../../../src/dcgan/training_step.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { split } from "../../../src/gpu/mod.ts";
import { stateDict } from "../../../src/nn/mod.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { bytesOf, makeTrainer, tiny, trainTiny, withFolder } from "../tiny.ts";
import { makeAdversaries, noise } from "./adversaries.ts";

gpuTest(
  "trainingStep() with several updates is as many steps that each update one network",
  async (device) => {
    const given: TrainingStepOptions[] = [{}, { loss: "rpgan", r1: 0.3, r2: 0.2 }, {
      loss: "hinge",
      clip: 0.1,
    }];
    for (const options of given) {
      const norms = options.r1 ? {} : { dNorm: "batch", gNorm: "batch" } as const;
      const { real, latent } = noise(device, 3 * 4, 4 * 4);
      const whole = makeAdversaries(device, norms);
      trainingStep(whole.networks, whole.optimizers, { real, latent }, { ...options, dSteps: 3 });

      const { networks, optimizers } = makeAdversaries(device, norms);
      const still = { step: () => {} };
      const [reals, latents] = [split(real, 3), split(latent, 4)];
      const step = (at: number, vectors: number, still: Partial<typeof optimizers>) =>
        trainingStep(
          networks,
          { ...optimizers, ...still },
          { real: reals[at]!, latent: latents[vectors]! },
          options,
        );
      for (let at = 0; at < 3; at++) step(at, at, { generator: still as typeof optimizers.generator });
      // The generator's step, with the real images of the last update
      step(2, 3, { discriminator: still as typeof optimizers.discriminator });

      for (const name of ["generator", "discriminator"] as const) {
        const [found, expected] = [whole.networks[name], networks[name]];
        assertEquals(
          await found.values.data(),
          await expected.values.data(),
          `${name} ${JSON.stringify(options)}`,
        );
      }
      // It moved once for each update, and once for the generator's own
      assertEquals(await stateDict(whole.networks.generator), await stateDict(networks.generator));
    }
  },
);

gpuTest(
  "trainingStep() with several updates of the generator is as many steps that each update one network",
  async (device) => {
    const given: TrainingStepOptions[] = [{}, { loss: "rpgan", r1: 0.3, dSteps: 2 }, {
      loss: "hinge",
      clip: 0.1,
    }];
    for (const { dSteps = 1, ...options } of given) {
      const norms = options.r1 ? {} : { dNorm: "batch", gNorm: "batch" } as const;
      const batches = dSteps === 1 ? 3 : dSteps + 3;
      const { real, latent } = noise(device, dSteps * 4, batches * 4);
      const whole = makeAdversaries(device, norms);
      const results = trainingStep(whole.networks, whole.optimizers, { real, latent }, {
        ...options,
        dSteps,
        gSteps: 3,
      });

      const { networks, optimizers } = makeAdversaries(device, norms);
      const still = { step: () => {} } as typeof optimizers.generator;
      const reals = dSteps === 1 ? [real] : split(real, dSteps);
      const latents = split(latent, batches);
      // The first step updates both, if they share fake images
      for (let at = 0; at < batches; at++) {
        const moving = {
          generator: dSteps > 1 && at < dSteps ? still : optimizers.generator,
          discriminator: at < dSteps ? optimizers.discriminator : still,
        };
        const own = { real: reals[Math.min(at, dSteps - 1)]!, latent: latents[at]! };
        const { generatorScores } = trainingStep(networks, moving, own, options);
        if (at < batches - 1) continue;
        assertEquals(await results.generatorScores.data(), await generatorScores.data());
      }
      for (const name of ["generator", "discriminator"] as const) {
        const found = await whole.networks[name].values.data();
        assertEquals(found, await networks[name].values.data(), `${name} ${JSON.stringify(options)}`);
      }
      assertEquals(await stateDict(whole.networks.generator), await stateDict(networks.generator));
    }
  },
);

gpuTest("Trainer gives each update the next images, from either source and from step()", async (device) => {
  const settings = { ...tiny, dSteps: 3, accumulate: 2, flip: true };
  await using dataset = await openDataset("faces", { size: 16, options: { length: 17 } });
  using given = makeTrainer(device, settings);
  const order = new Batches(dataset, 3 * tiny.batch, tiny.seed);
  for (let step = 0; step < 3; step++) given.step(await order.read(step));
  const expected = await bytesOf(given);
  for (const gpuDataMemory of [0, 1]) {
    const config = resolveConfig({ ...settings, gpuDataMemory });
    using source = openBatches(device, dataset, config);
    using trainer = new Trainer(device, config, source);
    for (let step = 0; step < 3; step++) await trainer.next();
    assertEquals(await bytesOf(trainer), expected, `${gpuDataMemory}`);
  }
  // In the order of a run with one update and batches as large
  const place = (images: number, step: number) => new Batches(dataset, images, tiny.seed).indices(step);
  assertEquals(order.indices(1), [3, 4, 5].flatMap((step) => place(tiny.batch, step)));
});

gpuTest("train() counts the images of all updates", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const length = 20;
    const dataOptions = { length };
    const events = await trainTiny(device, { data: "faces", dataOptions, dSteps: 2, epochs: 2, out });
    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
    // 2 passes over 20 images, 8 a step
    assertEquals(lines.map((line) => JSON.parse(line).epoch * length), [8, 16, 24, 32, 40]);
    assertEquals(events.at(-1)!.type, "end");
  });
});

f16Test("a step counts all updates of the generator that it skips", async (device) => {
  using trainer = makeTrainer(device, { precision: "f16", gSteps: 3 });
  trainer.generator.gradientScaling!.values.set([2 ** 40, 2 ** -40, 0, 0]);
  trainer.step(Uint8Array.from({ length: tiny.batch * 16 * 16 * 3 }, (_, i) => i * 37 % 256));
  assertEquals((await trainer.metrics())[0]!.skippedUpdates, 3);
});

f16Test("a step counts all updates that it skips", async (device) => {
  using trainer = makeTrainer(device, { precision: "f16", dSteps: 3 });
  const { values } = trainer.discriminator.gradientScaling!;
  // The first two overflow: each halves the scale
  values.set([2 ** 40, 2 ** -40, 0, 0]);
  const images = Uint8Array.from({ length: 3 * tiny.batch * 16 * 16 * 3 }, (_, i) => i * 37 % 256);
  trainer.step(images);
  const [numbers] = await trainer.metrics();
  assertEquals(numbers!.skippedUpdates, 3);
  const [scale] = await values.data();
  assert(scale === 2 ** 38, `${scale}`);
});
