/** The norms of gradients that a step reports, beside sums in 64 bits of the gradients that it leaves. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { SCALING } from "../../../src/nn/mod.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import type { Trainer } from "../../../src/dcgan/trainer.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";
import { makeTrainer, tiny } from "../tiny.ts";

const NETWORKS = ["discriminator", "generator"] as const;

/** A step on noise, in as many batches as it takes. */
function step(trainer: Trainer, { dSteps = 1 }: TrainOptions): void {
  const bytes = tiny.batch * dSteps * tiny.size ** 2 * 3;
  trainer.step(Uint8Array.from(randomValues(bytes, trainer.steps + 1, [0, 256])));
}

/** The norms of the gradients that lie in the networks, in 64 bits. */
async function normsIn(trainer: Trainer): Promise<number[]> {
  return await Promise.all(NETWORKS.map(async (name) => {
    const { gradients, gradientScaling } = trainer[name];
    const share = gradientScaling ? (await gradientScaling.values.data())[SCALING.share]! : 1;
    return share * Math.sqrt((await gradients.data()).reduce((sum, value) => sum + value * value, 0));
  }));
}

/** Those that the last step reports. */
async function normsReported(trainer: Trainer): Promise<number[]> {
  const numbers = (await trainer.metrics()).at(-1)!;
  return NETWORKS.map((name) => numbers[`${name}GradientNorm`]!);
}

function assertNorms(found: readonly number[], expected: readonly number[], label: string): void {
  expected.forEach((norm, i) => assertAlmostEquals(found[i]! / norm, 1, 1e-5, `${NETWORKS[i]}: ${label}`));
}

gpuTest("Trainer reports the norms of all gradients of its last updates", async (device) => {
  const given: TrainOptions[] = [
    {},
    { accumulate: 2 },
    { dSteps: 2, gSteps: 3 },
    { pack: 2, dNorm: "none" },
    { loss: "rpgan", dNorm: "none", r1: 5, r2: 5, penaltyEvery: 2 },
    { loss: "wasserstein", dNorm: "none", gradientPenalty: 10, dSteps: 2, accumulate: 2 },
    { optimizer: "adamw", weightDecay: 0.01, augment: ["color", "cutout"], augmentTarget: 0.6, ema: 0.9 },
    { dNorm: "none", r1: 1, gradientPenalty: 1, augment: ["translation"], augmentTarget: 0.6 },
  ];
  for (const options of given) {
    const label = JSON.stringify(options);
    using trainer = makeTrainer(device, options);
    for (let i = 0; i < 3; i++) {
      step(trainer, options);
      const found = await normsReported(trainer);
      assert(found.every((norm) => norm > 0), label);
      assertNorms(found, await normsIn(trainer), label);
    }
  }
});

gpuTest("Trainer reports the norms before it clips, of penalties too", async (device) => {
  for (const options of [{}, { dNorm: "none", r1: 5, accumulate: 2 }] as const) {
    using whole = makeTrainer(device, options);
    using clipped = makeTrainer(device, { ...options, clip: 1e-3 });
    for (const trainer of [whole, clipped]) step(trainer, options);
    const [expected] = [await normsReported(whole)];
    assertAlmostEquals((await normsReported(clipped))[0]! / expected[0]!, 1, 1e-6);
    (await normsIn(clipped)).forEach((norm) => assertAlmostEquals(norm, 1e-3, 1e-6));
    assertNorms(expected, await normsIn(whole), JSON.stringify(options));
  }
});

f16Test("Trainer in f16 reports the norms of the true gradients", async (device) => {
  for (const options of [{}, { dSteps: 2, gSteps: 2, clip: 1e4 }] as const) {
    using half = makeTrainer(device, { ...options, precision: "f16" });
    using single = makeTrainer(device, options);
    for (const trainer of [half, single]) step(trainer, options);
    const [found, expected] = [await normsReported(half), await normsReported(single)];
    assertNorms(found, await normsIn(half), JSON.stringify(options));
    found.forEach((norm, i) => assert(Math.abs(norm / expected[i]! - 1) < 0.1, `${norm}, ${expected[i]}`));
  }
});

gpuTest("a step takes two launches for its norms, and four more where it clips", (device) => {
  const launches = (clip: number) => {
    using trainer = makeTrainer(device, { clip });
    return ["adam advance", "gradient squares", "gradient norm", "clip gradients", "recordScalars"].map((
      label,
    ) => trainer.program.launches.filter(({ launch }) => launch.kernel.label === label).length);
  };
  assertEquals([launches(0), launches(1)], [[0, 0, 2, 0, 1], [2, 2, 2, 2, 1]]);
});
