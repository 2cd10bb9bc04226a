import { checkFeatures, type Features, selectRows } from "./features.ts";
import { bootstrapErrors, type ErrorOptions, type Estimate } from "./standard_error.ts";

const TASK = "take the deviation of images";

/**
 * Mean over pixels of each pixel's standard deviation over the batch:
 * `mean_p sqrt(sum_i (x_ip - m_p)^2 / (n - 1))`. Near 0 if all images look alike.
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
  checkFeatures(pictures, { task: TASK, name: "the images", atLeast: 2 });
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

/**
 * The samples' {@linkcode pixelDeviation} over the data's: about 1 for samples as diverse as the data, a
 * quarter or less if the generator has collapsed.
 *
 * @throws {RangeError} if a batch has one image, all images of the data are equal, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = { data: Float32Array.of(-1, 1), count: 2, dimensions: 1 };
 * const samples = { data: Float32Array.of(-0.1, 0.1), count: 2, dimensions: 1 };
 * assertAlmostEquals(relativeDeviation(samples, data), 0.1, 1e-6);
 * ```
 */
export function relativeDeviation(samples: Features, data: Features): number {
  const whole = pixelDeviation(data);
  if (whole === 0) {
    throw new RangeError(`Cannot ${TASK}: the deviation of the data must be above 0, found 0.`);
  }
  return pixelDeviation(samples) / whole;
}

/**
 * Error bar of {@linkcode pixelDeviation}, by bootstrap over the images.
 *
 * @throws {RangeError} if there are fewer than two images or repeats, or a number is not finite.
 */
export function deviationError(pictures: Features, options: ErrorOptions): Estimate {
  return bootstrapErrors(
    pictures.count,
    (rows) => ({ deviation: pixelDeviation(selectRows(pictures, rows)) }),
    options,
  ).deviation;
}
