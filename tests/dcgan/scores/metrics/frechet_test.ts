import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { frechetDistance, frechetFromMoments } from "../../../../src/dcgan/scores/metrics/frechet.ts";
import { moments } from "../../../../src/dcgan/scores/metrics/moments.ts";
import { featuresOf, normalFeatures, reversed } from "../../../support/features.ts";

Deno.test("a distance computed by hand: axes that do not mix", () => {
  // Variances 2 and 8 against 18 and 2, and means (0, 0) against (1, 2).
  const real = featuresOf([[1, 2], [-1, -2], [1, -2], [-1, 2]]);
  const fake = featuresOf([[4, 3], [-2, 1], [4, 1], [-2, 3]]);
  const scale = 4 / 3; // four rows at +-v have the variance 4 v^2 / 3
  const want = 5 + scale * ((1 - 3) ** 2 + (2 - 1) ** 2);
  const { distance, meanTerm } = frechetDistance(real, fake);
  assertAlmostEquals(distance, want, 1e-12);
  assertEquals(meanTerm, 5);
});

Deno.test("equal sets are at distance 0, whatever the order and rank", () => {
  for (const [count, dimensions] of [[300, 40], [20, 40], [2, 5]] as const) {
    const set = normalFeatures(count, dimensions, { seed: 1, scale: 3 });
    assertAlmostEquals(frechetDistance(set, set).distance, 0, 1e-5);
    assertAlmostEquals(frechetDistance(set, reversed(set)).distance, 0, 1e-5);
  }
});

Deno.test("a scaled set with fewer samples than dimensions has the distance of the formula", () => {
  // S_f = 9 S_r, and so (S_r S_f)^(1/2) = 3 S_r: the distance is (1 - 3)^2 tr S_r.
  const real = normalFeatures(20, 50, { seed: 2 });
  const { mean, covariance } = moments(real);
  const fake = {
    ...real,
    data: Float64Array.from(real.data, (x, i) => mean[i % 50]! + 3 * (x - mean[i % 50]!)),
  };
  const trace = mean.reduce((sum, _, i) => sum + covariance[i * 51]!, 0);
  assertAlmostEquals(frechetDistance(real, fake).distance, 4 * trace, 1e-4);
});

Deno.test("the distance is the same both ways, and grows with the shift", () => {
  const real = normalFeatures(30, 12, { seed: 3 });
  const near = normalFeatures(200, 12, { seed: 4, scale: 2, shift: 1 });
  const far = normalFeatures(200, 12, { seed: 4, scale: 2, shift: 2 });
  const { distance } = frechetDistance(real, near);
  assertAlmostEquals(distance, frechetDistance(near, real).distance, 1e-6);
  assert(frechetDistance(real, far).distance > distance + 12);
});

Deno.test("sets without any spread differ by their means alone", () => {
  const at = (value: number) => featuresOf([[value, value], [value, value]]);
  assertEquals(frechetDistance(at(1), at(4)), { distance: 18, meanTerm: 18 });
});

Deno.test("one sample, other dimensions and NaN are refused", () => {
  const [two, one] = [featuresOf([[1], [2]]), featuresOf([[1]])];
  const start = "Cannot take a Fréchet distance: ";
  assertThrows(
    () => frechetDistance(two, one),
    RangeError,
    `${start}rows of the fake features must be 2 or more`,
  );
  assertThrows(() => frechetDistance(featuresOf([[NaN], [1]]), two), RangeError, "found NaN in row 0");
  const wide = moments(featuresOf([[1, 2], [3, 4]]));
  assertThrows(() => frechetFromMoments(moments(two), wide), RangeError, "must be 1, found 2");
});
