import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { pixelDeviation } from "../../../../src/dcgan/scores/metrics/deviation.ts";
import { featuresOf, normalFeatures, reversed } from "../../../support/features.ts";

Deno.test("deviations by hand: 1 and 3 over two pixels", () => {
  assertAlmostEquals(pixelDeviation(featuresOf([[0, 1], [1, 4], [2, 7]])), 2, 1e-12);
});

Deno.test("equal pictures have none, and the order does not matter", () => {
  assertEquals(pixelDeviation(featuresOf([[5, 7], [5, 7], [5, 7]])), 0);
  const set = normalFeatures(40, 9, { seed: 1, shift: 100 });
  assertAlmostEquals(pixelDeviation(set), pixelDeviation(reversed(set)), 1e-9);
});

Deno.test("one picture is refused", () => {
  assertThrows(
    () => pixelDeviation(featuresOf([[1]])),
    RangeError,
    "rows of the images must be 2 or more, found 1.",
  );
});
