import {
  augmentImages,
  type AugmentImagesOptions,
  concat,
  expectKnownOptions,
  linearAugmentation,
  mul,
  type Tensor,
} from "../gpu/mod.ts";
import {
  clipGradientNorm,
  type Network,
  type Optimizer,
  penalizedBackward,
  type PenaltyOptions,
} from "../nn/mod.ts";
import { type AdversarialLoss, adversarialLoss, type LossOptions } from "./adversarial_loss.ts";

/** The two networks. */
export interface Adversaries {
  /** Makes images from latent vectors. */
  readonly generator: Network;
  /** Tells real images from fake ones. */
  readonly discriminator: Network;
}

/** What a step computes. */
export interface TrainingStepOptions extends LossOptions {
  /**
   * Gamma of R1, the penalty of the discriminator's gradients at real images (Mescheder et al. 2018, section 4.1): half
   * of gamma times the mean square of their norm is added to the discriminator's loss. 0 turns it off. The discriminator
   * must suit `penalizedBackward()`: f32, and without batch norm.
   *
   * @default {0}
   */
  r1?: number;
  /**
   * Gamma of R2, the same penalty at fake images.
   *
   * @default {0}
   */
  r2?: number;
  /**
   * The largest norm of all gradients of a network together; see `clipGradientNorm()`. 0 turns clipping off.
   *
   * @default {0}
   */
  clip?: number;
  /**
   * How images are augmented wherever the discriminator sees them; not at all without it. Gradients pass through to the
   * generator.
   */
  augmentation?: StepAugmentation;
}

/** How a step augments its images; see `augmentImages()`. */
export interface StepAugmentation extends Omit<AugmentImagesOptions, "first"> {
  /** `[2 * batch, 8]`: those of the real images, then those of the fake ones. `drawAugmentation()` draws them. */
  readonly parameters: Tensor;
}

/** What a step leaves on the GPU. */
export interface StepResults {
  /**
   * `[2, 2]`: loss and mean probability of real images, then of fake ones, before the discriminator's update. The
   * probability is the sigmoid of the logit with every loss, though only the logistic ones mean it as one.
   */
  readonly discriminatorScores: Tensor;
  /** `[1, 2]`: the generator's loss, and the mean probability of fake images after the discriminator's update. */
  readonly generatorScores: Tensor;
  /** The fake images, in the generator's precision. */
  readonly fake: Tensor;
  /** The discriminator's logits before its update: those of real images, then those of fake ones. */
  readonly logits: Tensor;
  /** The discriminator's logits of the fake images after its update. */
  readonly generatorLogits: Tensor;
  /** `[2]`: R1 of real images and R2 of fake ones, before the discriminator's update; absent if both are off. */
  readonly penalties?: Tensor;
  /** `[]` each: the norms of the networks' gradients before they were clipped; absent if they are not. */
  readonly gradientNorms?: { readonly discriminator: Tensor; readonly generator: Tensor };
}

/**
 * One step of adversarial training, in the order of PyTorch's examples/dcgan. Call it while a program is recorded.
 *
 * The discriminator sees real and fake images in one pass, in which batch norms keep the two halves apart, as if they
 * were two passes after each other; it is updated with the sum of both gradients. The generator then learns from the
 * discriminator just updated, through the same fake images; no gradients of the discriminator's weights
 * are computed there. With a loss of pairs, the updated discriminator sees the real images once more.
 *
 * With `r1` or `r2`, the discriminator's gradients are also those of gradient penalties. The scores stay those of the
 * loss alone. With `clip`, the gradients of each network are clipped before its update, those of penalties included.
 *
 * With an augmentation, the discriminator sees augmented images only, real and fake (Zhao et al. 2020, section 3). An
 * image is augmented once a step: both networks learn from the same. The penalties are those of gradients at the images
 * themselves, through the augmentation, as in StyleGAN2-ADA and R3GAN.
 *
 * @throws {RangeError} if the numbers of latent vectors and of real images differ, the loss has no such target, `r1`,
 * `r2` or `clip` is no finite number of at least 0, or the augmentation has not two rows of parameters for each real image.
 * @throws {TypeError} if there are penalties, but the discriminator has batch norm or is of f16.
 */
export function trainingStep(
  { generator, discriminator }: Adversaries,
  optimizers: { readonly generator: Optimizer; readonly discriminator: Optimizer },
  batch: { readonly real: Tensor; readonly latent: Tensor },
  options: TrainingStepOptions = {},
): StepResults {
  expectKnownOptions("trainingStep()", options, {
    loss: true,
    realLabel: true,
    fakeLabel: true,
    generatorTarget: true,
    r1: true,
    r2: true,
    clip: true,
    augmentation: true,
  });
  const { r1 = 0, r2 = 0, clip = 0, augmentation, ...targets } = options;
  const loss = adversarialLoss(targets);
  const { device } = batch.real;
  if (batch.real.shape[0] !== batch.latent.shape[0]) {
    throw new RangeError(
      `Cannot take a training step: the latent vectors must be as many as the real images, ` +
        `${batch.real.shape[0]}, found ${batch.latent.shape[0]}`,
    );
  }

  const fake = generator.forward(batch.latent);
  const seen = augmented({ real: batch.real, fake }, augmentation);
  const images = concat(seen.real, seen.fake.detach());
  const judged = r1 === 0 && r2 === 0
    ? judge(discriminator, images, loss)
    : judgeWithPenalties(discriminator, images, loss, [r1, r2], augmentation);
  const discriminatorNorm = clip === 0 ? undefined : clipGradientNorm(discriminator, clip);
  optimizers.discriminator.step();

  // In a pass of their own, real images cost no backward pass: no gradient of the generator is theirs.
  const rivals = loss.paired ? discriminator.forward(seen.real).detach() : undefined;
  const generatorLogits = discriminator.forward(seen.fake);
  const generatorScores = loss.generator(rivals ? concat(generatorLogits, rivals) : generatorLogits);
  generator.backward([generatorScores], { seeds: [device.tensor([[1, 0]])] });
  const generatorNorm = clip === 0 ? undefined : clipGradientNorm(generator, clip);
  optimizers.generator.step();

  const norms = discriminatorNorm && generatorNorm &&
    { gradientNorms: { discriminator: discriminatorNorm, generator: generatorNorm } };
  return { ...judged, generatorScores, fake, generatorLogits, ...norms };
}

/** Images as the discriminator sees them. */
interface SeenImages {
  readonly real: Tensor;
  readonly fake: Tensor;
}

function augmented(images: SeenImages, augmentation: StepAugmentation | undefined): SeenImages {
  if (!augmentation) return images;
  const { parameters, ...options } = augmentation;
  const { real, fake } = images;
  const [count = 0] = real.shape;
  if (parameters.shape[0] !== 2 * count) {
    throw new RangeError(
      `Cannot take a training step: the augmentation must have parameters for ${count} real and ${count} fake images, ` +
        `found ${parameters.shape[0]} rows`,
    );
  }
  return {
    real: augmentImages(real, parameters, options).detach(),
    fake: augmentImages(fake, parameters, { ...options, first: count }),
  };
}

/** What the discriminator says of real and fake images. Its gradients are left in the network. */
type Judged = Pick<StepResults, "discriminatorScores" | "logits" | "penalties">;

function judge(discriminator: Network, images: Tensor, loss: AdversarialLoss): Judged {
  const logits = discriminator.forward(images, { groups: 2 });
  const discriminatorScores = loss.discriminator(logits);
  discriminator.backward([discriminatorScores], { seeds: [lossesOnly(images)] });
  return { discriminatorScores, logits };
}

function judgeWithPenalties(
  discriminator: Network,
  images: Tensor,
  loss: AdversarialLoss,
  gammas: readonly [r1: number, r2: number],
  augmentation: StepAugmentation | undefined,
): Judged {
  const through = augmentation && linearMap(augmentation);
  let scores: Tensor | undefined;
  const lossOf = (logits: Tensor): Tensor => {
    scores = loss.discriminator(logits);
    return mul(scores, lossesOnly(images));
  };
  const { logits, penalties } = penalizedBackward(discriminator, images, lossOf, gammas, through);
  return { discriminatorScores: scores!.detach(), logits, penalties };
}

/** What an augmentation does to differences of images. */
function linearMap({ parameters, ...options }: StepAugmentation): PenaltyOptions {
  return { through: linearAugmentation(parameters, options) };
}

/** Of each row of a discriminator's scores the loss counts, the probability does not. */
function lossesOnly({ device }: Tensor): Tensor {
  return device.tensor([[1, 0], [1, 0]]);
}
