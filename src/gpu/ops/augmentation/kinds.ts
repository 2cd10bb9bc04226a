import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** A kind of augmentation. */
export type AugmentationKind = "color" | "flip" | "translation" | "cutout";

/** The kinds, in the order in which an image goes through them. */
export const AUGMENTATION_KINDS = [
  "color",
  "flip",
  "translation",
  "cutout",
] as const satisfies readonly AugmentationKind[];

/**
 * The parameters of one image, in the order of their columns, each with the value that changes nothing:
 *
 * - `brightness`: added to all values.
 * - `saturation`: factor of the distances from the mean of each pixel's channels.
 * - `contrast`: factor of the distances from the mean of the image.
 * - `flip`: 1 to flip the image left to right.
 * - `shift_y`, `shift_x`: rows that the image moves up, and columns that it moves left. What comes in is 0.
 * - `cut_y`, `cut_x`: the first row and column of the square that becomes 0, which may begin outside of the image.
 *   From 2^20 on nothing is cut.
 */
export const AUGMENTATION_PARAMETERS = {
  brightness: 0,
  saturation: 1,
  contrast: 1,
  flip: 0,
  shift_y: 0,
  shift_x: 0,
  cut_y: 2 ** 20,
  cut_x: 2 ** 20,
} as const;

/** Columns of a tensor of parameters: two vectors of four for each image. */
export const PARAMETER_COLUMNS = Object.keys(AUGMENTATION_PARAMETERS).length;

/**
 * The share of an image's height and width that cutout blanks, and the largest share that translation moves it by: those
 * of DiffAugment (Zhao et al. 2020).
 */
export const SHARES = { cutout: 1 / 2, translation: 1 / 8 } as const;

/** A share of an extent in pixels, rounded as DiffAugment's code does it. */
export function pixelsOf(share: number, extent: number): number {
  return Math.floor(extent * share + 0.5);
}

/**
 * Throws unless these are different kinds.
 *
 * @throws {RangeError} naming what was found.
 */
export function checkKinds(label: string, kinds: readonly AugmentationKind[]): void {
  const known = kinds.every((kind) => AUGMENTATION_KINDS.includes(kind));
  if (known && new Set(kinds).size === kinds.length) return;
  throw new RangeError(
    `Cannot ${label}: the kinds must be different ones of ${AUGMENTATION_KINDS.join(", ")}, found ${
      JSON.stringify(kinds)
    }.`,
  );
}

/**
 * Throws unless a tensor holds the parameters of so many images.
 *
 * @throws {TypeError} if it is not f32.
 * @throws {RangeError} naming the shape found.
 */
export function checkParameters(label: string, parameters: Tensor, { first = 0, count = 1 }): void {
  if (parameters.dtype !== "f32") {
    throw new TypeError(`Cannot ${label}: the parameters must be of f32, found ${parameters.dtype}.`);
  }
  const [rows = 0, columns] = parameters.shape;
  if (parameters.rank === 2 && columns === PARAMETER_COLUMNS && first + count <= rows) return;
  const from = first === 0 ? "" : `, from row ${first} on`;
  throw new RangeError(
    `Cannot ${label}: the parameters must be [images, ${PARAMETER_COLUMNS}] with a row for each of ${count} images` +
      `${from}, found shape ${formatShape(parameters.shape)}.`,
  );
}
