/**
 * How many pictures one grid may have. A PNG is encoded whole, and viewers decode it whole.
 *
 * @module
 */

import { type ImageSize, sidesOf, sizeText } from "./image_size.ts";

/** Pixels of a grid: 64 megapixels, which is also the most that this module reads of a picture. */
const MOST_PIXELS = 64 * 2 ** 20;

/** Pixels between pictures and around them. */
const PADDING = 2;

/** The most pictures of a size that one grid may have, which has as many rows as columns or one fewer. */
export function mostInGrid(size: ImageSize): number {
  const { width, height } = sidesOf(size);
  const sideOf = (pictures: number, edge: number) => pictures * (edge + PADDING) + PADDING;
  const fits = (columns: number, rows: number) =>
    sideOf(columns, width) * sideOf(rows, height) <= MOST_PIXELS;
  let rows = 1;
  while (fits(rows + 1, rows + 1)) rows++;
  return fits(rows + 1, rows) ? rows * (rows + 1) : rows ** 2;
}

/** Why a grid cannot have `count` pictures, to follow the name of the option; undefined if it can. */
export function gridProblem(count: number, size: ImageSize): string | undefined {
  const most = mostInGrid(size);
  return count <= most
    ? undefined
    : `must be at most ${most} in one picture of ${sizeText(size)} images, found ${count}`;
}
