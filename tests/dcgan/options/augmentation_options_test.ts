/** The options of augmentation: a list of kinds, and with which probability. */
import "../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions, parseConfig, resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";

function assertRefused(options: Record<string, unknown>, message: string): void {
  assertThrows(() => checkOptions(options as TrainOptions), ConfigError, message);
}

Deno.test("checkOptions() takes a list of kinds of augmentation, and a probability with one", () => {
  checkOptions({ augment: ["translation", "color"], augmentProbability: 0.5 });
  checkOptions({ augment: [], augmentProbability: 1 });
  // The run may augment its images
  checkOptions({ resume: "runs/a", override: true, augmentProbability: 0.5 });
  for (const augment of [["crop"], ["flip", "flip"], "flip"]) {
    assertRefused(
      { augment },
      `"augment" must be none, or a list of different ones of color, flip, translation, cutout, found ${
        JSON.stringify(augment)
      }`,
    );
  }
  for (const augmentProbability of [-0.1, 1.1]) {
    assertRefused({ augment: ["flip"], augmentProbability }, `"augmentProbability" must be a number from 0`);
  }
  for (const options of [{}, { augment: [] }, { resume: "runs/a", augment: [] }]) {
    assertRefused(
      { ...options, augmentProbability: 0.5 },
      `"augmentProbability" must be 1 without "augment", found 0.5: nothing is augmented`,
    );
    assertRefused(
      { ...options, augmentTarget: 0.6 },
      `"augmentTarget" must be 0 without "augment", found 0.6: nothing is augmented`,
    );
  }
  checkOptions({ augment: ["flip"], augmentTarget: 0.6 });
  assertRefused(
    { augment: ["flip"], augmentTarget: 0.6, augmentProbability: 0.5 },
    `"augmentProbability" must be 1 with "augmentTarget", which adapts it, found 0.5`,
  );
});

Deno.test("parseConfig() reads configs of before images could be augmented", () => {
  const { augment, augmentProbability, augmentTarget, ...earlier } = resolveConfig({});
  const added = { augment, augmentProbability, augmentTarget };
  assertEquals(added, { augment: [], augmentProbability: 1, augmentTarget: 0 });
  assertEquals(parseConfig(JSON.stringify(earlier)), { ...earlier, ...added });
});
