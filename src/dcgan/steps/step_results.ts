import type { Tensor } from "../../gpu/mod.ts";

/**
 * What a step leaves on the GPU: of its last update of each network, if there are several, and of whole
 * batches, whose scores and penalties are means over their micro-batches.
 */
export interface StepResults {
  /**
   * `[2, 2]`: loss and mean probability of real images, then of fake ones, before the discriminator's update.
   * The probability is the sigmoid of the logit with every loss, though only the logistic ones mean it as
   * one.
   */
  readonly discriminatorScores: Tensor;
  /**
   * `[1, 2]`: the generator's loss, and the mean probability of fake images after the discriminator's update.
   */
  readonly generatorScores: Tensor;
  /** The fake images, in the generator's precision: with shards, of those that the program has. */
  readonly fake: Tensor;
  /** The discriminator's logits before its update: those of real images, then those of fake ones. */
  readonly logits: Tensor;
  /** The discriminator's logits of the fake images after its update. */
  readonly generatorLogits: Tensor;
  /**
   * The gradient penalties before the discriminator's update, in a row: R1 of real images and R2 of fake ones
   * if one of them is on, then that of mixes if it is on. Absent if all are off.
   */
  readonly penalties?: Tensor;
  /** `[]` each: the norms of the networks' gradients, those of penalties included, before they are clipped. */
  readonly gradientNorms: { readonly discriminator: Tensor; readonly generator: Tensor };
  /**
   * `[4]`: the sum of `GradientScaling.values` after each update of the discriminator but the last, to know
   * how many of them were skipped; absent if there is only one, or the discriminator is not of f16.
   */
  readonly earlierDiscriminatorScaling?: Tensor;
  /** The same of the generator. */
  readonly earlierGeneratorScaling?: Tensor;
}
