import type { AugmentationKind } from "../../gpu/mod.ts";
import type { Scheduled } from "../../nn/mod.ts";
import { textOf } from "../schedules/scheduled_values.ts";
import type { ConfigIssue } from "./config_issue.ts";

/** How the images that the discriminator sees are augmented. */
export interface AugmentationOptions {
  /**
   * Augments every image that the discriminator sees, real or fake, anew in each step, and lets gradients
   * pass through to the generator (Zhao et al. 2020): different ones of `color` (brightness, saturation and
   * contrast), `flip`, `translation` and `cutout`; see `augmentImages()`. For data with few images.
   *
   * @default {[]}
   */
  augment?: readonly AugmentationKind[];
  /**
   * With `augment`: the probability with which each transformation is applied to an image.
   *
   * @default {1}
   */
  augmentProbability?: Scheduled;
  /**
   * With `augment`: adapts the probability, from 0 up to 0.8, so that the mean sign of the discriminator's
   * logits of real images stays near this target (ADA, Karras et al. 2020, who use 0.6); see
   * `AdaptiveProbability`. 0 is off.
   *
   * @default {0}
   */
  augmentTarget?: number;
}

/** What says how images are augmented, where they are not, or where something else says it. */
export function augmentationIssues(
  options: AugmentationOptions & { readonly resume?: string },
): ConfigIssue[] {
  const { resume, augment, augmentProbability = 1, augmentTarget = 0 } = options;
  const issues: ConfigIssue[] = [];
  // What a run that is resumed augments is known once its config is read
  if ((augment ?? (resume === undefined ? [] : undefined))?.length === 0) {
    const why = "nothing is augmented";
    if (augmentProbability !== 1) {
      const problem = `must be 1 without "augment", found ${textOf(augmentProbability)}: ${why}`;
      issues.push({ option: "augmentProbability", problem });
    }
    if (augmentTarget !== 0) {
      const problem = `must be 0 without "augment", found ${augmentTarget}: ${why}`;
      issues.push({ option: "augmentTarget", problem });
    }
  } else if (augmentProbability !== 1 && augmentTarget !== 0) {
    const problem = `must be 1 with "augmentTarget", which adapts it, found ${textOf(augmentProbability)}`;
    issues.push({ option: "augmentProbability", problem });
  }
  return issues;
}
