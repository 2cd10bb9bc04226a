import "../../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { checkFeatures, checkPair, selectRows } from "../../../../src/dcgan/scores/metrics/features.ts";
import { featuresOf } from "../../../support/features.ts";

const needs = { task: "compare pictures", name: "the samples", atLeast: 2 };

Deno.test("features that are not what they say are refused with a sentence", () => {
  const cases: [values: number[], count: number, dimensions: number, message: string][] = [
    [[1], 1, 0, "Cannot compare pictures: dimensions of the samples must be 1 or more, found 0."],
    [[1], 1, 1, "Cannot compare pictures: rows of the samples must be 2 or more, found 1."],
    [[1, 2, 3], 2, 2, "Cannot compare pictures: the samples must be 4 numbers ([2, 2]), found 3."],
    [
      [1, 2, 3, NaN],
      2,
      2,
      "Cannot compare pictures: the samples must be finite, found NaN in row 1, dimension 1.",
    ],
    [[-Infinity, 2], 2, 1, "Cannot compare pictures: the samples must be finite, found -Infinity in row 0"],
  ];
  for (const [values, count, dimensions, message] of cases) {
    const features = { data: Float64Array.from(values), count, dimensions };
    assertThrows(() => checkFeatures(features, needs), RangeError, message);
  }
  checkFeatures(featuresOf([[1], [2]]), needs);
});

Deno.test("a pair needs the same dimensions", () => {
  assertThrows(
    () => checkPair(featuresOf([[1, 2]]), featuresOf([[1]]), "compare", 1),
    RangeError,
    "Cannot compare: dimensions of the fake features must be those of the real ones, 2, found 1.",
  );
});

Deno.test("rows are selected in order, and repeated", () => {
  const rows = selectRows(featuresOf([[1, 2], [3, 4], [5, 6]]), [2, 0, 2]);
  assertEquals(rows, featuresOf([[5, 6], [1, 2], [5, 6]]));
  assertThrows(() => selectRows(rows, [3]), RangeError, "each must be from 0 to 2, found 3");
});
