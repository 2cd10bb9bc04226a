import {
  addNoise,
  augmentImages,
  type AugmentImagesOptions,
  linearAugmentation,
  packImages,
  type Tensor,
  unpackImages,
} from "../../gpu/mod.ts";
import type { PenaltyOptions } from "../../nn/mod.ts";
import type { StepNoise } from "./step_draws.ts";

/** How a step augments its images; see `augmentImages()`. */
export interface StepAugmentation extends Omit<AugmentImagesOptions, "first"> {
  /**
   * `[2 * vectors, 8]`, two rows for each latent vector of the step: of each micro-batch those of its real
   * images, then those of its fake ones. `drawAugmentation()` draws them.
   */
  readonly parameters: Tensor;
}

/** As many real images as fake ones. */
export interface SeenImages {
  /** Real images. */
  readonly real: Tensor;
  /** Fake ones. */
  readonly fake: Tensor;
}

/** What happens to images before the discriminator sees them. */
export interface Seeing {
  /** How they are augmented; not at all without it. */
  readonly augmentation?: StepAugmentation | undefined;
  /** The noise that is added to them; none without it. */
  readonly noise?: StepNoise | undefined;
  /** How many are packed together. */
  readonly pack: number;
  /** Row of the first image among those of the step: that of its parameters of an augmentation. */
  readonly first: number;
}

/** Images as the discriminator sees them: augmented, then with noise, then packed. */
export function seenImages(images: SeenImages, { augmentation, noise, pack, first }: Seeing): SeenImages {
  const clear = augmentation ? augmented(images, augmentation, first) : images;
  const { real, fake } = noise ? noisy(clear, noise, first) : clear;
  return pack === 1 ? { real, fake } : { real: packImages(real, pack), fake: packImages(fake, pack) };
}

function noisy({ real, fake }: SeenImages, noise: StepNoise, first: number): SeenImages {
  const [count = 0] = real.shape;
  // Numbers are drawn in fours
  const each = 4 * Math.ceil(real.size / count / 4);
  return {
    real: addNoise(real, { ...noise, first: first * each }).detach(),
    fake: addNoise(fake, { ...noise, first: (first + count) * each }),
  };
}

function augmented({ real, fake }: SeenImages, augmentation: StepAugmentation, first: number): SeenImages {
  const { parameters, ...options } = augmentation;
  return {
    real: augmentImages(real, parameters, { ...options, first }).detach(),
    fake: augmentImages(fake, parameters, { ...options, first: first + real.shape[0]! }),
  };
}

/** What happens to differences of real and fake images, one after another. Noise changes none. */
export function seenThrough({ augmentation, pack, first }: Seeing): PenaltyOptions {
  if (!augmentation) return {};
  const { parameters, ...options } = augmentation;
  const map = linearAugmentation(parameters, { ...options, first });
  if (pack === 1) return { through: map };
  // Packs are taken apart, augmented and packed again: what is a pack's at the end was one at the start
  const packed = (way: keyof typeof map) => (x: Tensor) => {
    using images = unpackImages(x, pack);
    using seen = map[way](images);
    return packImages(seen, pack).detach();
  };
  return { through: { apply: packed("apply"), transposed: packed("transposed") } };
}

/**
 * Throws unless there are parameters for all images of a step.
 *
 * @param vectors Latent vectors of the step.
 */
export function checkAugmentation({ parameters }: StepAugmentation, vectors: number): void {
  if (parameters.shape[0] === 2 * vectors) return;
  throw new RangeError(
    `Cannot take a training step: the augmentation must have parameters for ${vectors} real and ${vectors} fake images, ` +
      `found ${parameters.shape[0]} rows`,
  );
}
