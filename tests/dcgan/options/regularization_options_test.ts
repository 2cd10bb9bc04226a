/** Options of what keeps the discriminator in bounds, and what they go with. */
import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions, parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

function problems(options: TrainOptions): string[] {
  return assertThrows(() => checkOptions(options), ConfigError).issues.map(({ option, problem }) =>
    `${option} ${problem}`
  );
}

Deno.test("checkOptions() flips the labels of logistic losses only", () => {
  for (const loss of ["non-saturating", "minimax"] as const) {
    checkOptions({ loss, labelFlip: 0.05, labelSmoothing: 0.1 });
  }
  for (const loss of ["least-squares", "hinge", "wasserstein", "rpgan"] as const) {
    checkOptions({ loss, labelFlip: 0 });
    assertEquals(problems({ loss, labelFlip: 0.1 }), [
      `labelFlip must be 0 with the loss "${loss}", found 0.1: only "non-saturating" and "minimax" have labels to flip`,
    ]);
  }
  // The loss of modern is no logistic one, but auto takes one then
  assertEquals(problems({ preset: "modern", labelFlip: 0.1 }).length, 1);
  assertEquals(resolveConfig({ preset: "auto", labelFlip: 0.1 }).loss, "non-saturating");
});

Deno.test("checkOptions() takes WGAN-GP where it takes R1", () => {
  assertEquals(problems({ gradientPenalty: 10 }), [
    "gradientPenalty must be 0 with batch norm in the discriminator, found 10: it mixes the images of a batch. " +
    "Use --d-norm none or spectral",
  ]);
  assertEquals(problems({ gradientPenalty: 10, dNorm: "none", precision: "f16" }), [
    "gradientPenalty must be 0 with precision f16, found 10: gradient penalties are computed in f32. " +
    "Use --precision f32",
  ]);
  for (const dNorm of ["none", "spectral"] as const) {
    checkOptions({
      dNorm,
      gradientPenalty: 10,
      r1: 1,
      pack: 2,
      accumulate: 2,
      dSteps: 5,
      loss: "wasserstein",
    });
  }
  checkOptions({ gradientPenalty: 0 });
});

Deno.test("checkOptions() wants a penalty that is to be in every few steps", () => {
  assertEquals(problems({ penaltyEvery: 4, dNorm: "none" }), [
    "penaltyEvery must be 1 without a gradient penalty, found 4. Give --r1, --r2 or --gradient-penalty",
  ]);
  for (const penalty of [{ r1: 1 }, { r2: 1 }, { gradientPenalty: 1 }]) {
    checkOptions({ dNorm: "none", penaltyEvery: 4, ...penalty });
  }
  checkOptions({ preset: "modern", penaltyEvery: 16 });
  checkOptions({ resume: "runs/a", override: true, penaltyEvery: 4 });
});

Deno.test("options take schedules of noise and of WGAN-GP, and name what became of instanceNoiseSteps", () => {
  const falling = { from: 0.1, to: 0, steps: 50, shape: "linear" } as const;
  const config = resolveConfig({
    dNorm: "none",
    instanceNoise: falling,
    gradientPenalty: { from: 10, to: 1 },
    penaltyEvery: 2,
  });
  assertEquals([config.instanceNoise, config.gradientPenalty], [falling, {
    from: 10,
    to: 1,
    shape: "cosine",
  }]);
  assertEquals(problems({ gradientPenalty: { from: 0, to: 10 } }), [
    "gradientPenalty must be 0 with batch norm in the discriminator, found 0:10: it mixes the images of a batch. " +
    "Use --d-norm none or spectral",
  ]);
  assertEquals(problems({ instanceNoiseSteps: 100 } as TrainOptions), [
    'instanceNoiseSteps is part of "instanceNoise" now: give that a schedule, such as 0.1:0@5000,linear (a number ' +
    "alone is the same in all steps)",
  ]);
});

Deno.test("parseConfig() reads configs of before there were these options", () => {
  const { labelFlip, gradientPenalty, penaltyEvery, instanceNoise, ...earlier } = resolveConfig({});
  const added = { labelFlip, gradientPenalty, penaltyEvery, instanceNoise };
  assertEquals(Object.values(added), [0, 0, 1, 0]);
  assertEquals(parseConfig(JSON.stringify(earlier)), { ...earlier, ...added });
});
