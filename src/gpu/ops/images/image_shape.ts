import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** The extents of a batch of images. */
export interface ImageShape {
  /** Images. */
  batch: number;
  /** Rows of pixels. */
  height: number;
  /** Pixels of a row. */
  width: number;
  /** Values of a pixel. */
  channels: number;
}

/**
 * The extents of `x`, which must be `[batch, height, width, channels]`.
 *
 * @throws {RangeError} naming the shape found.
 */
export function imageShape(label: string, x: Tensor): ImageShape {
  const [batch, height, width, channels] = x.shape;
  if (x.rank !== 4) {
    throw new RangeError(
      `${label}() needs images of shape [batch, height, width, channels], found ${formatShape(x.shape)}`,
    );
  }
  return { batch: batch!, height: height!, width: width!, channels: channels! };
}

/** How kernels step through pixels: WGSL type of an element, and elements of a pixel. Four channels at once, if possible. */
export function pixelElements(channels: number): { type: "vec4f" | "f32"; depth: number } {
  return channels % 4 === 0 ? { type: "vec4f", depth: channels / 4 } : { type: "f32", depth: channels };
}

/** Throws unless `value` is a whole number of at least `least`. */
export function checkWhole(label: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${label}() needs a whole ${name} of at least ${least}, found ${value}`);
  }
}
