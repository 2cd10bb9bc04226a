import type { OptionSpec } from "./option.ts";
import type { OptionName, TrainOptions } from "./options.ts";

/**
 * Options that may change when a run is resumed: its length, its learning rates, the location of its data,
 * what it writes, and what it does if a number becomes NaN.
 */
export type ResumableOption =
  | "data"
  | "dataRoot"
  | "dataTimeout"
  | "mirror"
  | "offline"
  | "gpuDataMemory"
  | "steps"
  | "epochs"
  | "learningRate"
  | "dLearningRate"
  | "onNan"
  | "sampleEvery"
  | "checkpointEvery"
  | "logEvery"
  | "scoreEvery"
  | "keep"
  | "stopWhenFlat"
  | "profile"
  | "tensorboard"
  | "report";

/** Options that may change when a run is resumed with `override`: the networks keep their shapes. */
export type OverridableOption =
  | "dataOptions"
  | "flip"
  | "augment"
  | "augmentProbability"
  | "augmentTarget"
  | "batch"
  | "dSteps"
  | "gSteps"
  | "accumulate"
  | "shards"
  | "bn"
  | "exchange"
  | "loss"
  | "labelSmoothing"
  | "labelFlip"
  | "r1"
  | "r2"
  | "gradientPenalty"
  | "penaltyEvery"
  | "instanceNoise"
  | "optimizer"
  | "schedule"
  | "warmup"
  | "beta1"
  | "beta2"
  | "clip"
  | "weightDecay"
  | "samples"
  | "scoreBy";

/** Options that the config does not keep: they say how to start a run, not what it is. */
export type PassingOption =
  | "preset"
  | "minutes"
  | "epochs"
  | "profile"
  | "report"
  | "tune"
  | "dataTimeout"
  | "mirror"
  | "offline"
  | "from"
  | "resume"
  | "step"
  | "more"
  | "override";

/** Options that the config keeps only if they were given. */
export type OptionalOption =
  | "dataRoot"
  | "base"
  | "maxMaps"
  | "gpuDataMemory"
  | "dLearningRate"
  | "sampleEvery"
  | "scoreEvery"
  | "tensorboard";

/** True if the option is one of these, and absent elsewhere, so that table and types cannot disagree. */
type Mark<K, Of> = K extends Of ? true : undefined;

/** What becomes of an option beyond its value. */
interface OptionMarks<K extends OptionName> {
  /** It may be given anew when a run is resumed. */
  readonly resumable?: Mark<K, ResumableOption>;
  /** With `override`, it may too. */
  readonly overridable?: Mark<K, OverridableOption>;
  /** The config does not keep it. */
  readonly passing?: Mark<K, PassingOption>;
  /** The config keeps it only if it was given. */
  readonly optional?: Mark<K, OptionalOption>;
}

/** Options with marks must have them. */
type Marks<K extends OptionName> =
  & OptionMarks<K>
  & (K extends ResumableOption ? { readonly resumable: true } : unknown)
  & (K extends OverridableOption ? { readonly overridable: true } : unknown)
  & (K extends PassingOption ? { readonly passing: true } : unknown)
  & (K extends OptionalOption ? { readonly optional: true } : unknown);

/** The table of options, with the marks that their types ask for. */
export type OptionTable = { readonly [K in OptionName]: OptionSpec<NonNullable<TrainOptions[K]>> & Marks<K> };
