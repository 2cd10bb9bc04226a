import { drawSubset } from "./draws.ts";
import { checkPair, type Features, selectRows } from "./features.ts";
import { eachPairProductBlock, eachProductBlock, type ProductBlock } from "./product_blocks.ts";
import { meanAndDeviation } from "./standard_error.ts";

const TASK = "take a kernel distance";

/** Which rows a subset compares. */
export interface KidSubset {
  /** Rows of the real features. */
  readonly real: ArrayLike<number>;
  /** Rows of the fake features. */
  readonly fake: ArrayLike<number>;
}

/** A kernel distance over subsets. */
export interface KidResult {
  /** Mean over the subsets. */
  readonly mean: number;
  /** Standard deviation over the subsets, with divisor `subsets` as the paper's code has it. */
  readonly deviation: number;
  /** Standard error of the mean: the deviation with divisor `subsets - 1`, over `sqrt(subsets)`. */
  readonly standardError: number;
  /** The estimate of each subset. */
  readonly perSubset: Float64Array;
}

/** How subsets are drawn. */
export interface KidOptions {
  /**
   * How many. One of 1,000 rows with 512 dimensions takes about a third of a second.
   *
   * @default {20}
   */
  readonly subsets?: number;
  /**
   * Rows of each set in one: at most 1,000, or as many as the smaller set has.
   *
   * @default {1000}
   */
  readonly size?: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
}

/**
 * Squared maximum mean discrepancy of all rows, without bias (Bińkowski et al. 2018, "Demystifying MMD
 * GANs"):
 * `sum_{i != j} k(x_i, x_j) / (n (n - 1)) + sum_{i != j} k(y_i, y_j) / (m (m - 1)) - 2 mean k(x_i, y_j)` with
 * `k(x, y) = (x.y / d + 1)^3`. May be negative. Products are held a block at a time.
 *
 * @param real `[n, d]`, two rows or more.
 * @param fake `[m, d]`, likewise.
 * @throws {RangeError} if dimensions differ, a set has one row, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const real = { data: Float32Array.of(0, 0), count: 2, dimensions: 1 };
 * const fake = { data: Float32Array.of(1, 1), count: 2, dimensions: 1 };
 * assertEquals(kernelDistance(real, fake), 1 + 2 ** 3 - 2);
 * ```
 */
export function kernelDistance(real: Features, fake: Features): number {
  checkPair(real, fake, TASK, 2);
  return withinMean(real) + withinMean(fake) - 2 * acrossMean(real, fake);
}

/**
 * Kernel distance over given subsets; see {@linkcode kernelDistance}.
 *
 * @throws {RangeError} also if there are fewer than two subsets, or a row is not there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const real = { data: Float32Array.of(0, 0, 1), count: 3, dimensions: 1 };
 * const subsets = [{ real: [0, 1], fake: [0, 1] }, { real: [0, 1], fake: [1, 0] }];
 * assertEquals(kidOverSubsets(real, real, subsets).mean, 0);
 * ```
 */
export function kidOverSubsets(real: Features, fake: Features, subsets: readonly KidSubset[]): KidResult {
  checkPair(real, fake, TASK, 2);
  if (subsets.length < 2) {
    throw new RangeError(`Cannot ${TASK}: subsets must be 2 or more, found ${subsets.length}.`);
  }
  const perSubset = Float64Array.from(
    subsets,
    (rows) => kernelDistance(selectRows(real, rows.real), selectRows(fake, rows.fake)),
  );
  const { mean, deviation } = meanAndDeviation(perSubset);
  return {
    mean,
    deviation: deviation * Math.sqrt((subsets.length - 1) / subsets.length),
    standardError: deviation / Math.sqrt(subsets.length),
    perSubset,
  };
}

/**
 * Kernel distance over subsets that a counted generator draws, without repeated rows inside one (KID for the
 * features of Inception). The same seed gives the same subsets. Subsets overlap, so that the standard error
 * is that of drawing subsets from these samples; the more of all rows a subset takes, the more it understates
 * that of drawing samples.
 *
 * @throws {RangeError} if an option is not in its range, dimensions differ, or a number is not finite.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const set = (shift: number) => ({
 *   data: Float32Array.from({ length: 50 }, (_, index) => index % 7 + shift),
 *   count: 50,
 *   dimensions: 1,
 * });
 * const { mean, standardError } = kid(set(0), set(9), { subsets: 10, size: 20, seed: 1 });
 * assert(mean > 5 * standardError);
 * ```
 */
export function kid(real: Features, fake: Features, options: KidOptions): KidResult {
  const { subsets = 20, size = Math.min(1000, real.count, fake.count), seed } = options;
  const most = Math.min(real.count, fake.count);
  if (!Number.isInteger(size) || size < 2 || size > most) {
    throw new RangeError(`Cannot ${TASK}: the size of subsets must be from 2 to ${most}, found ${size}.`);
  }
  if (!Number.isInteger(subsets) || subsets < 2) {
    throw new RangeError(`Cannot ${TASK}: subsets must be 2 or more, found ${subsets}.`);
  }
  const drawn = Array.from({ length: subsets }, (_, index) => ({
    real: drawSubset(real.count, size, { seed, epoch: 2 * index }),
    fake: drawSubset(fake.count, size, { seed, epoch: 2 * index + 1 }),
  }));
  return kidOverSubsets(real, fake, drawn);
}

/** Mean of the kernel over pairs of different rows. */
function withinMean(set: Features): number {
  let total = 0;
  eachPairProductBlock(set, (block) => total += kernelSum(block, set.dimensions));
  return 2 * total / (set.count * (set.count - 1));
}

/** Mean of the kernel over all pairs of two sets. */
function acrossMean(real: Features, fake: Features): number {
  let total = 0;
  eachProductBlock(real, fake, (block) => total += kernelSum(block, real.dimensions));
  return total / (real.count * fake.count);
}

function kernelSum(block: ProductBlock, d: number): number {
  const { rows, columns, products } = block;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const end = row * columns + block.columnsOf(row);
    for (let at = row * columns; at < end; at++) {
      const value = products[at]! / d + 1;
      sum += value * value * value;
    }
  }
  return sum;
}
