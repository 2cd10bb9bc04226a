import { bceWithLogits, meanSigmoid, neg, type Tensor } from "../gpu/mod.ts";
import type { Network, Optimizer } from "../nn/mod.ts";

/** The two networks. */
export interface Adversaries {
  /** Makes pictures of latent vectors. */
  readonly generator: Network;
  /** Tells real pictures from made ones. */
  readonly discriminator: Network;
}

/** What the losses aim at. */
export interface LossOptions {
  /**
   * The generator's loss: `-log D(G(z))`, or the original `log(1 - D(G(z)))` of the minimax game (Goodfellow et al.
   * 2014, section 3), whose gradient fades where the discriminator wins.
   *
   * @default {"non-saturating"}
   */
  loss?: "non-saturating" | "minimax";
  /**
   * The discriminator's target for real pictures.
   *
   * @default {1}
   */
  realLabel?: number;
  /**
   * The discriminator's target for made pictures.
   *
   * @default {0}
   */
  fakeLabel?: number;
  /**
   * The target for made pictures that the generator aims at.
   *
   * @default {1}
   */
  generatorTarget?: number;
}

/** The numbers of a step, each a tensor of one element, and the pictures that were made. */
export interface StepResults {
  /** The discriminator's loss on real pictures. */
  readonly discriminatorLossReal: Tensor;
  /** The discriminator's loss on made pictures. */
  readonly discriminatorLossFake: Tensor;
  /** The generator's loss. */
  readonly generatorLoss: Tensor;
  /** Mean probability that the discriminator gives real pictures. */
  readonly dReal: Tensor;
  /** Mean probability that it gives made ones, before its update. */
  readonly dFake: Tensor;
  /** The same after its update. */
  readonly dFakeAfter: Tensor;
  /** The pictures that were made. */
  readonly fake: Tensor;
  /** The discriminator's logits of real pictures. */
  readonly logitsReal: Tensor;
  /** Its logits of made ones, before its update. */
  readonly logitsFake: Tensor;
}

/**
 * One step of adversarial training, in the order of PyTorch's examples/dcgan. Call it while a program is recorded.
 *
 * The discriminator sees the real and the made batch in separate forward passes, so that batch norm never mixes their
 * statistics, and is updated with the sum of both gradients. The generator then learns from the discriminator just
 * updated, through the pictures that were made before; no gradients of the discriminator's weights are computed there.
 */
export function trainingStep(
  { generator, discriminator }: Adversaries,
  optimizers: { readonly generator: Optimizer; readonly discriminator: Optimizer },
  batch: { readonly real: Tensor; readonly latent: Tensor },
  options: LossOptions = {},
): StepResults {
  const { loss = "non-saturating", realLabel = 1, fakeLabel = 0, generatorTarget = 1 } = options;

  const logitsReal = discriminator.forward(batch.real);
  const discriminatorLossReal = bceWithLogits(logitsReal, realLabel);
  const fake = generator.forward(batch.latent);
  const logitsFake = discriminator.forward(fake.detach());
  const discriminatorLossFake = bceWithLogits(logitsFake, fakeLabel);
  const dReal = meanSigmoid(logitsReal);
  const dFake = meanSigmoid(logitsFake);
  discriminator.backward([discriminatorLossReal, discriminatorLossFake]);
  optimizers.discriminator.step();

  const logitsAfter = discriminator.forward(fake);
  const generatorLoss = loss === "minimax"
    ? neg(bceWithLogits(logitsAfter, fakeLabel))
    : bceWithLogits(logitsAfter, generatorTarget);
  const dFakeAfter = meanSigmoid(logitsAfter);
  generator.backward([generatorLoss]);
  optimizers.generator.step();

  return {
    discriminatorLossReal,
    discriminatorLossFake,
    generatorLoss,
    dReal,
    dFake,
    dFakeAfter,
    fake,
    logitsReal,
    logitsFake,
  };
}
