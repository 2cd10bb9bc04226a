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
  | "learningRate"
  | "beta1"
  | "beta2"
>;

/** What each sets. The defaults of all options are those of PyTorch's example. */
const FIXED: Readonly<Record<Exclude<PresetName, "auto">, Fixed>> = {
  // PyTorch's examples/dcgan
  pytorch: {},
  // Radford et al. 2015: figure 1 (1024 maps of 4x4 for images of 64x64, uniform latents), and section 4
  paper: {
    ngf: 128,
    latent: 100,
    latentDistribution: "uniform",
    firstLayer: "project",
    batch: 128,
    learningRate: 2e-4,
    beta1: 0.5,
  },
  // Huang et al. 2024 (arXiv:2501.05441): relativistic pairs, R1 and R2, no norm, and Adam without momentum. The
  // rate, the gammas and the average are from trials with small networks, not the paper's.
  modern: {
    loss: "rpgan",
    dNorm: "none",
    r1: 1,
    r2: 1,
    ema: 0.999,
    learningRate: 5e-4,
    beta1: 0,
    beta2: 0.99,
  },
};

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
  if (preset !== "auto") return FIXED[preset];
  // What was asked for comes first: penalties go neither with batch norm nor with f16
  if (options.dNorm === "batch" || options.precision === "f16") {
    return { ...FIXED.pytorch, ema: FIXED.modern.ema! };
  }
  if (!options.labelSmoothing) return FIXED.modern;
  return { ...FIXED.modern, loss: "non-saturating" };
}
