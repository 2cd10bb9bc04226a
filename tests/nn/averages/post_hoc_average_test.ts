import "../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type KeptAverage, postHocAverage, postHocWeights } from "../../../src/nn/mod.ts";
import { powerOfLength } from "../../../src/nn/averages/power_function.ts";
import { randomValues } from "../../support/random.ts";

const WIDTH = 40;

/** Power-function averages of values that wander, in 64 bits, after each step. */
function averages(length: number, steps: number): Float64Array[] {
  const power = powerOfLength(length) + 1;
  const values = Float64Array.from(randomValues(WIDTH, 1, [-1, 1]));
  const sum = new Float64Array(WIDTH);
  return Array.from({ length: steps }, (_, i) => {
    const moves = randomValues(WIDTH, i + 2, [-0.05, 0.05]);
    const kept = (1 - 1 / (i + 1)) ** power;
    for (let at = 0; at < WIDTH; at++) {
      values[at]! += moves[at]! - 0.01 * values[at]!;
      sum[at] = kept * sum[at]! + (1 - kept) * values[at]!;
    }
    return sum.slice();
  });
}

const normOf = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

/** How far a built average is from the true one, relative to it. */
function errorOf(
  steps: number,
  count: number,
  length: number,
  as = (values: Float64Array) => values,
): number {
  const kept: KeptAverage[] = [0.05, 0.1].flatMap((length) => {
    const all = averages(length, steps);
    return Array.from({ length: count }, (_, i) => {
      const step = Math.round(steps * (i + 1) / count);
      return { length, step, values: step < steps ? as(all[step - 1]!) : all[step - 1]! };
    });
  });
  const built = postHocAverage(kept, { length, step: steps });
  const truth = averages(length, steps).at(-1)!;
  return normOf(truth.map((value, i) => value - built[i]!)) / normOf(truth);
}

Deno.test("postHocAverage() of 32 pairs is within a thousandth of the true average, kept in 16 bits too", () => {
  const as16 = (values: Float64Array) => Float64Array.from(new Float16Array(values));
  for (const length of [0.04, 0.07, 0.12, 0.15, 0.2]) {
    const error = errorOf(2000, 32, length, as16);
    assert(error < 1e-3, `length ${length}: ${error}`);
  }
});

Deno.test("postHocAverage() gets better with every pair that is kept", () => {
  const errors = [4, 16, 64].map((count) => errorOf(2000, count, 0.07));
  for (const [i, error] of errors.entries()) {
    if (i > 0) assert(error < errors[i - 1]! / 2, `${errors}`);
  }
});

Deno.test("postHocWeights() gives what was kept as it is, and says how far it is from what is wanted", () => {
  const kept = [100, 200].flatMap((step) => [{ length: 0.05, step }, { length: 0.1, step }]);
  for (const [i, wanted] of kept.entries()) {
    const { weights, error } = postHocWeights(kept, wanted);
    for (const [j, weight] of weights.entries()) assertAlmostEquals(weight, i === j ? 1 : 0, 1e-9);
    assert(error < 1e-6);
  }
  const near = postHocWeights(kept, { length: 0.09, step: 200 }).error;
  const far = postHocWeights(kept, { length: 0.25, step: 200 }).error;
  assert(near < 0.03 && far > 0.2, `${near} ${far}`);
});

Deno.test("postHocAverage() refuses what it cannot build from", () => {
  const one = { length: 0.1, step: 9, values: [1, 2] };
  assertEquals([...postHocAverage([one], one)], [1, 2]);
  const refuses = (kept: readonly KeptAverage[], wanted: { length: number; step: number }, words: string) =>
    assertThrows(() => postHocAverage(kept, wanted), RangeError, words);
  refuses([], one, "there must be averages that were kept, found none");
  refuses([one, one], one, "no two averages that were kept may be the same");
  refuses([one], { length: 0.1, step: 0 }, "a step must be a whole number of at least 1, found 0");
  refuses([{ ...one, step: 1.5 }], one, "found 1.5");
  refuses([one], { length: 0.3, step: 9 }, "must be above 0 and up to 0.2886, found 0.3");
  refuses([one, { ...one, step: 5, values: [1] }], one, "all averages must have 2 values, found 1");
});
