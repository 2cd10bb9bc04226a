/**
 * How many pictures one grid may have. A PNG is encoded whole, and viewers decode it whole.
 *
 * @module
 */

/** Pixels of a grid: 64 megapixels, which is also the most that this module reads of a picture. */
const MOST_PIXELS = 64 * 2 ** 20;

/** Pixels between pictures and around them. */
const PADDING = 2;

/** The most pictures of a size that one grid may have. */
export function mostInGrid(size: number): number {
  const side = (pictures: number) => pictures * (size + PADDING) + PADDING;
  const square = Math.max(1, Math.floor((Math.sqrt(MOST_PIXELS) - PADDING) / (size + PADDING)));
  return side(square) * side(square + 1) <= MOST_PIXELS ? square * (square + 1) : square ** 2;
}

/** Why a grid cannot have `count` pictures, to follow the name of the option; undefined if it can. */
export function gridProblem(count: number, size: number): string | undefined {
  const most = mostInGrid(size);
  return count <= most
    ? undefined
    : `must be at most ${most} in one picture of ${size}x${size} images, found ${count}`;
}
