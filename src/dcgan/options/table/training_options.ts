import { choice, integer, number, toggle } from "../option.ts";
import { PRESET_NAMES } from "../../recipes/presets.ts";
import { DEFAULT_BATCH } from "../batch_issues.ts";
import { LOSSES } from "../losses.ts";
import { scheduled } from "../../schedules/scheduled_option.ts";
import type { OptionTable } from "../option_marks.ts";
import { MOST_COUNT } from "./most_count.ts";

/** Options of training. */
export const trainingOptions: Pick<
  OptionTable,
  | "preset"
  | "minutes"
  | "batch"
  | "steps"
  | "epochs"
  | "seed"
  | "loss"
  | "ema"
  | "emaSnapshots"
  | "onNan"
  | "precision"
  | "tune"
> = {
  preset: {
    ...choice(PRESET_NAMES),
    group: "Most used",
    value: "name",
    summary:
      "recipe for what is not given: chosen by the data and the speed of this adapter, or that of PyTorch's " +
      "example, of the paper, of its authors' code, of R3GAN, for few images, or for two processor cores",
    otherwise: "auto; in scripts pytorch",
    passing: true,
  },
  minutes: {
    ...number({ above: 0, to: 1e5 }),
    group: "Most used",
    value: "count",
    summary: "minutes to train, instead of --steps or --epochs",
    otherwise: "10 with --preset auto",
    passing: true,
  },
  batch: {
    ...integer(1, 65536),
    group: "Steps and batches",
    value: "images",
    summary: "images in one step",
    default: DEFAULT_BATCH,
    overridable: true,
  },
  steps: {
    ...integer(1, MOST_COUNT),
    group: "Steps and batches",
    value: "count",
    summary: "steps to train",
    default: 1000,
    resumable: true,
  },
  epochs: {
    ...number({ above: 0, to: 1e6 }),
    group: "Steps and batches",
    value: "count",
    summary: "passes over the dataset to train, instead of --steps",
    otherwise: "use --steps",
    resumable: true,
    passing: true,
  },
  seed: {
    ...integer(0, 2 ** 32 - 1),
    group: "Steps and batches",
    value: "number",
    summary: "seed of all random numbers",
    default: 1,
  },
  loss: {
    ...choice(LOSSES),
    group: "Loss and penalties",
    value: "name",
    summary:
      "loss of both networks: logistic, with -log D(G(z)) or log(1 - D(G(z))) for the generator, or one of " +
      "least squares, hinge, Wasserstein, and relativistic pairs",
    default: "non-saturating",
    overridable: true,
  },
  ema: {
    ...scheduled(number({ from: 0, below: 1 })),
    group: "Averaged weights",
    value: "decay",
    summary: "draw samples from a moving average of the generator's weights, such as 0.999; 0 is off",
    default: 0,
  },
  emaSnapshots: {
    ...integer(0, 256),
    group: "Averaged weights",
    value: "count",
    summary:
      "snapshots over the run from which sample --ema-length builds moving averages of other lengths, such as 32; " +
      "0 is off",
    default: 0,
  },
  onNan: {
    ...choice(["stop", "rollback"]),
    group: "Steps and batches",
    value: "action",
    summary: "if a number becomes NaN or infinite: stop, or go back to the last checkpoint with half the " +
      "learning rates, at most 5 times",
    default: "stop",
    resumable: true,
  },
  precision: {
    ...choice(["f32", "f16"]),
    group: "Steps and batches",
    value: "type",
    summary: "storage type of activations: f32, or f16 if the adapter supports it",
    default: "f32",
  },
  tune: {
    ...toggle(),
    group: "Steps and batches",
    summary:
      "time every variant of each kernel before training, use the fastest, and save the choice for later runs",
    opposite: "ignore tuned kernels and use the defaults",
    otherwise: "tuned kernels of an earlier run, if any",
    passing: true,
  },
};
