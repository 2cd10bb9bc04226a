import { minimize } from "./minimize.ts";

/** Rows of numbers, one for each example. */
export interface Rows {
  /** `[count, dimensions]`. */
  readonly data: Float32Array | Float64Array;
  /** How many rows. */
  readonly count: number;
  /** Numbers of each. */
  readonly dimensions: number;
}

/** A linear function of a row. */
export interface LinearFunction {
  /** A weight for each number. */
  readonly weights: Float64Array;
  /** What is added. */
  readonly bias: number;
}

/** Weight of the squared length of the weights, for each example. It keeps them finite. */
const RIDGE = 1e-3;

/**
 * Logistic regression: the log-odds that an example is positive, as a linear function of its numbers. It
 * minimizes
 *
 * ```text
 * sum over i of log(1 + exp(-y_i (w . x_i + b))) + count * 0.001 / 2 * |w|^2
 * ```
 *
 * of numbers that are divided by their standard deviation, so that maps of any scale count alike; the weights
 * returned are for the numbers as they are. A number that is the same in all examples has weight 0.
 *
 * @param positive Whether each example is positive.
 */
export function logisticRegression(rows: Rows, positive: readonly boolean[]): LinearFunction {
  return fit(rows, (score, i) => {
    const sign = positive[i] ? 1 : -1;
    const margin = sign * score;
    // log(1 + exp(-m)) without exp() of large numbers
    const value = Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
    return { value, slope: -sign / (1 + Math.exp(margin)) };
  });
}

/**
 * Linear least squares: numbers as a linear function of rows, with the same weight on the squared length of
 * weights.
 */
export function leastSquares(rows: Rows, targets: ArrayLike<number>): LinearFunction {
  return fit(rows, (score, i) => {
    const off = score - targets[i]!;
    return { value: off * off / 2, slope: off };
  });
}

/** The value of a linear function for one row. */
export function scoreOf({ weights, bias }: LinearFunction, { data, dimensions }: Rows, row: number): number {
  let sum = bias;
  for (let j = 0; j < dimensions; j++) sum += weights[j]! * data[row * dimensions + j]!;
  return sum;
}

/** Minimizes a sum of losses of scores. */
function fit(
  rows: Rows,
  loss: (score: number, row: number) => { readonly value: number; readonly slope: number },
): LinearFunction {
  const { data, count, dimensions } = rows;
  const { means, scales } = spreadOf(rows);
  const scaled = new Float64Array(count * dimensions);
  for (let at = 0; at < scaled.length; at++) {
    const j = at % dimensions;
    scaled[at] = (data[at]! - means[j]!) * scales[j]!;
  }
  const found = minimize(dimensions + 1, (point) => {
    const gradient = new Float64Array(dimensions + 1);
    let value = 0;
    for (let i = 0; i < count; i++) {
      let score = point[dimensions]!;
      for (let j = 0; j < dimensions; j++) score += point[j]! * scaled[i * dimensions + j]!;
      const { value: own, slope } = loss(score, i);
      value += own;
      for (let j = 0; j < dimensions; j++) gradient[j]! += slope * scaled[i * dimensions + j]!;
      gradient[dimensions]! += slope;
    }
    for (let j = 0; j < dimensions; j++) {
      value += count * RIDGE / 2 * point[j]! ** 2;
      gradient[j]! += count * RIDGE * point[j]!;
    }
    return { value, gradient };
  });
  const weights = Float64Array.from({ length: dimensions }, (_, j) => found[j]! * scales[j]!);
  return {
    weights,
    bias: found[dimensions]! - weights.reduce((sum, weight, j) => sum + weight * means[j]!, 0),
  };
}

/** Share of its squared mean below which the variance of a column is what rounding leaves of a constant. */
const CONSTANT = 1e-12;

/** Means of the columns, and 1 over their standard deviations; 0 for one that is constant. */
function spreadOf({ data, count, dimensions }: Rows): { means: Float64Array; scales: Float64Array } {
  const means = new Float64Array(dimensions);
  const squares = new Float64Array(dimensions);
  for (let at = 0; at < count * dimensions; at++) means[at % dimensions]! += data[at]! / count;
  for (let at = 0; at < count * dimensions; at++) {
    squares[at % dimensions]! += (data[at]! - means[at % dimensions]!) ** 2 / count;
  }
  return {
    means,
    scales: squares.map((square, j) => square > CONSTANT * means[j]! ** 2 ? 1 / Math.sqrt(square) : 0),
  };
}
