import { drawBootstrap, drawSubset } from "./draws.ts";
import { type Features, selectRows } from "./features.ts";

/** Several figures by name. */
export type Figures = Readonly<Record<string, number>>;

/** A figure with its error bar. */
export interface Estimate {
  /** Mean over the subsets or resamples. */
  readonly mean: number;
  /** How far the figure may be off for the samples that were drawn: one standard deviation. */
  readonly standardError: number;
}

/** How subsets or resamples are drawn. */
export interface ErrorOptions {
  /** How many: 2 or more. */
  readonly repeats: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
}

/**
 * Error bars from disjoint subsets, for figures that no bootstrap can be used for: repeated rows would change
 * a covariance's rank and make neighbors at distance 0. For the Fréchet distance, precision, recall, density,
 * coverage and the sliced Wasserstein distance.
 *
 * Both sets are put in a random order and cut into `repeats` parts of equal size; rows that are left over are
 * not used. The standard error of the figure of all rows is `sd / sqrt(repeats)`, with the divisor
 * `repeats - 1` in `sd` (random groups: Wolter, Introduction to Variance Estimation, 2). The mean over small
 * parts is biased for figures that depend on the number of samples: give the figure of all rows with this
 * error.
 *
 * @throws {RangeError} if there are fewer than 2 repeats, or more than rows of a set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const set = { data: Float32Array.of(1, 3, 5, 7), count: 4, dimensions: 1 };
 * const rows = ({ data }: { data: ArrayLike<number> }) => ({ rows: data.length });
 * assertEquals(subsetErrors(set, set, rows, { repeats: 2, seed: 1 }), {
 *   rows: { mean: 2, standardError: 0 },
 * });
 * ```
 */
export function subsetErrors<F extends Figures>(
  real: Features,
  fake: Features,
  metric: (real: Features, fake: Features) => F,
  { repeats, seed }: ErrorOptions,
): { [K in keyof F]: Estimate } {
  checkRepeats(repeats, Math.min(real.count, fake.count));
  const [reals, fakes] = [real, fake].map((set, epoch) => drawSubset(set.count, set.count, { seed, epoch }));
  const part = (order: Uint32Array, index: number) => {
    const size = Math.floor(order.length / repeats);
    return order.subarray(index * size, (index + 1) * size);
  };
  const runs = Array.from(
    { length: repeats },
    (_, index) => metric(selectRows(real, part(reals!, index)), selectRows(fake, part(fakes!, index))),
  );
  return estimates(runs, Math.sqrt(repeats));
}

/**
 * Error bars by bootstrap (Efron 1979), for figures of rows that stand for themselves: modes and their
 * divergence, distances to the nearest image. The standard error is the deviation of the figure over
 * resamples of `count` rows, drawn with replacement.
 *
 * @param figures Gives the figures of the rows at these places; a place may come several times.
 * @throws {RangeError} if there are fewer than 2 repeats or rows.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const values = Float64Array.from({ length: 100 }, (_, index) => index % 2);
 * const { mean } = bootstrapErrors(
 *   values.length,
 *   (rows) => ({ mean: rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length }),
 *   { repeats: 400, seed: 1 },
 * );
 * assertAlmostEquals(mean.standardError, 0.5 / Math.sqrt(100), 0.01);
 * ```
 */
export function bootstrapErrors<F extends Figures>(
  count: number,
  figures: (rows: Uint32Array) => F,
  { repeats, seed }: ErrorOptions,
): { [K in keyof F]: Estimate } {
  if (!Number.isInteger(count) || count < 2) {
    throw new RangeError(`Cannot estimate an error: rows must be 2 or more, found ${count}.`);
  }
  checkRepeats(repeats, Infinity);
  const runs = Array.from({ length: repeats }, (_, epoch) => figures(drawBootstrap(count, { seed, epoch })));
  return estimates(runs, 1);
}

/** Mean and standard deviation of numbers, the deviation with divisor `n - 1`. */
export function meanAndDeviation(values: ArrayLike<number>): { mean: number; deviation: number } {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i]!;
  mean /= values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

function checkRepeats(repeats: number, most: number): void {
  if (Number.isInteger(repeats) && repeats >= 2 && repeats <= most) return;
  const range = most === Infinity ? "2 or more" : `from 2 to ${most}`;
  throw new RangeError(`Cannot estimate an error: repeats must be ${range}, found ${repeats}.`);
}

function estimates<F extends Figures>(runs: readonly F[], divisor: number): { [K in keyof F]: Estimate } {
  const found: Record<string, Estimate> = {};
  for (const name of Object.keys(runs[0]!)) {
    const { mean, deviation } = meanAndDeviation(runs.map((run) => run[name]!));
    found[name] = { mean, standardError: deviation / divisor };
  }
  return found as { [K in keyof F]: Estimate };
}
