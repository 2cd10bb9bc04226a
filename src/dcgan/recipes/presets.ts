import { type ImageSize, sidesOf } from "../../pictures/mod.ts";
import { USUAL_SIZE } from "../options/image_size_option.ts";
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
  /** What it sets for images of an edge; the rest is as in PyTorch's example. */
  readonly optionsFor: (size: ImageSize) => Fixed;
}

/**
 * Gamma of R1 and R2. With too small a one, a discriminator is flat wherever the samples are, and a small generator stays
 * with one kind of image; the gradient that tells images apart shrinks as their pixels grow in number, so gamma grows.
 */
function gammaFor(size: ImageSize): number {
  const { width, height } = sidesOf(size);
  return Math.max(2, Number((5 * width * height / 64 ** 2).toPrecision(2)));
}

/** What each sets. The defaults of all options are those of PyTorch's example. */
const FIXED: Readonly<Record<Exclude<PresetName, "auto">, Preset>> = {
  pytorch: { source: "PyTorch's examples/dcgan", optionsFor: () => ({}) },
  // 1024 maps of 4x4 for images of 64x64
  paper: {
    source: "Radford et al. 2015, figure 1 and section 4",
    optionsFor: () => ({
      ngf: 128,
      latent: 100,
      latentDistribution: "uniform",
      firstLayer: "project",
      batch: 128,
      learningRate: 2e-4,
      beta1: 0.5,
    }),
  },
  // The rate, the gammas and the average are not those of its source, whose networks are far larger
  modern: {
    source:
      "loss, penalties and betas of Huang et al. 2024 (arXiv:2501.05441), the rest from trials with small networks",
    optionsFor: (size) => ({
      upsampling: "nearest",
      loss: "rpgan",
      dNorm: "none",
      r1: gammaFor(size),
      r2: gammaFor(size),
      ema: 0.999,
      learningRate: 5e-4,
      beta1: 0,
      beta2: 0.99,
    }),
  },
};

/** What a preset sets for images of an edge, and its source; of `auto`, which sets more, what it always sets. */
export function describePreset(
  name: PresetName,
  size: ImageSize = USUAL_SIZE,
): { source: string; options: Fixed } {
  const { source, optionsFor } = FIXED[name === "auto" ? "modern" : name];
  const more = name === "auto" ? "; sizes, steps and ema follow from data, adapter and --minutes" : "";
  return { source: `${source}${more}`, options: optionsFor(size) };
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
  const { size = USUAL_SIZE, dNorm, precision, labelSmoothing, labelFlip } = options;
  // A name of none is refused by the check of its own
  if (preset !== "auto") return FIXED[preset]?.optionsFor(size) ?? {};
  const modern = FIXED.modern.optionsFor(size);
  // What was asked for comes first: penalties go neither with batch norm nor with f16
  if (dNorm === "batch" || precision === "f16") return { ema: modern.ema! };
  return labelSmoothing || labelFlip ? { ...modern, loss: "non-saturating" } : modern;
}
