import type { TrainOptions } from "../options/options.ts";

/** Name of a set of options. */
export type PresetName = "auto" | "pytorch" | "paper" | "modern";

/** The names, in the order that help lists them in. */
export const PRESET_NAMES = ["auto", "pytorch", "paper", "modern"] as const satisfies readonly PresetName[];

/** Options that a preset sets by itself. `auto` sets those of `modern`, and more; see `chooseRecipe()`. */
type Fixed = Pick<
  TrainOptions,
  | "ngf"
  | "ndf"
  | "latent"
  | "latentDistribution"
  | "firstLayer"
  | "upsampling"
  | "dNorm"
  | "batch"
  | "loss"
  | "r1"
  | "r2"
  | "ema"
  | "optimizer"
  | "learningRate"
  | "dLearningRate"
  | "schedule"
  | "warmup"
  | "clip"
  | "weightDecay"
  | "beta1"
  | "beta2"
>;

/** A set of options, and where its figures come from. */
interface Preset {
  /** Its source, for people. */
  readonly source: string;
  /** What it sets; the rest is as in PyTorch's example. */
  readonly options: Fixed;
}

/** What each sets. The defaults of all options are those of PyTorch's example. */
const FIXED: Readonly<Record<Exclude<PresetName, "auto">, Preset>> = {
  pytorch: { source: "PyTorch's examples/dcgan", options: {} },
  // 1024 maps of 4x4 for images of 64x64
  paper: {
    source: "Radford et al. 2015, figure 1 and section 4",
    options: {
      ngf: 128,
      latent: 100,
      latentDistribution: "uniform",
      firstLayer: "project",
      batch: 128,
      learningRate: 2e-4,
      beta1: 0.5,
    },
  },
  // The rate, the gammas and the average are not those of its source, whose networks are far larger
  modern: {
    source:
      "loss, penalties and betas of Huang et al. 2024 (arXiv:2501.05441), the rest from trials with small networks",
    options: {
      loss: "rpgan",
      dNorm: "none",
      r1: 1,
      r2: 1,
      ema: 0.999,
      learningRate: 5e-4,
      beta1: 0,
      beta2: 0.99,
    },
  },
};

/** What a preset sets, and its source; of `auto`, which sets more by data and adapter, what it always sets. */
export function describePreset(name: PresetName): Preset {
  if (name !== "auto") return FIXED[name];
  const source = "the options of modern; sizes, steps and ema follow from data, adapter and --minutes";
  return { source, options: FIXED.modern.options };
}

/**
 * Options with those of their preset, wherever they leave something open. A run that is resumed has all of its options
 * already.
 */
export function withPreset(options: TrainOptions): TrainOptions {
  const { preset = "pytorch", resume } = options;
  if (resume !== undefined) return options;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...fixedOptions(preset, options), ...Object.fromEntries(given) };
}

/** What a preset sets beside these options. */
function fixedOptions(preset: PresetName, options: TrainOptions): Fixed {
  // A name of none is refused by the check of its own
  if (preset !== "auto") return FIXED[preset]?.options ?? {};
  // What was asked for comes first: penalties go neither with batch norm nor with f16
  if (options.dNorm === "batch" || options.precision === "f16") {
    return { ema: FIXED.modern.options.ema! };
  }
  if (!options.labelSmoothing) return FIXED.modern.options;
  return { ...FIXED.modern.options, loss: "non-saturating" };
}
