/** Values between two others that are worth a grid line, and how they are written. */
export interface Ticks {
  /** Ascending. */
  readonly values: readonly number[];
  /** One for each value. */
  readonly labels: readonly string[];
}

/** Most digits before or after the point that a label has before it is written with an exponent. */
const MOST_DIGITS = { before: 9, after: 6 };

/**
 * Round values from `low` to `high`: multiples of 1, 2 or 5 times a power of ten, at most `most` of them.
 *
 * @param least The smallest step between two; 1 for counts.
 */
export function roundTicks(low: number, high: number, most: number, least = 0): Ticks {
  const step = Math.max(least, roundStep((high - low) / most));
  const first = Math.ceil(low / step - 1e-6);
  const values: number[] = [];
  for (let i = first; i * step <= high + step * 1e-6; i++) values.push(i * step);
  return { values, labels: values.map((value) => formatNumber(value, decimalsOf(step))) };
}

/** The next of 1, 2, 5, 10, ... times a power of ten. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= atLeast * (1 - 1e-9))!;
}

function decimalsOf(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-6));
}

/** A number with commas between thousands; very large and very small ones with an exponent. */
export function formatNumber(value: number, decimals: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 10 ** MOST_DIGITS.before || decimals > MOST_DIGITS.after) {
    return value.toExponential(2).replace(/\.?0*e\+?/, "e");
  }
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
