import { concat, expectKnownOptions, type Tensor } from "../gpu/mod.ts";
import type { Network, Optimizer } from "../nn/mod.ts";
import { adversarialLoss, type LossOptions } from "./adversarial_loss.ts";

/** The two networks. */
export interface Adversaries {
  /** Makes images from latent vectors. */
  readonly generator: Network;
  /** Tells real images from fake ones. */
  readonly discriminator: Network;
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
  /** The discriminator's logits of the fake images after its update. */
  readonly generatorLogits: Tensor;
}

/**
 * One step of adversarial training, in the order of PyTorch's examples/dcgan. Call it while a program is recorded.
 *
 * The discriminator sees real and fake images in one pass, in which batch norms keep the two halves apart, as if they
 * were two passes after each other; it is updated with the sum of both gradients. The generator then learns from the
 * discriminator just updated, through the same fake images; no gradients of the discriminator's weights
 * are computed there. With a loss of pairs, the updated discriminator sees the real images once more.
 *
 * @throws {RangeError} if the numbers of latent vectors and of real images differ, or the loss has no such target.
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
  const loss = adversarialLoss(options);
  const { device } = batch.real;
  if (batch.real.shape[0] !== batch.latent.shape[0]) {
    throw new RangeError(
      `Cannot take a training step: the latent vectors must be as many as the real images, ` +
        `${batch.real.shape[0]}, found ${batch.latent.shape[0]}`,
    );
  }

  const fake = generator.forward(batch.latent);
  const logits = discriminator.forward(concat(batch.real, fake.detach()), { groups: 2 });
  const discriminatorScores = loss.discriminator(logits);
  // Of each row of the scores the loss counts, the probability does not.
  discriminator.backward([discriminatorScores], { seeds: [device.tensor([[1, 0], [1, 0]])] });
  optimizers.discriminator.step();

  // In a pass of their own, real images cost no backward pass: no gradient of the generator is theirs.
  const rivals = loss.paired ? discriminator.forward(batch.real).detach() : undefined;
  const generatorLogits = discriminator.forward(fake);
  const generatorScores = loss.generator(rivals ? concat(generatorLogits, rivals) : generatorLogits);
  generator.backward([generatorScores], { seeds: [device.tensor([[1, 0]])] });
  optimizers.generator.step();

  return { discriminatorScores, generatorScores, fake, logits, generatorLogits };
}
