import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  randomDirections,
  slicedWasserstein,
} from "../../../../src/dcgan/scores/metrics/sliced_wasserstein.ts";
import type { Features } from "../../../../src/dcgan/scores/metrics/features.ts";
import { featuresOf, normalFeatures, reversed } from "../../../support/features.ts";

Deno.test("distances by hand along two axes", () => {
  const found = slicedWasserstein(
    featuresOf([[0, 5], [2, 5]]),
    featuresOf([[3, 5], [1, 8]]),
    featuresOf([[1, 0], [0, 1]]),
  );
  // Sorted: 0, 2 against 1, 3 and 5, 5 against 5, 8.
  assertEquals([...found.w1], [1, 1.5]);
  assertEquals([...found.w2Squared], [1, 4.5]);
  assertEquals(found.swd1, 1.25);
  assertAlmostEquals(found.swd2, Math.sqrt(2.75));
});

Deno.test("equal sets are at 0 in any order; a shift gives its part along each direction", () => {
  const real = normalFeatures(50, 4, { seed: 1 });
  const directions = randomDirections(16, 4, { seed: 1 });
  assertEquals(slicedWasserstein(real, reversed(real), directions).swd2, 0);
  const data = Float64Array.from(real.data, (value, index) => index % 4 === 2 ? value + 3 : value);
  const { w1 } = slicedWasserstein(real, { ...real, data }, directions);
  w1.forEach((value, q) => assertAlmostEquals(value, 3 * Math.abs(directions.data[q * 4 + 2]!), 1e-6));
});

Deno.test("far from 0, distances keep their digits", () => {
  const [real, fake] = [normalFeatures(50, 4, { seed: 1 }), normalFeatures(50, 4, { seed: 2 })];
  const far = (set: Features): Features => ({
    ...set,
    data: Float64Array.from(set.data, (value) => value + 1e6),
  });
  const directions = randomDirections(16, 4, { seed: 1 });
  const near = slicedWasserstein(real, fake, directions);
  const found = slicedWasserstein(far(real), far(fake), directions);
  assertAlmostEquals(found.swd1, near.swd1, 1e-6);
  assertAlmostEquals(found.swd2, near.swd2, 1e-6);
});

Deno.test("many rows and directions agree with plain projections", () => {
  const [real, fake] = [normalFeatures(300, 5, { seed: 1 }), normalFeatures(300, 5, { seed: 2, scale: 2 })];
  const directions = randomDirections(70, 5, { seed: 1 });
  const { w1, w2Squared } = slicedWasserstein(real, fake, directions);
  for (let q = 0; q < 70; q++) {
    const [a, b] = [real, fake].map(({ data }) =>
      Array.from({ length: 300 }, (_, row) => {
        let sum = 0;
        for (let i = 0; i < 5; i++) sum += data[row * 5 + i]! * directions.data[q * 5 + i]!;
        return sum;
      }).sort((x, y) => x - y)
    );
    const differences = a!.map((value, rank) => Math.abs(value - b![rank]!));
    assertAlmostEquals(w1[q]!, differences.reduce((sum, value) => sum + value, 0) / 300, 1e-6);
    assertAlmostEquals(w2Squared[q]!, differences.reduce((sum, value) => sum + value ** 2, 0) / 300, 1e-6);
  }
});

Deno.test("directions are of length 1, the same for a seed, and go everywhere", () => {
  const directions = randomDirections(500, 3, { seed: 5 });
  assertEquals(randomDirections(500, 3, { seed: 5 }), directions);
  const mean = [0, 0, 0];
  for (let q = 0; q < 500; q++) {
    const row = [...directions.data.subarray(q * 3, q * 3 + 3)];
    assertAlmostEquals(Math.hypot(...row), 1, 1e-12);
    row.forEach((value, i) => mean[i]! += value / 500);
  }
  assert(Math.hypot(...mean) < 0.15);
});

Deno.test("unequal numbers of rows and other directions are refused", () => {
  const [two, one] = [featuresOf([[1], [2]]), featuresOf([[1]])];
  const start = "Cannot take a sliced Wasserstein distance: ";
  assertThrows(
    () => slicedWasserstein(two, one, one),
    RangeError,
    `${start}rows of the fake features must be`,
  );
  assertThrows(() => slicedWasserstein(two, two, featuresOf([[1, 2]])), RangeError, "must be 1, found 2");
});
