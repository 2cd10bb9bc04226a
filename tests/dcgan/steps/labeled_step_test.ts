/** Steps whose networks are told classes. */
import { assertEquals, assertThrows } from "@std/assert";
import { trainingStep, type TrainingStepOptions } from "../../../src/dcgan/training_step.ts";
import type { Architecture } from "../../../src/dcgan/networks/architecture.ts";
import { concat, type Device } from "../../../src/gpu/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { makeAdversaries, noise } from "./adversaries.ts";

const CLASSES = ["a", "b", "c"];

/** All weights after a step of 12 images. */
async function weightsAfter(
  device: Device,
  options: TrainingStepOptions,
  labels: { readonly real: readonly number[]; readonly fake: readonly number[] },
  architecture: Partial<Architecture> = {},
): Promise<Float32Array[]> {
  using _scope = device.scope();
  const { networks, optimizers } = makeAdversaries(device, { classes: CLASSES, ...architecture });
  const numbers = (values: readonly number[]) => device.tensor(values, { dtype: "u32" });
  const given = { real: numbers(labels.real), fake: numbers(labels.fake) };
  const batch = { ...noise(device, 12, labels.fake.length), labels: given };
  using program = device.program({}, () => trainingStep(networks, optimizers, batch, options));
  program.run();
  return await device.read([networks.discriminator.values, networks.generator.values]) as Float32Array[];
}

/** Classes that are others in each part of a batch. */
const cycle = (count: number, step = 1) => Array.from({ length: count }, (_, at) => at * step % 3);

gpuTest("trainingStep() with labels in micro-batches is the step of the whole batch", async (device) => {
  const kinds: [TrainingStepOptions, Partial<Architecture>][] = [
    [{ loss: "rpgan", r1: 0.3, r2: 0.2, clip: 0.05 }, {}],
    [{ loss: "hinge" }, { firstLayer: "project", upsampling: "nearest" }],
  ];
  for (const [options, architecture] of kinds) {
    const labels = { real: cycle(12), fake: cycle(12, 2) };
    const expected = await weightsAfter(device, options, labels, architecture);
    const found = await weightsAfter(device, { ...options, accumulate: 3 }, labels, architecture);
    for (const [at, values] of expected.entries()) {
      assertClose(found[at]!, values, { relative: 1e-4, absolute: 2e-6 }, `${options.loss} ${at}`);
    }
  }
});

gpuTest("trainingStep() gives every update the labels of its own images", async (device) => {
  // Two batches of 6 real images, three of 6 latent vectors
  const options = { dSteps: 2, r1: 0.1 };
  const labels = { real: cycle(12), fake: cycle(18, 2) };
  const whole = await weightsAfter(device, options, labels, { dNorm: "spectral" });
  for (const [key, at] of [["real", 0], ["real", 7], ["fake", 1], ["fake", 8], ["fake", 13]] as const) {
    const other = { ...labels, [key]: labels[key].with(at, (labels[key][at]! + 1) % 3) };
    const found = await weightsAfter(device, options, other, { dNorm: "spectral" });
    // The generator's own images come last, when the discriminator is done
    assertEquals(`${found[0]}` === `${whole[0]}`, key === "fake" && at >= 12, `discriminator: ${key} ${at}`);
    assertEquals(`${found[1]}` === `${whole[1]}`, false, `generator: ${key} ${at}`);
  }
});

gpuTest("trainingStep() says which labels do not fit", (device) => {
  const { networks, optimizers } = makeAdversaries(device, { classes: CLASSES });
  const { real, latent } = noise(device, 4, 4);
  const four = device.tensor([0, 1, 2, 0], { dtype: "u32" });
  const step = (labels: { real: typeof four; fake: typeof four }, options = {}) =>
    trainingStep(networks, optimizers, { real, latent, labels }, options);
  const eight = concat(four, four);
  assertThrows(
    () => step({ real: eight, fake: four }),
    RangeError,
    "the labels of the real images must be 4",
  );
  assertThrows(
    () => step({ real: four, fake: eight }),
    RangeError,
    "the labels of the latent vectors must be 4",
  );
  assertThrows(() => step({ real: four, fake: four }, { pack: 2 }), RangeError, "the pack must be 1");
});
