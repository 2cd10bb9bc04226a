import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { LOSSES } from "../../../src/dcgan/options/losses.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { AUGMENTATION_KINDS, type AugmentationKind } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { bytesOf, makeTrainer, runSteps } from "../tiny.ts";

const augmented: TrainOptions = { augment: AUGMENTATION_KINDS, augmentProbability: 0.8 };
const penalized: TrainOptions = { dNorm: "none", r1: 1, r2: 0.5 };

gpuTest("a step with an augmentation of probability 0 is the step without, to the byte", async (device) => {
  const precision = device.capabilities.f16 ? ["f32", "f16"] as const : ["f32"] as const;
  const given: TrainOptions[] = [...precision.map((precision) => ({ precision })), penalized, {
    loss: "rpgan",
    ...penalized,
  }];
  for (const options of given) {
    const after = async (more: TrainOptions) => {
      using trainer = makeTrainer(device, { ...options, ...more });
      runSteps(trainer, 3);
      return [await bytesOf(trainer), await trainer.metrics()];
    };
    const plain = await after({});
    const what = JSON.stringify(options);
    assertEquals(await after({ ...augmented, augmentProbability: 0 }), plain, what);
    assertNotEquals(await after(augmented), plain, what);
  }
});

gpuTest("every loss trains with an augmentation, with batch norm and without", async (device) => {
  for (const loss of LOSSES) {
    for (const options of [{}, penalized]) {
      using trainer = makeTrainer(device, { ...augmented, ...options, loss });
      runSteps(trainer, 4);
      // Throws if a number, gradient or weight became NaN or infinite
      const numbers = await trainer.metrics();
      assertEquals(numbers.length, 4, loss);
    }
  }
});

gpuTest("an augmentation costs a step few launches, and its absence none", (device) => {
  const launches = (options: TrainOptions) => {
    using trainer = makeTrainer(device, options);
    return trainer.program.stats.launches;
  };
  const plain = launches({});
  assertEquals(launches({ augment: [] }), plain);
  const more = (...augment: AugmentationKind[]) => launches({ augment }) - plain;
  // Parameters; real and fake images, joined before it, which plain steps do in place; the gradient at the fake ones
  assertEquals([more("flip"), more("translation", "cutout")], [5, 5]);
  // Means of real and of fake images, and of the gradient
  assertEquals(more("color"), 8);
  assertEquals(more("color", "translation", "cutout"), 9);
  const less = launches(penalized);
  assert(launches({ ...penalized, augment: AUGMENTATION_KINDS }) - less <= 14);
});
