import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { nearestError, nearestPictures } from "../../../../src/dcgan/scores/metrics/nearest.ts";
import { featuresOf, normalFeatures } from "../../../support/features.ts";

Deno.test("copies are at 0 and name their original; fresh pictures are not", () => {
  const training = normalFeatures(200, 10, { seed: 1 });
  const copies = { data: training.data.slice(50 * 10, 53 * 10), count: 3, dimensions: 10 };
  const { rows, mean } = nearestPictures(copies, training);
  assertEquals([[...rows], mean], [[50, 51, 52], 0]);
  assert(nearestPictures(normalFeatures(50, 10, { seed: 2 }), training).least > 0.1);
});

Deno.test("the first of equal pictures is named", () => {
  assertEquals([...nearestPictures(featuresOf([[1]]), featuresOf([[0], [2], [0]])).rows], [0]);
});

Deno.test("the bootstrap's error is that of a mean", () => {
  const distances = Float64Array.from({ length: 64 }, (_, index) => index % 2);
  const { mean, standardError } = nearestError({ distances }, { repeats: 500, seed: 1 });
  assertAlmostEquals(mean, 0.5, 0.02);
  assertAlmostEquals(standardError, 0.5 / 8, 0.01);
});

Deno.test("other dimensions are refused", () => {
  assertThrows(
    () => nearestPictures(featuresOf([[1]]), featuresOf([[1, 2]])),
    RangeError,
    "dimensions of the samples must be those of the training images, 2, found 1.",
  );
});
