import type { TrainOptions } from "../../src/dcgan/options/options.ts";

/** Runs that differ in one thing, to be shown beside each other. */
export interface Case {
  /** What all of them have. */
  readonly shared: TrainOptions;
  /** What each has besides, by what it is called in the picture. */
  readonly runs: Readonly<Record<string, TrainOptions>>;
  /** Steps whose samples are shown: multiples of the first one. Runs end with the last one. */
  readonly steps: readonly [number, ...number[]];
  /** A number of each step to draw below the samples, and what it is called. */
  readonly curve?: readonly [name: string, title: string];
}

/** Small networks on small faces: each run takes less than a minute of processor time. */
const SMALL = {
  data: "faces",
  preset: "pytorch",
  size: 16,
  ngf: 16,
  batch: 32,
} as const satisfies TrainOptions;

/** The discriminator is ahead of the generator. */
const UNEVEN = { ...SMALL, ndf: 32 } as const satisfies TrainOptions;

/** No batch norm in the discriminator, which then judges each image alone. */
const ALONE = { ...SMALL, ndf: 16, dNorm: "none" } as const satisfies TrainOptions;

/** The pictures of `docs/how-it-works.md` that need runs of their own. */
export const CASES: Readonly<Record<string, Case>> = {
  losses: {
    shared: UNEVEN,
    runs: { "non-saturating": {}, minimax: { loss: "minimax" } },
    steps: [200, 1000],
    curve: ["generatorGradientNorm", "Norm of the generator's gradient"],
  },
  collapse: {
    shared: { ...ALONE, gSteps: 3, learningRate: 0.001 },
    runs: {
      "3 G steps": {},
      "3 G and 3 D steps": { dSteps: 3 },
      "batch norm in D": { dNorm: "batch" },
    },
    steps: [200, 400, 600],
  },
  "batch-norm": {
    shared: UNEVEN,
    runs: {
      "batch norm": {},
      "not in G": { gNorm: "none" },
      "in neither": { gNorm: "none", dNorm: "none" },
    },
    steps: [200, 1000],
  },
  checkerboard: {
    shared: ALONE,
    runs: { transposed: {}, nearest: { upsampling: "nearest" } },
    steps: [50, 200, 400],
  },
};
