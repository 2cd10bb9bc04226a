import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
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
