import "../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { learningRateAt, type ScheduleName, type ScheduleOptions } from "../../../src/nn/mod.ts";

const ratesOf = (options: ScheduleOptions, count: number): number[] =>
  Array.from({ length: count }, (_, step) => learningRateAt(step, options));

Deno.test("learningRateAt() warms up along a line, and decays as PyTorch's schedules do", () => {
  const linear = { learningRate: 0.0004, schedule: "linear", warmup: 2, steps: 5 } as const;
  const expected = [0.0002, 0.0004, 0.0004, 0.00026666666666666673, 0.00013333333333333337];
  for (const [step, rate] of ratesOf(linear, 5).entries()) assertAlmostEquals(rate, expected[step]!, 1e-18);
  const cosine = { learningRate: 0.0002, schedule: "cosine", warmup: 1, steps: 5 } as const;
  const wave = [0.0002, 0.0002, 0.00017071067811865479, 0.0001, 2.9289321881345254e-05];
  for (const [step, rate] of ratesOf(cosine, 5).entries()) assertAlmostEquals(rate, wave[step]!, 1e-18);
});

Deno.test("learningRateAt() is the rate itself without a schedule, whatever the steps", () => {
  assertEquals(ratesOf({ learningRate: 0.1 }, 3), [0.1, 0.1, 0.1]);
  assertEquals(ratesOf({ learningRate: 0.1, steps: 1 }, 3), [0.1, 0.1, 0.1]);
  assertEquals(ratesOf({ learningRate: 0.5, warmup: 4 }, 6), [0.125, 0.25, 0.375, 0.5, 0.5, 0.5]);
});

Deno.test("learningRateAt() never grows after the warm-up, is above 0 until the last step, and 0 after it", () => {
  for (const schedule of ["linear", "cosine"] as const) {
    for (const [warmup, steps] of [[0, 1], [0, 1000], [10, 11], [10, 100_000]] as const) {
      const rates = ratesOf({ learningRate: 1e-3, schedule, warmup, steps }, steps);
      assertEquals(Math.max(...rates.slice(warmup)), 1e-3);
      rates.slice(warmup).reduce((before, rate) => {
        assertEquals(rate <= before && rate > 0, true, `${schedule} ${warmup} ${steps}: ${before}, ${rate}`);
        return rate;
      });
      assertEquals(learningRateAt(steps, { learningRate: 1e-3, schedule, warmup, steps }), 0);
    }
    // A run that does not come out of its warm-up
    assertEquals(ratesOf({ learningRate: 1, schedule, warmup: 4, steps: 2 }, 5), [0.25, 0.5, 0.75, 1, 0]);
  }
});

Deno.test("learningRateAt() refuses what it cannot work with", () => {
  const refuses = (step: number, options: object, kind: new () => Error, words: string) =>
    assertThrows(() => learningRateAt(step, { learningRate: 1, ...options }), kind, words);
  refuses(-1, {}, RangeError, "the step must be a whole number of at least 0, found -1");
  refuses(0.5, {}, RangeError, "the step must be a whole number of at least 0, found 0.5");
  refuses(0, { warmup: NaN }, RangeError, "'warmup' must be a whole number of at least 0, found NaN");
  for (const learningRate of [-1, NaN, Infinity]) {
    refuses(
      0,
      { learningRate },
      RangeError,
      `'learningRate' must be finite and at least 0, found ${learningRate}`,
    );
  }
  refuses(
    0,
    { schedule: "linear" },
    RangeError,
    "'steps' of a linear schedule must be a whole number of at least 0",
  );
  refuses(0, { schedule: "step" as ScheduleName }, TypeError, "one of constant, linear, cosine, found step");
  refuses(0, { schedule: "toString" as ScheduleName }, TypeError, "one of constant, linear, cosine");
  refuses(0, { warmUp: 3 }, TypeError, "learningRateAt() has no option 'warmUp'. Did you mean 'warmup'?");
});
