/** Steps with WGAN-GP, flipped labels and noise give what the same step gives if a script writes it out. */
import { assertEquals, assertThrows } from "@std/assert";
import { LOSSES } from "../../../src/dcgan/options/losses.ts";
import { trainingStep, type TrainingStepOptions } from "../../../src/dcgan/training_step.ts";
import {
  add,
  addNoise,
  concat,
  type Device,
  mixImages,
  mul,
  packImages,
  split,
  sum,
  type Tensor,
} from "../../../src/gpu/mod.ts";
import { BatchNorm2d, gradientPenalty, logisticScores, wassersteinScores } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { makeAdversaries, noise } from "./adversaries.ts";

const TOLERANCE = { relative: 1e-4, absolute: 1e-6 };
/** The generator learns from the discriminator as it was. */
const STILL = { discriminator: 0, generator: 0 };

const uniform = (device: Device, count: number, seed = 5) => device.tensor(randomValues(count, seed, [0, 1]));
const flipsOf = (device: Device, count: number) =>
  device.tensor(Float32Array.from({ length: count }, (_, at) => (at % 3 === 1 ? 1 : 0)));

/** Only the losses of scores. */
const lossOf = (scores: Tensor) => sum(mul(scores, scores.device.tensor([1, 0])));

gpuTest("trainingStep() adds WGAN-GP at mixes of real and fake images, or of packs", async (device) => {
  for (const [pack, dNorm] of [[1, "none"], [3, "none"], [1, "spectral"]] as const) {
    const shares = uniform(device, 6 / pack);
    const { networks, optimizers } = makeAdversaries(device, { pack, dNorm }, STILL);
    const batch = noise(device, 6, 6);
    const options = { loss: "wasserstein", pack, gradientPenalty: { weight: 10, shares } } as const;
    const { penalties } = trainingStep(networks, optimizers, batch, options);
    const found = await device.read([penalties!, networks.discriminator.gradients]);

    const { networks: { generator, discriminator } } = makeAdversaries(device, { pack, dNorm });
    const fake = packImages(generator.forward(batch.latent), pack).detach();
    const real = packImages(batch.real, pack);
    const logits = discriminator.forward(concat(real, fake), { groups: 2 });
    discriminator.backward([lossOf(wassersteinScores(logits, [{ target: 1 }, { target: -1 }]))]);
    const { penalty } = gradientPenalty(discriminator, mixImages(real, fake, shares), { weight: 10 });
    const expected = await device.read([penalty, discriminator.gradients]);
    for (const [i, values] of expected.entries()) {
      assertClose(found[i]!, values, TOLERANCE, `${pack} ${dNorm} ${i}`);
    }
  }
});

gpuTest("trainingStep() has R1, R2 and WGAN-GP together, as the sum of each alone", async (device) => {
  const [shares, batch] = [uniform(device, 4), noise(device, 4, 4)];
  const step = async (options: TrainingStepOptions) => {
    const { networks, optimizers } = makeAdversaries(device, {}, STILL);
    const { penalties } = trainingStep(networks, optimizers, batch, { loss: "hinge", ...options });
    const values = await device.read([...(penalties ? [penalties] : []), networks.discriminator.gradients]);
    return { gradients: values.at(-1)!, penalties: [...(penalties ? values[0]! : [])] };
  };
  const zero = { r1: 2, r2: 3 };
  const gradientPenalty = { weight: 5, shares };
  const [none, centered, mixed, all] = [
    await step({}),
    await step(zero),
    await step({ gradientPenalty }),
    await step({ ...zero, gradientPenalty }),
  ];
  assertEquals([none.penalties.length, mixed.penalties.length], [0, 1]);
  assertEquals(all.penalties, [...centered.penalties, ...mixed.penalties]);
  const expected = all.gradients.map((_, at) =>
    centered.gradients[at]! + mixed.gradients[at]! - none.gradients[at]!
  );
  assertClose(all.gradients, expected, { relative: 1e-3, absolute: 1e-5 }, "gradients");
});

gpuTest("trainingStep() flips the labels of the discriminator, and not of the generator", async (device) => {
  for (const loss of ["non-saturating", "minimax"] as const) {
    const { networks, optimizers } = makeAdversaries(device, {}, STILL);
    const [batch, labelFlips] = [noise(device, 4, 4), flipsOf(device, 8)];
    const labels = { loss, realLabel: 0.9 };
    const results = trainingStep(networks, optimizers, batch, { ...labels, labelFlips });
    const found = await device.read([results.discriminatorScores, networks.discriminator.gradients]);
    const generated = await device.read([results.generatorScores, networks.generator.gradients]);

    const other = makeAdversaries(device, {}, STILL);
    const plain = trainingStep(other.networks, other.optimizers, batch, labels);
    assertEquals(generated, await device.read([plain.generatorScores, other.networks.generator.gradients]));
    const { generator, discriminator } = other.networks;
    const logits = discriminator.forward(concat(batch.real, generator.forward(batch.latent).detach()));
    const targets = [{ target: 0.9 }, { target: 0 }];
    const scores = logisticScores(logits, targets, { flips: labelFlips });
    discriminator.backward([lossOf(scores)]);
    const expected = await device.read([scores, discriminator.gradients]);
    for (const [i, values] of expected.entries()) assertClose(found[i]!, values, TOLERANCE, `${loss} ${i}`);
  }
});

gpuTest(
  "trainingStep() adds noise to what the discriminator sees, and lets gradients through",
  async (device) => {
    const draw = { deviation: 0.5, seed: 4, stream: 2, counter: 3 };
    const { networks, optimizers } = makeAdversaries(device, {}, STILL);
    const batch = noise(device, 4, 4);
    const { fake } = trainingStep(networks, optimizers, batch, { loss: "wasserstein", noise: draw });
    const found = await device.read([
      networks.discriminator.gradients,
      networks.generator.gradients,
      fake,
    ]);

    const { networks: { generator, discriminator } } = makeAdversaries(device);
    const drawn = generator.forward(batch.latent);
    const noisy = addNoise(concat(batch.real, drawn.detach()), draw);
    const logits = discriminator.forward(noisy);
    discriminator.backward([lossOf(wassersteinScores(logits, [{ target: 1 }, { target: -1 }]))]);
    // The generator's images have the same noise again
    const own = split(addNoise(mul(noisy, 0), draw), 2)[1]!.detach();
    generator.backward([lossOf(wassersteinScores(discriminator.forward(add(drawn, own)), [{ target: 1 }]))]);
    const expected = await device.read([discriminator.gradients, generator.gradients, drawn]);
    for (const [i, values] of expected.entries()) assertClose(found[i]!, values, TOLERANCE, `${i}`);
  },
);

gpuTest("trainingStep() cuts its draws up as it does batches", async (device) => {
  const [pack, updates] = [2, 2];
  const batch = noise(device, 8 * updates, 8 * (updates + 1));
  const pairs = 8 * updates / pack;
  const shares = uniform(device, pairs);
  const [flips, weight] = [flipsOf(device, 2 * pairs), 3];
  const step = async (accumulate: number, labelFlips: Tensor) => {
    const { networks, optimizers } = makeAdversaries(device, { pack });
    const options = { pack, dSteps: updates, accumulate, labelFlips, gradientPenalty: { weight, shares } };
    const { penalties } = trainingStep(networks, optimizers, batch, options);
    const { generator, discriminator } = networks;
    return await device.read([penalties!, generator.gradients, discriminator.gradients]);
  };
  // Of each update those of real images, then of fake ones; or of each of its two parts
  const quarters = split(flips, 8) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  const order = [0, 2, 1, 3, 4, 6, 5, 7];
  const cut = order.map((at) => quarters[at]!).reduce((a, b) => concat(a, b));
  const [expected, found] = [await step(1, flips), await step(2, cut)];
  for (const [i, values] of expected.entries()) {
    assertClose(found[i]!, values, { relative: 1e-3, absolute: 5e-6 }, `${i}`);
  }
});

gpuTest("trainingStep() says which draws do not fit", (device) => {
  const { networks, optimizers } = makeAdversaries(device);
  const step = (options: TrainingStepOptions) =>
    trainingStep(networks, optimizers, noise(device, 4, 4), options);
  const expect = (
    options: TrainingStepOptions,
    found: string,
    kind: typeof RangeError | typeof TypeError = RangeError,
  ) => assertThrows(() => step(options), kind, found);
  const shares = uniform(device, 3);
  expect(
    { gradientPenalty: { weight: 1, shares } },
    "the shares of mixes must be 4 in a row, found shape [3]",
  );
  expect({ labelFlips: flipsOf(device, 4) }, "label flips must be 8 in a row, found shape [4]");
  const whole = device.tensor(new Float32Array(8), { dtype: "u32" });
  expect({ labelFlips: whole }, "label flips must be f32, found u32", TypeError);
  for (const weight of [-1, NaN]) {
    expect(
      { gradientPenalty: { weight, shares: uniform(device, 4) } },
      "'weight' must be a finite number of at least 0",
    );
  }
  for (const loss of LOSSES.slice(2)) {
    expect({ loss, labelFlips: flipsOf(device, 8) }, `'labelFlips' must be absent with the loss ${loss}.`);
  }
  const normed = makeAdversaries(device, { dNorm: "batch" });
  const options = { gradientPenalty: { weight: 1, shares: uniform(device, 4) } };
  assertThrows(
    () => trainingStep(normed.networks, normed.optimizers, noise(device, 4, 4), options),
    TypeError,
    `found ${BatchNorm2d.name}`,
  );
});
