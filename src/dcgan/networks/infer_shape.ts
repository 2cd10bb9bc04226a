import {
  type ImageSides,
  type ImageSize,
  imageSizeOf,
  sidesOf,
  sizeText,
} from "../../pictures/image_size.ts";
import { type Architecture, doublingsOf, mapsAfter } from "./architecture.ts";
import type { Kernel } from "./network_kinds.ts";

/** Sides of what a kernel covers. */
export function sidesOfKernel([, , height, width]: Kernel): ImageSides {
  return { width, height };
}

/**
 * Sides of the last maps of a discriminator with classes, which sums over them.
 *
 * @throws {RangeError} if the size is not known, as no weight depends on it, or not one that is halved so
 * often.
 */
export function summedMaps(size: ImageSize | undefined, count: number, source: string): ImageSides {
  if (size === undefined) {
    const [least, most] = [4, 7].map((base) => base * 2 ** count);
    throw new RangeError(
      `Cannot infer ${source}: the size of its pictures must be given if it has classes, as its weights are the ` +
        `same for ${least} and ${most} pixels. Give size, which checkpoints have in the metadata of their files`,
    );
  }
  const { width, height } = sidesOf(size);
  const maps = { width: width / 2 ** count, height: height / 2 ** count };
  if (Number.isInteger(maps.width) && Number.isInteger(maps.height)) return maps;
  throw new RangeError(
    `Cannot infer ${source}: the size of its pictures must be halved ${count} times, both sides whole, found ${
      sizeText(size)
    }`,
  );
}

/**
 * The size that maps are doubled to, and their base if it is not the usual one.
 *
 * @param maps Sides of the smallest maps, or how many pixels they have.
 * @param size The size, if it is known.
 */
export function shapeOf(
  maps: ImageSides | number,
  count: number,
  who: string,
  size: ImageSize | undefined,
): Pick<Architecture, "size" | "base"> {
  const base = typeof maps === "number" ? sidesOfPixels(maps, count, who, size) : maps;
  const found = imageSizeOf({ width: base.width * 2 ** count, height: base.height * 2 ** count });
  const known = size ?? found;
  if (sizeText(known) !== sizeText(found)) {
    throw new RangeError(
      `${who}: its pictures must be of ${sizeText(known)}, as is said of them, found ${sizeText(found)}`,
    );
  }
  const shorter = Math.min(base.width, base.height);
  // The base that the size has by itself need not be said
  return isUsual(found, count) ? { size: found } : { size: found, base: shorter };
}

/** Sides of maps with so many pixels: those of the size, or of a square. */
function sidesOfPixels(pixels: number, count: number, who: string, size: ImageSize | undefined): ImageSides {
  const { width, height } = sidesOf(size ?? Math.sqrt(pixels) * 2 ** count);
  const base = { width: width / 2 ** count, height: height / 2 ** count };
  const isWhole = Number.isInteger(base.width) && Number.isInteger(base.height);
  if (isWhole && base.width * base.height === pixels) return base;
  const must = size === undefined
    ? 'must be square, or be given a size in the metadata of its file, such as "size": "64x48"'
    : `must be those of pictures of ${sizeText(size)}, halved ${count} times`;
  throw new RangeError(`${who}: its smallest maps ${must}; found ${pixels} pixels`);
}

/** Whether so many doublings lead to a size by default. */
function isUsual(size: ImageSize, count: number): boolean {
  try {
    return doublingsOf({ size }).count === count;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The most maps of a layer, if those after `layers - 1` doublings are fewer than without such a limit. */
export function capOf(most: number, first: number, layers: number): Pick<Architecture, "maxMaps"> {
  return most < mapsAfter(layers - 1, first) ? { maxMaps: most } : {};
}
