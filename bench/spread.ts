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
  if (values.length === 0) throw new RangeError("A spread needs one measurement at least: found none");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle)
    ? (sorted[middle - 1]! + sorted[middle]!) / 2
    : sorted[Math.floor(middle)]!;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}
