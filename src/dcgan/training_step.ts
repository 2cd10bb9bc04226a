import { concat, expectKnownOptions, type Tensor } from "../gpu/mod.ts";
import { logisticScores, type Network, type Optimizer } from "../nn/mod.ts";

/** The two networks. */
export interface Adversaries {
  /** Makes images from latent vectors. */
  readonly generator: Network;
  /** Tells real images from fake ones. */
  readonly discriminator: Network;
}

/** What the losses aim at. */
export interface LossOptions {
  /**
   * The generator's loss: `-log D(G(z))`, or the original `log(1 - D(G(z)))` of the minimax game (Goodfellow et al.
   * 2014, section 3), whose gradient fades when the discriminator wins.
   *
   * @default {"non-saturating"}
   */
  loss?: "non-saturating" | "minimax";
  /**
   * The discriminator's target for real images.
   *
   * @default {1}
   */
  realLabel?: number;
  /**
   * The discriminator's target for fake images.
   *
   * @default {0}
   */
  fakeLabel?: number;
  /**
   * The target for fake images that the generator aims at.
   *
   * @default {1}
   */
  generatorTarget?: number;
}

/** What a step leaves on the GPU. */
export interface StepResults {
  /** `[2, 2]`: loss and mean probability of real images, then of fake ones, before the discriminator's update. */
  readonly discriminatorScores: Tensor;
  /** `[1, 2]`: the generator's loss, and the mean probability of fake images after the discriminator's update. */
  readonly generatorScores: Tensor;
  /** The fake images, in the generator's precision. */
  readonly fake: Tensor;
  /** The discriminator's logits before its update: those of real images, then those of fake ones. */
  readonly logits: Tensor;
}

/**
 * One step of adversarial training, in the order of PyTorch's examples/dcgan. Call it while a program is recorded.
 *
 * The discriminator sees real and fake images in one pass, in which batch norms keep the two halves apart, as if they
 * were two passes after each other; it is updated with the sum of both gradients. The generator then learns from the
 * discriminator just updated, through the same fake images; no gradients of the discriminator's weights
 * are computed there.
 *
 * @throws {RangeError} if the numbers of latent vectors and of real images differ.
 */
export function trainingStep(
  { generator, discriminator }: Adversaries,
  optimizers: { readonly generator: Optimizer; readonly discriminator: Optimizer },
  batch: { readonly real: Tensor; readonly latent: Tensor },
  options: LossOptions = {},
): StepResults {
  expectKnownOptions("trainingStep()", options, {
    loss: true,
    realLabel: true,
    fakeLabel: true,
    generatorTarget: true,
  });
  const { loss = "non-saturating", realLabel = 1, fakeLabel = 0, generatorTarget = 1 } = options;
  const { device } = batch.real;
  if (batch.real.shape[0] !== batch.latent.shape[0]) {
    throw new RangeError(
      `Cannot take a training step: the latent vectors must be as many as the real images, ` +
        `${batch.real.shape[0]}, found ${batch.latent.shape[0]}`,
    );
  }

  const fake = generator.forward(batch.latent);
  const logits = discriminator.forward(concat(batch.real, fake.detach()), { groups: 2 });
  const discriminatorScores = logisticScores(logits, [{ target: realLabel }, { target: fakeLabel }]);
  // Of each row of the scores the loss counts, the probability does not.
  discriminator.backward([discriminatorScores], { seeds: [device.tensor([[1, 0], [1, 0]])] });
  optimizers.discriminator.step();

  const aim = loss === "minimax" ? { target: fakeLabel, scale: -1 } : { target: generatorTarget };
  const generatorScores = logisticScores(discriminator.forward(fake), [aim]);
  generator.backward([generatorScores], { seeds: [device.tensor([[1, 0]])] });
  optimizers.generator.step();

  return { discriminatorScores, generatorScores, fake, logits };
}
