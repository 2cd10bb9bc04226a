import { split, type Tensor } from "../../gpu/mod.ts";
import type { AddNoiseOptions } from "../../gpu/mod.ts";

/** WGAN-GP in a step. */
export interface StepGradientPenalty {
  /**
   * Factor of the penalty: a finite number of at least 0, such as 10, or an f32 tensor `[1]` that may change
   * between runs of a program.
   */
  readonly weight: number | Tensor;
  /**
   * f32 `[pairs]`: how much of each mix is of the real image, usually drawn from 0 to 1. There is a mix for
   * each logit of a real image in the step: of each pair of a real and a fake image, or of packs of them.
   */
  readonly shares: Tensor;
}

/** What a step draws for the logits of the discriminator. */
export interface LogitDraws {
  /** See `TrainingStepOptions`. */
  readonly gradientPenalty?: StepGradientPenalty | undefined;
  /** See `TrainingStepOptions`. */
  readonly labelFlips?: Tensor | undefined;
}

/** Noise on the images of a step; see `addNoise()`. */
export type StepNoise = Omit<AddNoiseOptions, "first">;

/** The draws of each micro-batch of the discriminator's updates, in order. */
export interface DrawsOfPart {
  /** Of each mix, how much is of the real image. */
  readonly shares: Tensor | undefined;
  /** Of each logit, whether its target is that of the other half. */
  readonly flips: Tensor | undefined;
}

/**
 * Cuts what a step draws for logits into parts.
 *
 * @param pairs Pairs of logits of real and of fake images in all updates of the discriminator together.
 * @param parts Micro-batches of these updates.
 * @throws {RangeError} if there are not as many draws.
 * @throws {TypeError} if they are not f32.
 */
export function drawsOfParts(
  { gradientPenalty, labelFlips }: LogitDraws,
  pairs: number,
  parts: number,
): readonly DrawsOfPart[] {
  const cut = (name: string, given: Tensor | undefined, count: number): readonly Tensor[] => {
    if (!given) return [];
    if (given.dtype !== "f32") {
      throw new TypeError(`Cannot take a training step: ${name} must be f32, found ${given.dtype}`);
    }
    if (given.size !== count || given.rank !== 1) {
      throw new RangeError(
        `Cannot take a training step: ${name} must be ${count} in a row, found shape [${
          given.shape.join(", ")
        }]`,
      );
    }
    return parts === 1 ? [given] : split(given, parts);
  };
  const shares = cut("the shares of mixes", gradientPenalty?.shares, pairs);
  const flips = cut("label flips", labelFlips, 2 * pairs);
  return Array.from({ length: parts }, (_, part) => ({ shares: shares[part], flips: flips[part] }));
}
