/**
 * The numbers of one step, as PyTorch's DCGAN example defines them. D(x) and D(G(z)) are means of the sigmoid of the
 * discriminator's logits over the batch. With the logistic losses these are its probabilities; with others they only show
 * the logits on the same scale, and with the Wasserstein loss, whose logits have no bounds, they may stick at 0 or 1.
 */
export interface StepNumbers {
  /** The generator's loss. */
  readonly generatorLoss: number;
  /** The discriminator's loss on the real batch; with a loss of pairs, half of its loss. */
  readonly discriminatorLossReal: number;
  /** The discriminator's loss on the fake batch; with a loss of pairs, the other half. */
  readonly discriminatorLossFake: number;
  /** Mean D(x) on the real batch. */
  readonly dReal: number;
  /** Mean D(G(z)) before the discriminator's update. */
  readonly dFake: number;
  /** Mean D(G(z)) after the discriminator's update, as the generator sees it. */
  readonly dFakeAfter: number;
  /**
   * Norm of all gradients of the discriminator together, those of penalties included, before its last update
   * and before they are clipped; absent if they overflowed 16 bits, and in runs of earlier versions.
   */
  readonly discriminatorGradientNorm?: number;
  /** That of the generator's, likewise. */
  readonly generatorGradientNorm?: number;
  /**
   * Updates of a network that this step skipped because its gradients overflowed 16 bits; absent if none was.
   */
  readonly skippedUpdates?: number;
  /**
   * Sum of the gradient penalties before the discriminator's update, as if each step had them; absent in steps that have
   * none.
   */
  readonly penalties?: number;
  /** R1 of these, at real images; absent in steps without it. */
  readonly r1Penalty?: number;
  /** R2, at fake images, likewise. */
  readonly r2Penalty?: number;
  /** WGAN-GP, at mixes of both, likewise. */
  readonly wganGpPenalty?: number;
  /**
   * The probability with which the next step augments its images, if it adapts itself, or with which this step did, if it has
   * a schedule; absent otherwise.
   */
  readonly augmentProbability?: number;
  /** The learning rate of the step, of the generator if both have their own; absent if all steps have the same. */
  readonly learningRate?: number;
  /** That of the discriminator, if it has one of its own. */
  readonly dLearningRate?: number;
  /** Gamma of R1 in the step; absent unless it has a schedule. */
  readonly r1?: number;
  /** Gamma of R2, likewise. */
  readonly r2?: number;
  /** Weight of WGAN-GP, likewise. */
  readonly gradientPenalty?: number;
  /** Standard deviation of instance noise, likewise. */
  readonly instanceNoise?: number;
  /** Adam's decay of the mean of squared gradients, likewise. */
  readonly beta2?: number;
  /** Decay of the moving average, likewise. */
  readonly ema?: number;
}

/** The names of a step's numbers, in the order in which the scores of a step hold them. */
export const STEP_NUMBERS = [
  "discriminatorLossReal",
  "dReal",
  "discriminatorLossFake",
  "dFake",
  "generatorLoss",
  "dFakeAfter",
] as const satisfies readonly (keyof StepNumbers)[];

/** The names of the norms of gradients among the numbers of a step. */
export const GRADIENT_NORMS = [
  "discriminatorGradientNorm",
  "generatorGradientNorm",
] as const satisfies readonly (keyof StepNumbers)[];

/** The name of a gradient penalty among the numbers of a step. */
export type PenaltyName = "r1Penalty" | "r2Penalty" | "wganGpPenalty";

/** What people call each of them. */
export const PENALTIES: Readonly<Record<PenaltyName, string>> = {
  r1Penalty: "R1",
  r2Penalty: "R2",
  wganGpPenalty: "WGAN-GP",
};

/** The numbers of a step by name, from the elements of both scores one after the other. */
export function nameNumbers(values: ArrayLike<number>): StepNumbers {
  return Object.fromEntries(
    STEP_NUMBERS.map((name, position) => [name, values[position]!]),
  ) as unknown as StepNumbers;
}
