import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { PRESET_NAMES } from "../../../src/dcgan/recipes/presets.ts";
import { recipeOf } from "../../../src/dcgan/runs/recipe_of.ts";

Deno.test("recipeOf() finds the preset of every run that has one", () => {
  for (const preset of PRESET_NAMES) {
    assertEquals(recipeOf(resolveConfig({ preset })), preset === "auto" ? "modern" : preset, preset);
  }
  // What auto chooses besides is scale
  assertEquals(
    recipeOf(resolveConfig({ preset: "auto", size: 32, ngf: 48, ndf: 24, batch: 32, ema: 0.995 })),
    "modern",
  );
  assertEquals(recipeOf(resolveConfig({ preset: "modern", loss: "hinge" })), "own");
  assertEquals(recipeOf(resolveConfig({ dNorm: "spectral" })), "own");
});
