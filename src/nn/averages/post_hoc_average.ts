import { innerProduct, type PowerFunction } from "./power_function.ts";

/** An average that was kept: which one, and its values. */
export interface KeptAverage extends PowerFunction {
  /** The values. */
  readonly values: ArrayLike<number>;
}

/** How averages that were kept become another one. */
export interface PostHocWeights {
  /** The factor of each, in order. */
  readonly weights: Float64Array;
  /**
   * How far the sum of weighted power functions is from the one that is wanted, relative to that: the root of the mean square
   * of their difference. The error of the values is usually a tenth of it or less.
   */
  readonly error: number;
}

/**
 * The factors with which averages that were kept during training add up to one of another length, by least squares between
 * their power functions (Karras et al. 2024, arXiv:2312.02696, section 3.2 and algorithm 3). The more were kept, and the
 * nearer their lengths are to the one wanted, the smaller the error.
 *
 * @param kept Length and step of each.
 * @param wanted Length and step of the average to build.
 * @throws {RangeError} if none was kept, two are the same or as good as that, a length is not above 0 and up to 0.2886, or
 * a step is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { postHocWeights } from "@x/dcgan/nn";
 *
 * const kept = [50, 100, 150, 200].flatMap((step) => [{ length: 0.05, step }, { length: 0.1, step }]);
 * const { weights, error } = postHocWeights(kept, { length: 0.07, step: 200 });
 * assert(error < 0.05);
 * // Nearly a mean of the last two
 * assertAlmostEquals(weights[6]! + weights[7]!, 1.05, 0.01);
 * ```
 */
export function postHocWeights(kept: readonly PowerFunction[], wanted: PowerFunction): PostHocWeights {
  for (const { step } of [...kept, wanted]) {
    if (!Number.isSafeInteger(step) || step < 1) {
      refuse(`a step must be a whole number of at least 1, found ${step}`);
    }
  }
  if (kept.length === 0) refuse("there must be averages that were kept, found none");
  // Scaled to length 1, so that narrow and wide ones count alike in what is lost to rounding
  const norms = kept.map((one) => Math.sqrt(innerProduct(one, one)));
  const products = kept.map((one, i) =>
    kept.map((other, j) => innerProduct(one, other) / norms[i]! / norms[j]!)
  );
  const targets = kept.map((one, i) => innerProduct(one, wanted) / norms[i]!);
  const solution = solve(products, targets);
  const whole = innerProduct(wanted, wanted);
  const met = solution.reduce((sum, factor, i) => sum + factor * targets[i]!, 0);
  return {
    weights: Float64Array.from(solution, (factor, i) => factor / norms[i]!),
    error: Math.sqrt(Math.max(0, 1 - met / whole)),
  };
}

/**
 * An average of another length than those that were kept during training (Karras et al. 2024, arXiv:2312.02696, section
 * 3.2, "post-hoc EMA"): the sum of the kept ones, each times its factor of {@linkcode postHocWeights}. A
 * {@linkcode MovingAverage} of a `length` is one to keep.
 *
 * @param kept Averages of one parameter, or of a row of them, `[values]` each.
 * @param wanted Length and step of the average to build.
 * @returns Its values, `[values]`, added up in 64 bits.
 * @throws {RangeError} if they are not as many values each, or as {@linkcode postHocWeights} does.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { type KeptAverage, postHocAverage } from "@x/dcgan/nn";
 *
 * // Averages of a value that is 1, 2, 3, ...: of each length, a share of the last step
 * const shareOf = new Map([[0.05, 0.9473], [0.1, 0.8881]]);
 * const kept: KeptAverage[] = [125, 250, 375, 500, 625, 750, 875, 1000].flatMap((step) =>
 *   [...shareOf].map(([length, share]) => ({ length, step, values: [share * step] }))
 * );
 * const [average] = postHocAverage(kept, { length: 0.07, step: 1000 });
 * assertAlmostEquals(average!, 924.5, 1);
 * ```
 */
export function postHocAverage(
  kept: readonly KeptAverage[],
  wanted: PowerFunction,
): Float32Array<ArrayBuffer> {
  const { weights } = postHocWeights(kept, wanted);
  const size = kept[0]!.values.length;
  const sum = new Float64Array(size);
  for (const [i, { values }] of kept.entries()) {
    if (values.length !== size) refuse(`all averages must have ${size} values, found ${values.length}`);
    for (let at = 0; at < size; at++) sum[at]! += weights[i]! * values[at]!;
  }
  return Float32Array.from(sum);
}

/** Solves `matrix x = right` for a symmetric positive definite matrix of diagonal 1, by Cholesky's factor. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows: number[][] = [];
  for (const [i, from] of matrix.entries()) {
    const row: number[] = [];
    for (let j = 0; j < i; j++) row.push((from[j]! - dot(row, rows[j]!, j)) / rows[j]![j]!);
    const rest = from[i]! - dot(row, row, i);
    if (!(rest > matrix.length * Number.EPSILON)) {
      refuse("no two averages that were kept may be the same, or as good as that: keep fewer of them");
    }
    rows.push([...row, Math.sqrt(rest)]);
  }
  const half: number[] = [];
  for (const [i, row] of rows.entries()) half.push((right[i]! - dot(row, half, i)) / row[i]!);
  const solution = new Array<number>(half.length).fill(0);
  for (let i = half.length - 1; i >= 0; i--) {
    let rest = half[i]!;
    for (let j = i + 1; j < half.length; j++) rest -= rows[j]![i]! * solution[j]!;
    solution[i] = rest / rows[i]![i]!;
  }
  return solution;
}

/** The inner product of the first elements of two rows. */
function dot(one: readonly number[], other: readonly number[], count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += one[i]! * other[i]!;
  return sum;
}

function refuse(problem: string): never {
  throw new RangeError(`Cannot build an average: ${problem}`);
}
