/**
 * Width and height of pictures in pixels: the edge of square ones, or text such as `"64x48"`, the width
 * first.
 */
export type ImageSize = number | `${number}x${number}`;

/** The sides of pictures, in pixels. */
export interface ImageSides {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
}

/**
 * The sides of pictures of a size.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sidesOf } from "@x/dcgan";
 *
 * assertEquals(sidesOf("64x48"), { width: 64, height: 48 });
 * assertEquals(sidesOf(32), { width: 32, height: 32 });
 * ```
 */
export function sidesOf(size: ImageSize): ImageSides {
  const [width, height = width] = `${size}`.split("x").map(Number);
  return { width: width!, height: height! };
}

/** The size of pictures with these sides: a number if they are square. */
export function imageSizeOf({ width, height }: ImageSides): ImageSize {
  return width === height ? width : `${width}x${height}`;
}

/** A size as text, `64x64` or `64x48`: the width first. */
export function sizeText(size: ImageSize): string {
  const { width, height } = sidesOf(size);
  return `${width}x${height}`;
}

/** A size of sides that are whole numbers above 0; undefined if the value is no such size. */
export function parseSize(value: unknown): ImageSize | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  if (!/^[1-9]\d*(x[1-9]\d*)?$/.test(`${value}`)) return undefined;
  return imageSizeOf(sidesOf(value as ImageSize));
}

/** Values of one picture of a size. */
export function lengthOf(
  { size, channels }: { readonly size: ImageSize; readonly channels: number },
): number {
  const { width, height } = sidesOf(size);
  return width * height * channels;
}
