import type { Scheduled } from "../../nn/mod.ts";
import { isOff, textOf } from "../schedules/scheduled_values.ts";
import type { ConfigIssue } from "./config_issue.ts";
import { isLogistic } from "./losses.ts";
import type { TrainOptions } from "./options.ts";

/** What keeps the discriminator from growing too sure or too steep. */
export interface RegularizationOptions {
  /**
   * How far below 1 the discriminator's target for real images is (one-sided label smoothing); the target for
   * fake ones stays 0. Only for the logistic losses, `non-saturating` and `minimax`.
   *
   * @default {0}
   */
  labelSmoothing?: number;
  /**
   * The probability with which the discriminator's target of an image is that of the other kind, real or
   * fake, drawn anew in each step. Only for the logistic losses.
   *
   * @default {0}
   */
  labelFlip?: number;
  /**
   * Gamma of R1, a penalty of the discriminator's gradients at real images. 0 is off. Only without batch norm
   * in the discriminator (`dNorm` "none" or "spectral"), and in f32.
   *
   * @default {0}
   */
  r1?: Scheduled;
  /**
   * Gamma of R2, the same penalty at fake images.
   *
   * @default {0}
   */
  r2?: Scheduled;
  /**
   * Weight of WGAN-GP, a penalty of gradients whose norm is not 1, at mixes of real and fake images
   * (Gulrajani et al. 2017, who use 10). 0 is off. It needs what `r1` needs.
   *
   * @default {0}
   */
  gradientPenalty?: Scheduled;
  /**
   * Penalizes gradients in the first of every so many steps only, with so many times the weight (lazy
   * regularization, Karras et al. 2020, StyleGAN2, appendix B).
   *
   * @default {1}
   */
  penaltyEvery?: number;
  /**
   * Standard deviation of normal noise on every image that the discriminator sees, real or fake, drawn anew
   * in each step. Images are from -1 to 1. 0 is off. Noise mostly falls to 0 over the run:
   * `{ from: 0.1, to: 0 }`.
   *
   * @default {0}
   */
  instanceNoise?: Scheduled;
}

/** What a check of these options looks at. */
type Checked = RegularizationOptions & Pick<TrainOptions, "resume" | "loss" | "dNorm" | "precision">;

/** Options that do not go with others, or say something of what is off. */
export function regularizationIssues(options: Checked): ConfigIssue[] {
  return [
    ...labelIssues(options),
    ...precisionIssues(options),
    ...intervalIssues(options),
  ];
}

/** Labels that are smoothed or flipped, for a loss that has none. */
function labelIssues({ loss = "non-saturating", labelSmoothing, labelFlip }: Checked): ConfigIssue[] {
  if (isLogistic(loss)) return [];
  const all = [["labelSmoothing", labelSmoothing, "smooth"], ["labelFlip", labelFlip, "flip"]] as const;
  return all.flatMap(([option, value = 0, what]) => {
    const problem =
      `must be 0 with the loss "${loss}", found ${value}: only "non-saturating" and "minimax" have ` +
      `labels to ${what}`;
    return value === 0 ? [] : [{ option, problem }];
  });
}

/**
 * Gradient penalties, for a discriminator of these options that cannot have them. One that a script makes
 * itself may have other norms than `dNorm` says.
 */
export function discriminatorIssues(options: Checked): ConfigIssue[] {
  const { resume, dNorm } = options;
  // The norm of a run that is resumed is known once its config is read
  const hasNorm = dNorm === "batch" || (dNorm === undefined && resume === undefined);
  const why = "it mixes the images of a batch. Use --d-norm none or spectral";
  return hasNorm ? penaltiesMustBeOff(options, "batch norm in the discriminator", why) : [];
}

/** Gradient penalties in a precision that has none. */
function precisionIssues(options: Checked): ConfigIssue[] {
  const why = "gradient penalties are computed in f32. Use --precision f32";
  return options.precision === "f16" ? penaltiesMustBeOff(options, "precision f16", why) : [];
}

function penaltiesMustBeOff({ r1, r2, gradientPenalty }: Checked, given: string, why: string): ConfigIssue[] {
  return Object.entries({ r1, r2, gradientPenalty }).flatMap(([option, weight = 0]) =>
    isOff(weight) ? [] : [{ option, problem: `must be 0 with ${given}, found ${textOf(weight)}: ${why}` }]
  );
}

/** How often there are penalties, where there are none. */
function intervalIssues({ resume, penaltyEvery = 1, r1, r2, gradientPenalty }: Checked): ConfigIssue[] {
  if (penaltyEvery === 1 || resume !== undefined || r1 || r2 || gradientPenalty) return [];
  const problem =
    `must be 1 without a gradient penalty, found ${penaltyEvery}. Give --r1, --r2 or --gradient-penalty`;
  return [{ option: "penaltyEvery", problem }];
}
