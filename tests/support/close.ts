import { AssertionError } from "@std/assert";

/** How far a value may be from the one expected: `absolute + relative * |expected|`. */
export interface Tolerance {
  /** Share of the expected value. */
  relative: number;
  /** Distance allowed at an expected value of 0. */
  absolute: number;
}

/** Throws with the worst element if one is further from the expected value than allowed, or is not a number. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
  label: string,
): void {
  if (actual.length !== expected.length) {
    throw new AssertionError(`${label} has ${actual.length} values, expected ${expected.length}`);
  }
  let worst = -1;
  let excess = 1;
  for (let i = 0; i < expected.length; i++) {
    const want = expected[i]!;
    if (Object.is(actual[i], want) || actual[i] === want) continue;
    const ratio = Math.abs(actual[i]! - want) / (tolerance.absolute + tolerance.relative * Math.abs(want));
    if (ratio > excess || Number.isNaN(ratio)) [worst, excess] = [i, Number.isNaN(ratio) ? Infinity : ratio];
  }
  if (worst >= 0) {
    throw new AssertionError(
      `${label}[${worst}] is ${actual[worst]}, expected ${expected[worst]} (${
        excess.toFixed(1)
      } times the tolerance)`,
    );
  }
}
