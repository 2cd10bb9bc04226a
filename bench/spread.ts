import { median } from "../src/gpu/timing/median.ts";

/** The middle and the ends of several measurements of one thing. */
export interface Spread {
  /** Half of the measurements are below it. */
  readonly median: number;
  /** The lowest. */
  readonly min: number;
  /** The highest. */
  readonly max: number;
}

/**
 * Median, least and greatest of one measurement or more.
 *
 * @throws {RangeError} if there is none.
 */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError("A spread needs at least one measurement, found none");
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}
