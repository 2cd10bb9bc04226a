import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { randomFrom } from "../random_from.ts";

/** What a configuration is drawn from: each value as often as the others. */
const CHOICES = {
  widths: [
    { ngf: 8, ndf: 16 },
    { ngf: 16, ndf: 16 },
    { ngf: 16, ndf: 32 },
    { ngf: 32, ndf: 32 },
    { ngf: 32, ndf: 64 },
    { ngf: 64, ndf: 64 },
  ],
  batch: [16, 32, 64],
  upsampling: ["nearest", "transposed"],
  gamma: [0.2, 1, 5],
  learningRate: [2e-4, 5e-4, 1e-3],
} as const;

/** One of several, by a number from 0 to 1. */
function one<T>(values: readonly T[], random: number): T {
  return values[Math.floor(random * values.length)]!;
}

/**
 * Configurations that somebody might try by hand, drawn evenly from widths, batches, upsampling, gammas and rates: every
 * fourth with PyTorch's loss and norm, the others with those of `modern`. None comes twice.
 */
export function configurations(count: number, seed = 1): TrainOptions[] {
  const random = randomFrom(seed);
  const chosen = new Map<string, TrainOptions>();
  while (chosen.size < count) {
    const sizes = { ...one(CHOICES.widths, random()), batch: one(CHOICES.batch, random()) };
    const upsampling = one(CHOICES.upsampling, random());
    const [gamma, learningRate] = [one(CHOICES.gamma, random()), one(CHOICES.learningRate, random())];
    const options: TrainOptions = chosen.size % 4 === 3
      ? { preset: "pytorch", ...sizes, upsampling, learningRate, ema: 0.998 }
      : { preset: "modern", ...sizes, upsampling, learningRate, r1: gamma, r2: gamma, ema: 0.998 };
    chosen.set(JSON.stringify(options), options);
  }
  return [...chosen.values()];
}
