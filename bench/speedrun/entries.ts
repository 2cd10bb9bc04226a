import type { TrainOptions } from "../../src/dcgan/options/options.ts";

/** A recipe of the table. */
export interface Entry {
  /** What is new in it, against the one before. */
  readonly name: string;
  /** All of its options. */
  readonly options: TrainOptions;
}

/** What all entries train: digits, with the same images and batches. */
export const SHARED = { size: 32, channels: 1, ngf: 32, ndf: 32, batch: 64 } as const satisfies TrainOptions;

const PENALIZED = { loss: "rpgan", dNorm: "none", r1: 0.5, r2: 0.5 } as const satisfies TrainOptions;
const ADAM = { learningRate: 6e-4, beta1: 0, beta2: 0.99 } as const satisfies TrainOptions;
const AVERAGED = { ema: 0.997 } as const satisfies TrainOptions;

/** The entries, each with what was found after the one before. */
export const ENTRIES: readonly Entry[] = [
  { name: "PyTorch's example", options: {} },
  { name: "with an average of the generator", options: AVERAGED },
  { name: "RpGAN, R1 and R2 of 0.5, no norm in the discriminator", options: PENALIZED },
  { name: "Adam with betas of 0 and 0.99, rates of 0.0006", options: { ...PENALIZED, ...ADAM } },
  { name: "and an average of the generator", options: { ...PENALIZED, ...ADAM, ...AVERAGED } },
  {
    name: "nearest upsampling, half the maps in the generator",
    options: { ...PENALIZED, ...ADAM, ...AVERAGED, upsampling: "nearest", ngf: 16 },
  },
];
