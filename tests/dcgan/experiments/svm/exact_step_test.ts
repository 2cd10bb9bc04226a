import { assertAlmostEquals, assertEquals } from "@std/assert";
import { exactStep, type Line } from "../../../../src/dcgan/experiments/svm/exact_step.ts";
import { randomValues } from "../../../support/random.ts";

/** The objective along a line, up to a constant. */
function along({ slope, curvature, margins, rates, c }: Line, t: number): number {
  let value = slope * t + curvature * t * t / 2;
  for (const [i, margin] of margins.entries()) value += c * Math.max(0, margin - t * rates[i]!) ** 2;
  return value;
}

/** Its minimum by thirds. */
function byThirds(line: Line): number {
  let [low, high] = [0, 100];
  for (let i = 0; i < 300; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (along(line, a) < along(line, b)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}

Deno.test("exactStep() finds the minimum of many lines", () => {
  for (let seed = 0; seed < 200; seed++) {
    const count = 1 + seed % 40;
    const line: Line = {
      slope: randomValues(1, seed + 1, [-2, 2])[0]!,
      curvature: randomValues(1, seed + 2, [0.01, 3])[0]!,
      margins: randomValues(count, seed + 3, [-2, 3]),
      rates: randomValues(count, seed + 4, [-2, 2]),
      c: 10 ** (seed % 7 - 3),
    };
    const expected = byThirds(line);
    // The value is flat at the minimum: thirds find it to half of the digits
    assertAlmostEquals(exactStep(line), expected, 1e-5 * Math.max(1, expected), `line ${seed}`);
  }
});

Deno.test("exactStep() stays where a line goes up, and ends in one step on a parabola", () => {
  const flat = { margins: new Float64Array(0), rates: new Float64Array(0), c: 1 };
  assertEquals(exactStep({ ...flat, slope: 1, curvature: 2 }), 0);
  assertEquals(exactStep({ ...flat, slope: -3, curvature: 2 }), 1.5);
  assertEquals(exactStep({ ...flat, slope: NaN, curvature: 2 }), 0);
});
