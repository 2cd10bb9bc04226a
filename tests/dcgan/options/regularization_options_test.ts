/** Options of what keeps the discriminator in bounds, and what they go with. */
import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions, parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { noiseWarnings } from "../../../src/dcgan/options/regularization_options.ts";
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

Deno.test("resolveConfig() ends noise with the steps that a run begins with", () => {
  const given = { instanceNoise: 0.1, steps: 200 };
  assertEquals(resolveConfig(given).instanceNoiseSteps, 200);
  assertEquals(resolveConfig({ ...given, instanceNoiseSteps: 50 }).instanceNoiseSteps, 50);
  const { steps, ...others } = given;
  const epochs = resolveConfig({ ...others, epochs: 2, batch: 10 }, { length: 100 });
  assertEquals([steps, epochs.instanceNoiseSteps], [200, 20]);
  assertEquals(resolveConfig({ steps: 200 }).instanceNoiseSteps, 0);
  // A run that goes on longer, as its config is resolved anew
  assertEquals(resolveConfig({ ...resolveOptions(given), steps: 900 }).instanceNoiseSteps, 200);
  assertEquals(problems({ instanceNoiseSteps: 100 }), [
    'instanceNoiseSteps must be 0 without "instanceNoise", found 100: there is no noise',
  ]);
  checkOptions({ resume: "runs/a", override: true, instanceNoiseSteps: 100 });
});

function resolveOptions(options: TrainOptions): TrainOptions {
  const { version: _, ...config } = resolveConfig(options);
  return config;
}

Deno.test("noiseWarnings() says that noise has ended which a resumed run asks for", () => {
  const [none, some] = [{ instanceNoise: 0, instanceNoiseSteps: 0 }, {
    instanceNoise: 0.1,
    instanceNoiseSteps: 50,
  }];
  assertEquals(noiseWarnings(none, some, 50), [
    "There is no instance noise from here on: it ends after 50 steps, and 50 are done. " +
    "Give --instance-noise-steps to have some",
  ]);
  assertEquals(
    [noiseWarnings(none, some, 49), noiseWarnings(some, some, 70), noiseWarnings(some, none, 70)],
    [
      [],
      [],
      [],
    ],
  );
});

Deno.test("parseConfig() reads configs of before there were these options", () => {
  const { labelFlip, gradientPenalty, penaltyEvery, instanceNoise, instanceNoiseSteps, ...earlier } =
    resolveConfig({});
  const added = { labelFlip, gradientPenalty, penaltyEvery, instanceNoise, instanceNoiseSteps };
  assertEquals(Object.values(added), [0, 0, 1, 0, 0]);
  assertEquals(parseConfig(JSON.stringify(earlier)), { ...earlier, ...added });
});
