import { type ImageSize, sidesOf } from "../../pictures/image_size.ts";
import { TIMED_FIRST } from "./widths.ts";
import { USUAL_SIZE } from "../options/table/image_size.ts";
import type { TrainOptions } from "../options/options.ts";

/** Name of a set of options. */
export type PresetName =
  | "auto"
  | "pytorch"
  | "paper"
  | "paper-faces"
  | "paper-svhn"
  | "modern"
  | "few"
  | "small";

/** The names, in the order that help lists them in. */
export const PRESET_NAMES = [
  "auto",
  "pytorch",
  "paper",
  "paper-faces",
  "paper-svhn",
  "modern",
  "few",
  "small",
] as const satisfies readonly PresetName[];

/** Options that a preset sets by itself. `auto` sets those of `modern`, and more; see `chooseRecipe()`. */
type Fixed = Pick<
  TrainOptions,
  | "size"
  | "flip"
  | "kernel"
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
  | "augment"
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
  /** Size of its images, if it sets that as well. */
  readonly size?: ImageSize;
  /** What it sets for images of a size; the rest is as in PyTorch's example. */
  readonly optionsFor: (size: ImageSize) => Fixed;
}

/**
 * Gamma of R1 and R2. With too small a one, a discriminator is flat wherever the samples are, and a small
 * generator stays with one kind of image; the gradient that tells images apart shrinks as their pixels grow
 * in number, so gamma grows.
 */
function gammaFor(size: ImageSize): number {
  const { width, height } = sidesOf(size);
  return Math.max(2, Number((5 * width * height / 64 ** 2).toPrecision(2)));
}

/**
 * Loss, penalties and optimizer of R3GAN. Rate, gammas and average are not those of its source, whose
 * networks are far larger.
 */
function modernFor(size: ImageSize) {
  return {
    upsampling: "nearest",
    loss: "rpgan",
    dNorm: "none",
    r1: gammaFor(size),
    r2: gammaFor(size),
    ema: 0.999,
    learningRate: 5e-4,
    beta1: 0,
    beta2: 0.99,
  } as const satisfies Fixed;
}

/** What the authors' code has in all of its networks. */
const AUTHORS = { kernel: 5, latent: 100, firstLayer: "project", beta1: 0.5 } as const satisfies Fixed;

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
  "paper-faces": {
    source: "the authors' code, github.com/Newmu/dcgan_code, faces/train_uncond_dcgan.py",
    size: 64,
    optionsFor: () => ({
      ...AUTHORS,
      ngf: 128,
      ndf: 128,
      latentDistribution: "uniform",
      batch: 128,
      learningRate: 2e-4,
      weightDecay: 1e-5,
    }),
  },
  // Its generator is not published but as weights: beta1 and the width are those of the discriminator and of
  // the faces
  "paper-svhn": {
    source:
      "the authors' model svhn_unsup_all_conv_dcgan_100z_gaussian_lr_0.0005_64mb, github.com/Newmu/dcgan_code, " +
      "svhn/svhn_semisup_analysis.py",
    size: 32,
    optionsFor: () => ({
      ...AUTHORS,
      ngf: 64,
      ndf: 64,
      latentDistribution: "normal",
      batch: 64,
      learningRate: 5e-4,
    }),
  },
  modern: {
    source:
      "loss, penalties and betas of Huang et al. 2024 (arXiv:2501.05441), the rest from trials with small networks",
    optionsFor: modernFor,
  },
  few: {
    source:
      "modern, with the augmentation, mirrored images and batch that Zhao et al. 2020 (arXiv:2006.10738) have for 100 " +
      "images, github.com/mit-han-lab/data-efficient-gans, DiffAugment-stylegan2/run_low_shot.py, and the average of " +
      "a trial with 400",
    optionsFor: (size) => ({
      ...modernFor(size),
      flip: true,
      batch: 16,
      augment: ["color", "translation", "cutout"],
      ema: 0.995,
    }),
  },
  small: {
    source: "modern, with the widths and the batch that auto times first",
    size: 32,
    optionsFor: (size) => ({ ...modernFor(size), ...TIMED_FIRST }),
  },
};

/** What a preset sets for images of a size, or of its own. */
function optionsOf({ size: own, optionsFor }: Preset, size: ImageSize | undefined): Fixed {
  const sizes = own === undefined || size !== undefined ? {} : { size: own };
  return { ...sizes, ...optionsFor(size ?? own ?? USUAL_SIZE) };
}

/**
 * What a preset sets for images of a size, or of its own, and its source; of `auto`, which sets more, what it
 * always sets.
 */
export function describePreset(
  name: PresetName,
  size?: ImageSize,
): { source: string; options: Fixed } {
  const preset = FIXED[name === "auto" ? "modern" : name];
  const more = name === "auto" ? "; sizes, steps and ema follow from data, adapter and --minutes" : "";
  return { source: `${preset.source}${more}`, options: optionsOf(preset, size) };
}

/**
 * Options with those of their preset, wherever they leave something open. A run that is resumed has all of
 * its options already.
 */
export function withPreset(options: TrainOptions): TrainOptions {
  const { preset = "pytorch", resume } = options;
  if (resume !== undefined) return options;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...fixedOptions(preset, options), ...Object.fromEntries(given) };
}

/** What a preset sets beside these options. */
function fixedOptions(preset: PresetName, options: TrainOptions): Fixed {
  const { size, dNorm, precision, labelSmoothing, labelFlip } = options;
  if (preset !== "auto") {
    // A name of none is refused by the check of its own
    return Object.hasOwn(FIXED, preset) ? optionsOf(FIXED[preset], size) : {};
  }
  const modern = modernFor(size ?? USUAL_SIZE);
  // What was asked for comes first: penalties go neither with batch norm nor with f16
  if (dNorm === "batch" || precision === "f16") return { ema: modern.ema };
  return labelSmoothing || labelFlip ? { ...modern, loss: "non-saturating" } : modern;
}
