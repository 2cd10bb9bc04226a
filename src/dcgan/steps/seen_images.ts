import {
  augmentImages,
  type AugmentImagesOptions,
  linearAugmentation,
  packImages,
  type Tensor,
  unpackImages,
} from "../../gpu/mod.ts";
import type { PenaltyOptions } from "../../nn/mod.ts";

/** How a step augments its images; see `augmentImages()`. */
export interface StepAugmentation extends Omit<AugmentImagesOptions, "first"> {
  /**
   * `[2 * vectors, 8]`, two rows for each latent vector of the step: of each micro-batch those of its real images, then
   * those of its fake ones. `drawAugmentation()` draws them.
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
  /** How many are packed together. */
  readonly pack: number;
  /** Row of the augmentation's parameters that is the first image's. */
  readonly first: number;
}

/** Images as the discriminator sees them: augmented, then packed. */
export function seenImages(images: SeenImages, { augmentation, pack, first }: Seeing): SeenImages {
  const { real, fake } = augmentation ? augmented(images, augmentation, first) : images;
  return pack === 1 ? { real, fake } : { real: packImages(real, pack), fake: packImages(fake, pack) };
}

function augmented({ real, fake }: SeenImages, augmentation: StepAugmentation, first: number): SeenImages {
  const { parameters, ...options } = augmentation;
  return {
    real: augmentImages(real, parameters, { ...options, first }).detach(),
    fake: augmentImages(fake, parameters, { ...options, first: first + real.shape[0]! }),
  };
}

/** What augmentation does to differences of real and fake images, one after another; nothing without it. */
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
