import "../../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { moments } from "../../../../src/dcgan/scores/metrics/moments.ts";
import { featuresOf, normalFeatures } from "../../../support/features.ts";

Deno.test("moments of more rows and dimensions than a block agree with plain sums", () => {
  const set = normalFeatures(601, 11, { seed: 1, shift: 3 });
  const { mean, covariance } = moments(set);
  const at = (row: number, i: number) => set.data[row * 11 + i]!;
  for (let i = 0; i < 11; i++) {
    for (let j = 0; j < 11; j++) {
      let sum = 0;
      for (let row = 0; row < 601; row++) sum += (at(row, i) - mean[i]!) * (at(row, j) - mean[j]!);
      assertAlmostEquals(covariance[i * 11 + j]!, sum / 600, 1e-12);
    }
  }
});

Deno.test("a large mean costs no digits", () => {
  const set = featuresOf([[4096], [4097], [4098]]);
  assertEquals([...moments(set).covariance], [1]);
});

Deno.test("one row has no covariance", () => {
  assertThrows(
    () => moments(featuresOf([[1]])),
    RangeError,
    "Cannot take a covariance: rows of the features must be 2 or more, found 1.",
  );
});
