import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  deviationError,
  pixelDeviation,
  relativeDeviation,
} from "../../../../src/dcgan/scores/metrics/deviation.ts";
import { featuresOf, normalFeatures, reversed } from "../../../support/features.ts";

Deno.test("deviations by hand: 1 and 3 over two pixels", () => {
  assertAlmostEquals(pixelDeviation(featuresOf([[0, 1], [1, 4], [2, 7]])), 2, 1e-12);
});

Deno.test("equal pictures have none, and the order does not matter", () => {
  assertEquals(pixelDeviation(featuresOf([[5, 7], [5, 7], [5, 7]])), 0);
  const set = normalFeatures(40, 9, { seed: 1, shift: 100 });
  assertAlmostEquals(pixelDeviation(set), pixelDeviation(reversed(set)), 1e-9);
});

Deno.test("samples are compared with the data", () => {
  const [data, samples] = [1, 0.25].map((scale) => normalFeatures(64, 30, { seed: 1, scale }));
  assertAlmostEquals(relativeDeviation(samples!, data!), 0.25, 1e-6);
  assertThrows(
    () => relativeDeviation(data!, featuresOf([[1], [1]])),
    RangeError,
    "the deviation of the data must be above 0, found 0.",
  );
});

Deno.test("the error shrinks with the number of pictures, and one picture is refused", () => {
  const error = (count: number) =>
    deviationError(normalFeatures(count, 1, { seed: 1 }), { repeats: 200, seed: 1 }).standardError;
  // The standard error of a deviation of n normal numbers is about 1 / sqrt(2 n).
  assertAlmostEquals(error(400), 1 / Math.sqrt(800), 0.01);
  assert(error(400) < error(50));
  assertThrows(
    () => pixelDeviation(featuresOf([[1]])),
    RangeError,
    "rows of the images must be 2 or more, found 1.",
  );
});
