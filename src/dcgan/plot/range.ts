/** What an axis shows, and what lies outside. */
export interface Range {
  /** Lowest value shown. */
  readonly low: number;
  /** Highest value shown. */
  readonly high: number;
  /** Finite values outside; not known if a value stands for several steps. */
  readonly outside: number | undefined;
  /** The one of them that is farthest away; `undefined` if there is none. */
  readonly farthest: number | undefined;
}

/** Share of the values that the axis shows at least, from the middle. */
const SHOWN = 0.98;

/** An axis is cut only if that makes it this many times shorter. */
const WORTH_CUTTING = 2;

/** Smaller values have no place on a logarithmic axis, as a share of the largest. */
const SMALLEST_SHOWN = 1e-8;

/** Room between the curves and the frame, as a share of the range. */
const ROOM = 0.06;

/**
 * The range for losses: from 0, or the lowest if that is negative, to the highest. If a few values are so far out
 * that the others would be pressed flat, they are left outside: one spike of a thousand would hide everything else.
 *
 * @param isThinned Whether a value may stand for several steps.
 */
export function rangeOf(columns: readonly Float64Array[], isThinned = false): Range {
  const finite = columns.flatMap((values) => [...values].filter(Number.isFinite)).sort((a, b) => a - b);
  if (finite.length === 0) return { low: 0, high: 1, outside: 0, farthest: undefined };
  const [lowest, highest] = [finite[0]!, finite.at(-1)!];
  const [lower, upper] = [quantile(finite, (1 - SHOWN) / 2), quantile(finite, (1 + SHOWN) / 2)];
  const spread = upper - Math.min(0, lower) || 1;
  const cutHigh = highest - upper > (WORTH_CUTTING - 1) * spread;
  const cutLow = Math.min(0, lower) - lowest > (WORTH_CUTTING - 1) * spread;
  const high = cutHigh ? upper + spread / 4 : highest;
  const low = Math.min(0, cutLow ? lower - spread / 4 : lowest);
  const outside = finite.filter((value) => value < low || value > high);
  const farthest = outside.reduce<number | undefined>(
    (far, value) => far === undefined || Math.abs(value) > Math.abs(far) ? value : far,
    undefined,
  );
  const room = ROOM * (high - low || 1);
  return {
    low: low - room / 2,
    high: high + room,
    outside: isThinned ? undefined : outside.length,
    farthest,
  };
}

/**
 * The range of a logarithmic axis for values of at least 0: all but zeros, and those that are so small beside
 * the largest that the others would be pressed flat.
 */
export function logRangeOf(columns: readonly Float64Array[]): Range {
  const finite = columns.flatMap((values) => [...values].filter(Number.isFinite));
  const highest = finite.reduce((so, value) => Math.max(so, value), 0) || 1;
  const [shown, outside] = [[highest], [] as number[]];
  for (const value of finite) (value < highest * SMALLEST_SHOWN ? outside : shown).push(value);
  const lowest = shown.reduce((so, value) => Math.min(so, value));
  const room = Math.max(1.1, (highest / lowest) ** ROOM);
  return {
    low: lowest / room,
    high: highest * room,
    outside: outside.length,
    farthest: outside.length === 0 ? undefined : outside.reduce((so, value) => Math.min(so, value)),
  };
}

/** The value that a share of the sorted ones lies below, interpolated. */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (next - sorted[below]!) * (position - below);
}
