import { checkFeatures, type Features } from "./features.ts";
import { addRowProducts, mirrorLower } from "./linear/multiply_transposed.ts";

/** Rows that are centered and multiplied at a time: all that covariances take beside their result. */
const BLOCK = 256;

/** Mean and covariance of features. */
export interface Moments {
  /** `[dimensions]`. */
  readonly mean: Float64Array;
  /** `[dimensions, dimensions]`, symmetric. */
  readonly covariance: Float64Array;
  /** How many numbers describe one image. */
  readonly dimensions: number;
}

/**
 * Mean and covariance of features in float64: `S = sum (x - mean)(x - mean)^T / (n - 1)`. Rows are centered
 * before they are multiplied, so that a large mean costs no digits. Data's moments can be kept and compared
 * to many sets of samples.
 *
 * @throws {RangeError} if there are fewer than two rows, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { mean, covariance } = moments({ data: Float32Array.of(0, 1, 2, 5), count: 2, dimensions: 2 });
 * assertEquals([...mean], [1, 3]);
 * assertEquals([...covariance], [2, 4, 4, 8]);
 * ```
 */
export function moments(features: Features): Moments {
  checkFeatures(features, { task: "take a covariance", name: "the features", atLeast: 2 });
  const { data, count, dimensions } = features;
  const mean = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    const start = row * dimensions;
    for (let i = 0; i < dimensions; i++) mean[i]! += data[start + i]!;
  }
  for (let i = 0; i < dimensions; i++) mean[i]! /= count;

  const covariance = new Float64Array(dimensions * dimensions);
  const block = new Float64Array(dimensions * Math.min(BLOCK, count));
  for (let from = 0; from < count; from += BLOCK) {
    const terms = Math.min(BLOCK, count - from);
    for (let row = 0; row < terms; row++) {
      const start = (from + row) * dimensions;
      for (let i = 0; i < dimensions; i++) block[i * terms + row] = data[start + i]! - mean[i]!;
    }
    addRowProducts({
      a: block,
      b: block,
      rows: dimensions,
      columns: dimensions,
      terms,
      sum: covariance,
      lower: true,
    });
  }
  for (let i = 0; i < covariance.length; i++) covariance[i]! /= count - 1;
  mirrorLower(covariance, dimensions);
  return { mean, covariance, dimensions };
}
