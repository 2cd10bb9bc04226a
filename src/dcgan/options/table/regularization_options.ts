import { integer, number } from "../option.ts";
import { scheduled } from "../../schedules/scheduled_option.ts";
import type { OptionTable } from "../option_marks.ts";
import type { RegularizationOptions } from "../regularization_options.ts";

/** Options of what keeps the discriminator in bounds, with those of training. */
export const regularizationOptions: Pick<OptionTable, keyof RegularizationOptions> = {
  labelSmoothing: {
    ...number({ from: 0, below: 0.5 }),
    group: "Loss and penalties",
    value: "share",
    summary: "how far below 1 the discriminator's target for real images is, with a logistic loss",
    default: 0,
    overridable: true,
  },
  labelFlip: {
    ...number({ from: 0, below: 0.5 }),
    group: "Loss and penalties",
    value: "share",
    summary: "probability with which real images count as fake ones and the other way, with a logistic loss",
    default: 0,
    overridable: true,
  },
  r1: {
    ...scheduled(number({ from: 0, to: 1e6 })),
    group: "Loss and penalties",
    value: "gamma",
    summary:
      "penalty of the discriminator's gradients at real images, with --d-norm none or spectral; 0 is off",
    default: 0,
    overridable: true,
  },
  r2: {
    ...scheduled(number({ from: 0, to: 1e6 })),
    group: "Loss and penalties",
    value: "gamma",
    summary:
      "penalty of the discriminator's gradients at fake images, with --d-norm none or spectral; 0 is off",
    default: 0,
    overridable: true,
  },
  gradientPenalty: {
    ...scheduled(number({ from: 0, to: 1e6 })),
    group: "Loss and penalties",
    value: "weight",
    summary:
      "penalty of gradients between real and fake images whose norm is not 1 (WGAN-GP), such as 10, with " +
      "--d-norm none or spectral; 0 is off",
    default: 0,
    overridable: true,
  },
  penaltyEvery: {
    ...integer(1, 1000),
    group: "Loss and penalties",
    value: "steps",
    summary: "penalize gradients in every so many steps, with so many times the weight, to take less time",
    default: 1,
    overridable: true,
  },
  instanceNoise: {
    ...scheduled(number({ from: 0, to: 10 })),
    group: "Loss and penalties",
    value: "deviation",
    summary:
      "normal noise on all images that the discriminator sees, such as 0.1:0, which falls to 0; 0 is off",
    default: 0,
    overridable: true,
  },
};
