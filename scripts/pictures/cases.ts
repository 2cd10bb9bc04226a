import type { TrainOptions } from "../../src/dcgan/options/options.ts";

/** Runs that differ in one thing, to be shown beside each other. */
export interface Case {
  /** What all of them have. */
  readonly shared: TrainOptions;
  /** What each has besides, by what it is called in the picture. */
  readonly runs: Readonly<Record<string, TrainOptions>>;
  /** A number of each step to draw below the samples, and what it is called. */
  readonly curve?: readonly [name: string, title: string];
}

/** Small networks on small faces: each run takes a minute or two on two cores. */
const SMALL = {
  data: "faces",
  preset: "pytorch",
  size: 16,
  ngf: 16,
  ndf: 32,
  batch: 32,
  steps: 1000,
} as const satisfies TrainOptions;

/** A generator that is far too small for its discriminator. */
const UNEVEN = { ...SMALL, ngf: 4, learningRate: 0.001, steps: 600 } as const satisfies TrainOptions;

/** The pictures of `docs/how-it-works.md` that need runs of their own. */
export const CASES: Readonly<Record<string, Case>> = {
  losses: {
    shared: SMALL,
    runs: { "non-saturating": {}, minimax: { loss: "minimax" } },
    curve: ["generatorGradientNorm", "Norm of the generator's gradient"],
  },
  collapse: {
    shared: UNEVEN,
    runs: { "usual loss": {}, "RpGAN + R1 + R2": { loss: "rpgan", dNorm: "none", r1: 2, r2: 2 } },
  },
  "batch-norm": {
    shared: SMALL,
    runs: {
      "batch norm": {},
      "not in G": { gNorm: "none" },
      "in neither": { gNorm: "none", dNorm: "none" },
    },
  },
  checkerboard: {
    shared: { ...SMALL, size: 32, ndf: 16, steps: 400 },
    runs: { transposed: {}, nearest: { upsampling: "nearest" } },
  },
};
