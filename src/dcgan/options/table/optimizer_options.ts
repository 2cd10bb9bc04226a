import { choice, integer, number } from "../option.ts";
import { scheduled } from "../../schedules/scheduled_option.ts";
import type { OptionTable } from "../option_marks.ts";
import type { OptimizerOptions } from "../optimizer_options.ts";
import { MOST_COUNT } from "./most_count.ts";

/** Options of the optimizers of both networks. */
export const optimizerOptions: Pick<OptionTable, keyof OptimizerOptions> = {
  optimizer: {
    ...choice(["adam", "adamw"]),
    group: "Optimizers",
    value: "name",
    summary: "Adam, or AdamW, whose --weight-decay is decoupled from the gradients",
    default: "adam",
    overridable: true,
  },
  learningRate: {
    ...scheduled(number({ above: 0, to: 1 })),
    group: "Optimizers",
    value: "rate",
    summary: "Adam's learning rate",
    default: 2e-4,
    resumable: true,
  },
  dLearningRate: {
    ...scheduled(number({ above: 0, to: 1 })),
    group: "Optimizers",
    value: "rate",
    summary: "learning rate of the discriminator, if it has one of its own",
    otherwise: "that of --learning-rate",
    resumable: true,
    optional: true,
  },
  schedule: {
    ...choice(["constant", "linear", "cosine"]),
    group: "Optimizers",
    value: "name",
    summary:
      "how learning rates change over the steps of the run: not at all, or to 0 along a line or a cosine",
    default: "constant",
    overridable: true,
  },
  warmup: {
    ...integer(0, MOST_COUNT),
    group: "Optimizers",
    value: "steps",
    summary: "steps at the start in which learning rates grow along a line; 0 is off",
    default: 0,
    overridable: true,
  },
  beta1: {
    ...number({ from: 0, below: 1 }),
    group: "Optimizers",
    value: "rate",
    summary: "Adam's decay of the mean of gradients",
    default: 0.5,
    overridable: true,
  },
  beta2: {
    ...scheduled(number({ from: 0, below: 1 })),
    group: "Optimizers",
    value: "rate",
    summary: "Adam's decay of the mean of squared gradients",
    default: 0.999,
    overridable: true,
  },
  clip: {
    ...number({ from: 0, to: 1e6 }),
    group: "Optimizers",
    value: "norm",
    summary: "shorten the gradients of each network to this norm, if theirs is larger; 0 is off",
    default: 0,
    overridable: true,
  },
  weightDecay: {
    ...number({ from: 0, to: 100 }),
    group: "Optimizers",
    value: "share",
    summary:
      "share of each weight that is added to its gradient (L2), or with adamw taken off the weight; 0 is off",
    default: 0,
    overridable: true,
  },
};
