import type { ImageSides } from "../../../pictures/mod.ts";
import { QueryError } from "./read_query.ts";

/** Pictures that one answer holds at most. */
export const MOST_PICTURES = 256;

/** Pixels of an answer at most, of all frames together: 16 megapixels. */
export const MOST_PIXELS = 2 ** 24;

/** Pixels along a side at most, what WebP can hold. */
const MOST_SIDE = 16383;

/** Bytes of a pixel in a picture that cannot be compressed. */
const PIXEL = 4;

/**
 * The bytes that an answer takes at most.
 *
 * @param frames Frames of a film; 1 of a picture.
 * @throws {QueryError} if it would be too large, saying by how much.
 */
export function bytesOfAnswer(action: string, { width, height }: ImageSides, frames = 1): number {
  const pixels = width * height * frames;
  if (pixels <= MOST_PIXELS && Math.max(width, height) <= MOST_SIDE) return PIXEL * pixels;
  const found = `${width}x${height}${frames === 1 ? "" : ` in ${frames} frames`}`;
  throw new QueryError(
    `Cannot ${action}: an answer has at most ${MOST_PIXELS} pixels, and ${MOST_SIDE} along a side, found ${found}. ` +
      "Ask for fewer pictures, or a smaller scale",
  );
}
