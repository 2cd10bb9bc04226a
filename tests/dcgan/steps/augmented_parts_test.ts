/** Augmentation in steps with packs, several updates and micro-batches. */
import { assertEquals, assertNotEquals } from "@std/assert";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { trainingStep } from "../../../src/dcgan/training_step.ts";
import {
  AUGMENTATION_KINDS,
  augmentImages,
  concat,
  drawAugmentation,
  gradients,
  linearAugmentation,
  mean,
  packImages,
  split,
  sum,
  type Tensor,
} from "../../../src/gpu/mod.ts";
import { penalizedBackward } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { bytesOf, makeTrainer, tiny } from "../tiny.ts";
import { makeAdversaries, noise, small } from "./adversaries.ts";

const TOLERANCE = { relative: 2e-4, absolute: 2e-6 };
const size = [small.size, small.size] as const;

gpuTest("an augmentation of probability 0 changes no step, whatever its parts", async (device) => {
  const penalized = { dNorm: "none", r1: 1, r2: 0.5 } as const;
  const given: TrainOptions[] = [
    { dSteps: 2 },
    { gSteps: 2, accumulate: 2 },
    { accumulate: 2, pack: 2 },
    { dSteps: 3, accumulate: 2, pack: 2, loss: "rpgan", ...penalized },
    { dSteps: 2, loss: "hinge", ...penalized, dNorm: "spectral" },
  ];
  for (const options of given) {
    const after = async (more: TrainOptions) => {
      using trainer = makeTrainer(device, { ...options, ...more });
      const bytes = (options.dSteps ?? 1) * tiny.batch * 16 * 16 * 3;
      for (let step = 0; step < 2; step++) {
        trainer.step(Uint8Array.from({ length: bytes }, (_, i) => (i * 37 + step) % 256));
      }
      return await bytesOf(trainer);
    };
    const plain = await after({});
    const what = JSON.stringify(options);
    assertEquals(await after({ augment: AUGMENTATION_KINDS, augmentProbability: 0 }), plain, what);
    assertNotEquals(await after({ augment: AUGMENTATION_KINDS }), plain, what);
  }
});

gpuTest("trainingStep() penalizes gradients of packs at images before they are augmented", async (device) => {
  const { networks, optimizers } = makeAdversaries(device, { pack: 3 }, { discriminator: 0 });
  const batch = noise(device, 6, 6);
  const parameters = drawAugmentation(device, 12, { size, seed: 3 });
  const options = { pack: 3, augmentation: { parameters }, r1: 2, r2: 3 };
  const { fake, penalties } = trainingStep(networks, optimizers, batch, options);
  const images = concat(batch.real, fake.detach());
  const logits = networks.discriminator.forward(packImages(augmentImages(images, parameters), 3));
  const values = await gradients([sum(logits)], [images])[0]!.data();
  const half = values.length / 2;
  const expected = [2, 3].map((gamma, k) =>
    gamma / 2 * values.slice(k * half, (k + 1) * half).reduce((sum, value) => sum + value ** 2, 0) / 2
  );
  assertClose(await penalties!.data(), expected, TOLERANCE, "penalties");
});

gpuTest("micro-batches are augmented each by its own rows", async (device) => {
  const rows = drawAugmentation(device, 24, { size, seed: 3 });
  // Real and fake images of the batch; or of its halves
  const [real1, real2, fake1, fake2] = split(rows, 4) as [Tensor, Tensor, Tensor, Tensor];
  const halves = concat(concat(real1, fake1), concat(real2, fake2));
  const step = async (parameters: Tensor, accumulate: number) => {
    const { networks, optimizers } = makeAdversaries(device, { pack: 2 });
    trainingStep(networks, optimizers, noise(device, 12, 12), {
      loss: "rpgan",
      pack: 2,
      r1: 0.3,
      r2: 0.2,
      accumulate,
      augmentation: { parameters },
    });
    const { generator, discriminator } = networks;
    return await device.read([generator.gradients, discriminator.gradients]);
  };
  const [expected, found] = [await step(rows, 1), await step(halves, 2)];
  for (const [i, values] of expected.entries()) assertClose(found[i]!, values, TOLERANCE, `gradients ${i}`);
});

gpuTest("penalizedBackward() takes each group through its own part of a map", async (device) => {
  const { networks: { discriminator } } = makeAdversaries(device, { dNorm: "spectral" });
  const images = noise(device, 6, 1).real;
  const parameters = drawAugmentation(device, 6, { size, seed: 3 });
  const through = linearAugmentation(parameters);
  const seen = augmentImages(images, parameters).detach();
  // Estimates that no longer change are the same in one pass and in two
  for (let i = 0; i < 200; i++) {
    using _scope = device.scope();
    discriminator.forward(seen);
  }
  const run = async (training: boolean) => {
    const pass = penalizedBackward(discriminator, seen, (logits) => mean(logits), [2, 3], {
      training,
      through,
    });
    return await device.read([pass.penalties, discriminator.gradients]);
  };
  const [expected, found] = [await run(false), await run(true)];
  for (const [i, values] of expected.entries()) {
    assertClose(found[i]!, values, { relative: 1e-2, absolute: 1e-4 }, `${i}`);
  }
});
