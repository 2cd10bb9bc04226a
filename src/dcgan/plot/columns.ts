import type { HistoryCurve } from "../numbers/history.ts";

/** What is drawn at one place along the steps: one value, or all that share a column of pixels. */
export interface Column {
  /** Position in pixels. */
  readonly x: number;
  /** Least value; not a number if there is none. */
  readonly low: number;
  /** Greatest value. */
  readonly high: number;
  /** Mean of the values. */
  readonly mean: number;
}

/**
 * The values of a curve at their places: each at its own if there is room, else gathered by column of pixels. Values
 * that are not finite leave gaps: they are left out, and a place with no other is `NaN`.
 */
export function toColumns(places: Float64Array, values: HistoryCurve, gather: boolean): Column[] {
  const columns: Column[] = [];
  for (let from = 0, to; from < places.length; from = to) {
    to = from + 1;
    if (gather) { while (to < places.length && Math.floor(places[to]!) === Math.floor(places[from]!)) to++; }
    const x = gather ? Math.floor(places[from]!) + 0.5 : places[from]!;
    columns.push({ x, ...summarize(values, from, to) });
  }
  return columns;
}

function summarize(values: HistoryCurve, from: number, to: number): Omit<Column, "x"> {
  const total = values.weight.subarray(from, to).reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return { low: NaN, high: NaN, mean: NaN };
  let [low, high, mean] = [Infinity, -Infinity, 0];
  for (let i = from; i < to; i++) {
    const weight = values.weight[i]!;
    if (weight === 0) continue;
    low = Math.min(low, values.low[i]!);
    high = Math.max(high, values.high[i]!);
    mean += values.mean[i]! * weight / total;
  }
  return { low, high, mean };
}

/**
 * Weighted means over neighbors, with weights of a normal distribution with a standard deviation of `width` places.
 * Gaps stay gaps, and weigh nothing in their neighbors.
 */
export function smooth(values: readonly number[], width: number): number[] {
  const reach = Math.ceil(3 * width);
  const weights = Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * (i / width) ** 2));
  return values.map((value, at) => {
    if (Number.isNaN(value)) return NaN;
    let [sum, total] = [0, 0];
    for (let i = Math.max(0, at - reach); i <= Math.min(values.length - 1, at + reach); i++) {
      const weight = weights[Math.abs(i - at)]!;
      if (Number.isNaN(values[i]!)) continue;
      sum += weight * values[i]!;
      total += weight;
    }
    return sum / total;
  });
}
