import { assert, assertEquals, assertThrows } from "@std/assert";
import { AdaptiveProbability } from "../../../src/dcgan/augmentation/adaptive_probability.ts";
import { LOSSES, type LossName } from "../../../src/dcgan/options/losses.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { advance, AUGMENTATION_KINDS, type Device } from "../../../src/gpu/mod.ts";
import { assertClose } from "../../support/close.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { makeTrainer, runSteps, tiny } from "../tiny.ts";

/** The mean sign of the real half of logits, as a loss sees it. */
function signOf(loss: LossName, logits: Float64Array): number {
  const batch = logits.length / 2;
  const signs = Array.from({ length: batch }, (_, n) => {
    if (loss === "rpgan" || loss === "wasserstein") return Math.sign(logits[n]! - logits[batch + n]!);
    return Math.sign(logits[n]! - (loss === "least-squares" ? 0.5 : 0));
  });
  return signs.reduce((sum, sign) => sum + sign) / batch;
}

gpuTest("AdaptiveProbability moves every four steps towards its target, as on the host", async (device) => {
  // More logits than threads; the last case has images enough for both ends of the speed's range
  const cases: { loss: LossName; batch: number; images?: number; target: number }[] = [
    ...LOSSES.map((loss) => ({ loss, batch: 100, target: 0.4 })),
    { loss: "rpgan", batch: 65_536, target: 0.2 },
    // Packs of two, in five updates
    { loss: "hinge", batch: 100, images: 1000, target: 0.4 },
  ];
  for (const { loss, batch, images: perStep = batch, target } of cases) {
    using counter = device.state([1], "u32");
    using adaptive = new AdaptiveProbability(device, counter, { loss, batch, images: perStep, target });
    let [probability, signs] = [0, 0];
    for (let step = 1; step <= (batch > 100 ? 12 : 24); step++) {
      // Sure of real images for a while, and then less and less
      const logits = randomValues(2 * batch, step, [-1, 1]).map((value, n) =>
        n < batch ? Math.fround(value + 1.2 - step / 12) : value
      );
      adaptive.adapt(device.tensor(logits));
      advance(counter);
      signs += signOf(loss, logits);
      if (step % 4 !== 0) continue;
      const images = Math.min(500_000, Math.max(5_000, step * perStep));
      const move = Math.sign(signs / 4 - target) * 4 * perStep / images;
      probability = Math.min(0.8, Math.max(0, probability + move));
      signs = 0;
      const label = `${loss}, batches of ${batch}, step ${step}`;
      assertClose(
        await adaptive.values.data(),
        [probability, 0],
        { relative: 1e-5, absolute: 1e-6 },
        label,
      );
    }
    assert(await adaptive.probability.item() <= Math.fround(0.8), loss);
  }
});

gpuTest("AdaptiveProbability explains what it needs", (device) => {
  using counter = device.state([1], "u32");
  const make = (batch: number, target: number) =>
    new AdaptiveProbability(device, counter, { loss: "hinge", batch, target });
  const refused = (what: () => void, message: string) => assertThrows(what, RangeError, message);
  refused(() => make(0, 0.6), "the batch must be a whole number of at least 1, found 0");
  const few = { loss: "hinge", batch: 4, images: 3, target: 0.6 } as const;
  const words = "the number of images must be a whole number of at least the batch, 4, found 3";
  refused(() => new AdaptiveProbability(device, counter, few), words);
  refused(() => make(4, NaN), "the target must be from -1 to 1, found NaN");
  using adaptive = make(4, 0.6);
  const logits = device.tensor([1, 2, 3, 4]);
  refused(() => adaptive.adapt(logits), "the number of logits must be 8, found 4");
});

async function numbersOf(device: Device, options: TrainOptions) {
  using trainer = makeTrainer(device, options);
  runSteps(trainer, 12);
  const values = trainer.state().get("augmentation.adaptive");
  return { numbers: await trainer.metrics(), probability: (await values?.data())?.[0] };
}

async function checkRecorded(device: Device, options: TrainOptions): Promise<void> {
  const given = { ...options, augment: AUGMENTATION_KINDS };
  const { numbers, probability } = await numbersOf(device, { ...given, augmentTarget: 0.01 });
  const found = numbers.map(({ augmentProbability }) => augmentProbability);
  const move = 4 * tiny.batch / 5_000;
  for (const [step, value] of found.entries()) {
    // Up or down by the same amount every four steps
    const moves = value! / move;
    assert(Math.abs(moves - Math.round(moves)) < 1e-4 && moves <= (step + 1) / 4, `${value}`);
    if ((step + 1) % 4 !== 0) assertEquals(value, found[step - 1] ?? 0);
  }
  assertEquals(found.at(-1), probability);
  const fixed = await numbersOf(device, given);
  assertEquals([fixed.numbers.some((one) => "augmentProbability" in one), fixed.probability], [
    false,
    undefined,
  ]);
  // What comes before it in the row stays in its place
  for (const [i, { discriminatorLossReal, penalties }] of numbers.slice(0, 1).entries()) {
    const plain = await numbersOf(device, options);
    assertEquals([discriminatorLossReal, penalties], [
      plain.numbers[i]!.discriminatorLossReal,
      plain.numbers[i]!.penalties,
    ]);
  }
}

gpuTest("a step with a target records the probability, and only then", async (device) => {
  await checkRecorded(device, {});
  await checkRecorded(device, { loss: "rpgan", dNorm: "none", r1: 1, r2: 1 });
});

f16Test("a step with a target records the probability in f16 too", async (device) => {
  await checkRecorded(device, { precision: "f16" });
});
