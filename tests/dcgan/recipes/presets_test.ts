import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkOptions, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { gpuTest } from "../../support/gpu.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { runSteps } from "../tiny.ts";
import { PRESET_NAMES, withPreset } from "../../../src/dcgan/recipes/presets.ts";

Deno.test("every preset is a config that can be trained, and pytorch is what scripts get without one", () => {
  for (const preset of PRESET_NAMES) resolveConfig({ preset, size: 32 });
  assertEquals(resolveConfig({ preset: "pytorch" }), resolveConfig({}));
  const { firstLayer, latentDistribution, ngf, batch } = resolveConfig({ preset: "paper" });
  assertEquals([firstLayer, latentDistribution, ngf, batch], ["project", "uniform", 128, 128]);
  const { loss, dNorm, r1, r2, ema, beta1 } = resolveConfig({ preset: "modern" });
  assertEquals([loss, dNorm, r1, r2, ema, beta1], ["rpgan", "none", 5, 5, 0.999, 0]);
  assertEquals("preset" in resolveConfig({ preset: "modern" }), false);
});

Deno.test("presets of the authors' code have its figures", () => {
  const faces = resolveConfig({ preset: "paper-faces" });
  const { size, kernel, ngf, ndf, latent, batch, learningRate, beta1, weightDecay } = faces;
  assertEquals([size, kernel, ngf, ndf, latent, batch], [64, 5, 128, 128, 100, 128]);
  assertEquals([learningRate, beta1, weightDecay, faces.optimizer], [2e-4, 0.5, 1e-5, "adam"]);
  assertEquals([faces.firstLayer, faces.latentDistribution], ["project", "uniform"]);
  const svhn = resolveConfig({ preset: "paper-svhn" });
  assertEquals([svhn.size, svhn.kernel, svhn.ndf, svhn.batch, svhn.latent], [32, 5, 64, 64, 100]);
  assertEquals([svhn.learningRate, svhn.latentDistribution, svhn.weightDecay], [5e-4, "normal", 0]);
});

Deno.test("few and small are modern with less data, and with less time", () => {
  const names = ["loss", "dNorm", "r1", "r2", "learningRate", "beta1", "beta2", "upsampling"] as const;
  const modern = resolveConfig({ preset: "modern", size: 32 });
  for (const preset of ["few", "small"] as const) {
    const config = resolveConfig({ preset, size: 32 });
    assertEquals(names.map((name) => config[name]), names.map((name) => modern[name]));
  }
  const { augment, flip, batch, size } = resolveConfig({ preset: "few" });
  assertEquals([augment, flip, batch, size], [["color", "translation", "cutout"], true, 16, 64]);
  const small = resolveConfig({ preset: "small" });
  assertEquals([small.size, small.ngf, small.ndf, small.batch], [32, 16, 32, 16]);
  // Of images of another size, the gammas are those of that size
  assertEquals([resolveConfig({ preset: "small", size: 128 }).r1, small.r1], [20, 2]);
});

gpuTest("every preset trains", async (device) => {
  for (const preset of PRESET_NAMES) {
    if (preset === "auto") continue;
    const given = { preset, size: 16, ngf: 4, ndf: 4, batch: 4, latent: 8, channels: 3 } as const;
    using trainer = new Trainer(device, resolveConfig(given));
    runSteps(trainer, 3);
    const numbers = await trainer.metrics();
    assert(numbers.every(({ generatorLoss }) => Number.isFinite(generatorLoss)), preset);
  }
});

Deno.test("options that are given come before those of a preset", () => {
  const { loss, r1, r2 } = resolveConfig({ preset: "modern", loss: "hinge", r1: 0 });
  assertEquals([loss, r1, r2], ["hinge", 0, 5]);
  assertEquals(resolveConfig({ preset: "modern", r1: undefined } as { preset: "modern" }).r1, 5);
});

Deno.test("modern penalizes more at larger images", () => {
  const gammas = ([14, 32, 56, 64, 128, 256] as const).map((size) =>
    resolveConfig({ preset: "modern", size }).r1
  );
  assertEquals(gammas, [2, 2, 3.8, 5, 20, 80]);
});

Deno.test("auto steps aside for what its own options do not go with", () => {
  for (const given of [{ dNorm: "batch" }, { precision: "f16" }] as const) {
    const { loss, dNorm, r1, r2, ema } = resolveConfig({ preset: "auto", ...given });
    assertEquals([loss, dNorm, r1, r2, ema], ["non-saturating", "batch", 0, 0, 0.999]);
  }
  const smoothed = resolveConfig({ preset: "auto", labelSmoothing: 0.1 });
  assertEquals([smoothed.loss, smoothed.dNorm, smoothed.r1], ["non-saturating", "none", 5]);
});

Deno.test("presets are refused where they cannot be had", () => {
  const refuses = (options: Parameters<typeof checkOptions>[0], words: string) =>
    assertThrows(() => checkOptions(options), ConfigError, words);
  refuses({ preset: "modern", dNorm: "batch" }, "must be 0 with batch norm in the discriminator");
  refuses({ preset: "modern", precision: "f16" }, "must be 0 with precision f16");
  refuses({ preset: "best" as "auto" }, '"preset" must be one of');
  for (const option of ["steps", "epochs"] as const) {
    refuses({ minutes: 3, [option]: 5 }, `cannot be combined with "${option}"`);
  }
  refuses({ resume: "run", minutes: 3, more: 5 }, 'cannot be combined with "more"');
});

Deno.test("a run that is resumed has no preset", () => {
  const options = { resume: "run", preset: "modern" } as const;
  assertEquals(withPreset(options), options);
});
