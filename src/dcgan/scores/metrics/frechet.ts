import { checkPair, type Features } from "./features.ts";
import { pivotedCholesky } from "./linear/cholesky.ts";
import { symmetricEigenvalues } from "./linear/eigenvalues.ts";
import { addRowProducts } from "./linear/multiply_transposed.ts";
import { type Moments, moments } from "./moments.ts";

/** A Fréchet distance, and its part that the means make. */
export interface FrechetDistance {
  /** The whole distance, 0 or more. */
  readonly distance: number;
  /** `|m_real - m_fake|^2`. */
  readonly meanTerm: number;
}

/**
 * Fréchet distance between two sets of features, each seen as a normal distribution (Heusel et al. 2017,
 * "GANs Trained by a Two Time-Scale Update Rule", called FID there for the features of Inception):
 * `|m_r - m_f|^2 + tr S_r + tr S_f - 2 tr (S_r S_f)^(1/2)`.
 *
 * It depends on the number of samples: fewer give larger distances. Compare only sets of equal size. For an
 * error bar, use `subsetErrors`.
 *
 * @param real `[n, d]`, two rows or more; there may be fewer rows than dimensions.
 * @param fake `[m, d]`, likewise.
 * @throws {RangeError} if dimensions differ, a set has one row, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const real = { data: Float32Array.of(0, 2), count: 2, dimensions: 1 }; // mean 1, variance 2
 * const fake = { data: Float32Array.of(0, 4), count: 2, dimensions: 1 }; // mean 2, variance 8
 * const { distance } = frechetDistance(real, fake);
 * assertAlmostEquals(distance, (2 - 1) ** 2 + 2 + 8 - 2 * Math.sqrt(2 * 8));
 * ```
 */
export function frechetDistance(real: Features, fake: Features): FrechetDistance {
  checkPair(real, fake, "take a Fréchet distance", 2);
  return frechetFromMoments(moments(real), moments(fake));
}

/**
 * Fréchet distance between two sets whose moments are known; see {@linkcode frechetDistance}.
 *
 * The last trace is the sum of the roots of the eigenvalues of `R S_f R^T`, with `S_r = R^T R` from a
 * Cholesky factor with as many rows as the rank. No jitter is added to covariances that lack full rank, and
 * eigenvalues below 0, which come from rounding, count as 0.
 *
 * @throws {RangeError} if dimensions differ.
 */
export function frechetFromMoments(real: Moments, fake: Moments): FrechetDistance {
  const size = real.dimensions;
  if (fake.dimensions !== size) {
    throw new RangeError(
      `Cannot take a Fréchet distance: dimensions of the fake moments must be ${size}, found ${fake.dimensions}.`,
    );
  }
  let meanTerm = 0;
  let traces = 0;
  for (let i = 0; i < size; i++) {
    meanTerm += (real.mean[i]! - fake.mean[i]!) ** 2;
    traces += real.covariance[i * size + i]! + fake.covariance[i * size + i]!;
  }
  // Of roundings' size, and below 0 by them, if the sets are equal.
  const distance = Math.max(0, meanTerm + traces - 2 * rootTrace(real.covariance, fake.covariance, size));
  return { distance, meanTerm };
}

/** The trace of `(S_r S_f)^(1/2)`. */
function rootTrace(real: Float64Array, fake: Float64Array, size: number): number {
  const { rows, rank } = pivotedCholesky(real, size);
  const right = new Float64Array(rank * size);
  // A covariance is its own transpose.
  addRowProducts({ a: rows, b: fake, rows: rank, columns: size, terms: size, sum: right });
  const product = new Float64Array(rank * rank);
  addRowProducts({ a: right, b: rows, rows: rank, columns: rank, terms: size, sum: product, lower: true });
  let sum = 0;
  for (const value of symmetricEigenvalues(product, rank)) sum += Math.sqrt(Math.max(0, value));
  return sum;
}
