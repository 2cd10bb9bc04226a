/**
 * The value that half of the others are below: the middle one, or the mean of both in the middle.
 *
 * @throws {RangeError} if there is none.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("A median needs at least one value, found none");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
