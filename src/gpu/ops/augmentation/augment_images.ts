import { derive } from "../../autograd/origin.ts";
import { expectKnownOptions } from "../../tensor/known_options.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { imageShape } from "../images/image_shape.ts";
import { applyMap, type ImageMap, transposeMap } from "./image_map.ts";
import {
  AUGMENTATION_KINDS,
  type AugmentationKind,
  checkKinds,
  checkParameters,
  pixelsOf,
  SHARES,
} from "./kinds.ts";

/** A thread takes all channels of a pixel at once. */
const MOST_CHANNELS = 4;

/** Options of {@linkcode augmentImages}. */
export interface AugmentImagesOptions {
  /**
   * What is done. Columns of the parameters for other kinds are not read.
   *
   * @default {all}
   */
  kinds?: readonly AugmentationKind[];
  /**
   * Rows and columns of the rectangle that cutout blanks.
   *
   * @default {half of the image's, halves rounded up}
   */
  cutout?: readonly [height: number, width: number];
  /**
   * Whether the last of 2 or 4 channels is alpha: color leaves it as it is, and takes the means of the others.
   *
   * @default {false}
   */
  alpha?: boolean;
  /**
   * Row of the parameters that is the first image's.
   *
   * @default {0}
   */
  first?: number;
}

/**
 * Augments images, each by parameters of its own, so that gradients pass through to the images: the transformations of
 * DiffAugment (Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training") and the flip of ADA
 * (Karras et al. 2020). In this order:
 *
 * 1. `color`: adds `brightness`; then moves values from the mean of their pixel's channels by the factor `saturation`;
 *    then from the mean of the image by the factor `contrast`.
 * 2. `flip`: left to right.
 * 3. `translation`: `y[i, j] = x[i + shift_y, j + shift_x]`, and 0 where that is outside of the image.
 * 4. `cutout`: 0 in a rectangle.
 *
 * An image of finite numbers with the parameters of {@linkcode AUGMENTATION_PARAMETERS} stays as it is. One launch without
 * color; color takes the mean of each image first. Parameters get no gradient. {@linkcode drawAugmentation} draws them.
 *
 * @param x `[images, height, width, channels]` with 1 to 4 channels, f32 or f16. Sums are f32.
 * @param parameters f32 `[rows, 8]`, with columns in the order of {@linkcode AUGMENTATION_PARAMETERS}.
 * @returns Of the shape and type of `x`.
 *
 * @throws {RangeError} if a shape does not fit, or an option is out of its range.
 * @throws {TypeError} if a tensor is of another type.
 *
 * @example Brighter, and one row up
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AUGMENTATION_PARAMETERS, augmentImages, gradients, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([1, 2, 3, 4], { shape: [1, 2, 2, 1] });
 * const chosen = { ...AUGMENTATION_PARAMETERS, brightness: 0.5, shift_y: 1 };
 * const y = augmentImages(x, device.tensor([Object.values(chosen)]));
 * assertEquals([...await y.data()], [3.5, 4.5, 0, 0]);
 * assertEquals([...await gradients([y], [x])[0]!.data()], [0, 0, 1, 1]);
 * ```
 */
export function augmentImages(x: Tensor, parameters: Tensor, options: AugmentImagesOptions = {}): Tensor {
  const map = mapOf(x, parameters, options);
  return derive(applyMap(x, { ...map, offset: true }), [x], (gradient) => [transposeMap(gradient, map)]);
}

/** What an augmentation does to differences of images: a linear map of each, without brightness. */
export interface LinearAugmentation {
  /** The map: a new tensor, through which no gradient passes. */
  apply(x: Tensor): Tensor;
  /** Its transpose: takes gradients at augmented images to those at the images themselves. */
  transposed(gradient: Tensor): Tensor;
}

/**
 * The linear map that {@linkcode augmentImages} is up to brightness, both ways: for what is computed of gradients at
 * images, such as gradient penalties.
 *
 * @throws {RangeError} if the parameters' shape does not fit or an option is out of its range; so do its functions.
 * @throws {TypeError} if the parameters are of another type.
 *
 * @example A difference of two images is augmented as they are
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AUGMENTATION_PARAMETERS, linearAugmentation, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const chosen = { ...AUGMENTATION_PARAMETERS, brightness: 0.5, contrast: 2 };
 * const augmentation = linearAugmentation(device.tensor([Object.values(chosen)]));
 * const difference = device.tensor([-1, 0, 0, 1], { shape: [1, 2, 2, 1] });
 * assertEquals([...await augmentation.apply(difference).data()], [-2, 0, 0, 2]);
 * ```
 */
export function linearAugmentation(
  parameters: Tensor,
  options: AugmentImagesOptions = {},
): LinearAugmentation {
  return {
    apply: (x) => applyMap(x, mapOf(x, parameters, options)),
    transposed: (gradient) => transposeMap(gradient, mapOf(gradient, parameters, options)),
  };
}

/** The linear map of checked options, for images. */
function mapOf(x: Tensor, parameters: Tensor, options: AugmentImagesOptions): ImageMap {
  expectKnownOptions("augmentImages()", options, { kinds: true, cutout: true, alpha: true, first: true });
  const label = "augment images";
  const { batch, height, width, channels } = imageShape("augmentImages", x);
  if (channels > MOST_CHANNELS) {
    throw new RangeError(
      `Cannot ${label}: they must have 1 to ${MOST_CHANNELS} channels, found shape ${formatShape(x.shape)}.`,
    );
  }
  const { kinds = AUGMENTATION_KINDS, alpha = false, first = 0 } = options;
  if (alpha && channels % 2 !== 0) {
    throw new RangeError(
      `Cannot ${label}: with alpha they must have 2 or 4 channels, found shape ${formatShape(x.shape)}.`,
    );
  }
  const { cutout = [pixelsOf(SHARES.cutout, height), pixelsOf(SHARES.cutout, width)] } = options;
  checkKinds(label, kinds);
  for (const [name, value] of Object.entries({ first, height: cutout[0], width: cutout[1] })) {
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 20) continue;
    const what = name === "first" ? "first row" : `${name} of the cutout`;
    throw new RangeError(
      `Cannot ${label}: the ${what} must be a whole number of at least 0 and below 2^20, found ${value}.`,
    );
  }
  checkParameters(label, parameters, { first, count: batch });
  return { label, parameters, first, kinds, cutout, alpha, offset: false };
}
