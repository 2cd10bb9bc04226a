import "../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Scheduled, valueAt } from "../../../src/nn/mod.ts";

Deno.test("valueAt() goes along a cosine or a line, and stays where it arrives", () => {
  const values = (value: Scheduled, runSteps?: number) =>
    [0, 1, 2, 3, 4, 9].map((step) => valueAt(step, value, runSteps));
  assertEquals(values({ from: 20, to: 2, steps: 4, shape: "linear" }), [20, 15.5, 11, 6.5, 2, 2]);
  const cosine = [0, 0.1464466094067262, 0.5, 0.8535533905932737, 1, 1];
  for (const [i, value] of values({ from: 0, to: 1, steps: 4 }).entries()) {
    assertAlmostEquals(value, cosine[i]!, 1e-12);
  }
  // Without steps of its own it is spread over the run, and its own come first
  assertEquals(values({ from: 0, to: 8, shape: "linear" }, 8), [0, 1, 2, 3, 4, 8]);
  assertEquals(values({ from: 0, to: 8, steps: 2, shape: "linear" }, 8), [0, 4, 8, 8, 8, 8]);
  assertEquals(values(0.3), [0.3, 0.3, 0.3, 0.3, 0.3, 0.3]);
});

Deno.test("valueAt() refuses what it cannot work with", () => {
  const value = { from: 1, to: 2 };
  assertThrows(() => valueAt(-1, 1), RangeError, "the step must be a whole number of at least 0, found -1");
  assertThrows(
    () => valueAt(0, value),
    RangeError,
    "'steps' must be a whole number of at least 1, found undefined",
  );
  assertThrows(() => valueAt(0, value, 0), RangeError, "found 0");
  assertThrows(() => valueAt(0, { ...value, steps: 1.5 }), RangeError, "found 1.5");
  const step = "step" as "linear";
  assertThrows(
    () => valueAt(0, { ...value, shape: step }, 5),
    TypeError,
    "'shape' must be cosine or linear, found step",
  );
  // @ts-expect-error: no such option
  assertThrows(() => valueAt(0, { ...value, warmup: 2 }, 5), TypeError, "warmup");
});
