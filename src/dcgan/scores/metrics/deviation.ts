import { checkFeatures, type Features } from "./features.ts";

/**
 * Mean over pixels of each pixel's standard deviation over the batch: `mean_p sqrt(sum_i (x_ip - m_p)^2 / (n - 1))`.
 * Near 0 if all images look alike.
 *
 * @param pictures `[n, pixels]`, two images or more; channels count as pixels of their own.
 * @throws {RangeError} if there is only one image, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const pictures = { data: Float32Array.of(0, 1, 2, 1), count: 2, dimensions: 2 };
 * assertAlmostEquals(pixelDeviation(pictures), Math.SQRT2 / 2);
 * ```
 */
export function pixelDeviation(pictures: Features): number {
  checkFeatures(pictures, { task: "take the deviation of images", name: "the images", atLeast: 2 });
  const { data, count, dimensions } = pictures;
  // Welford's update: one pass along the rows, and no digits lost to the mean.
  const mean = new Float64Array(dimensions);
  const squares = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    for (let pixel = 0; pixel < dimensions; pixel++) {
      const value = data[row * dimensions + pixel]!;
      const change = value - mean[pixel]!;
      mean[pixel]! += change / (row + 1);
      squares[pixel]! += change * (value - mean[pixel]!);
    }
  }
  let sum = 0;
  for (const square of squares) sum += Math.sqrt(square / (count - 1));
  return sum / dimensions;
}
