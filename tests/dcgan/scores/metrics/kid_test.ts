import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { kernelDistance, kid, kidOverSubsets } from "../../../../src/dcgan/scores/metrics/kid.ts";
import { featuresOf, normalFeatures, reversed } from "../../../support/features.ts";

Deno.test("an estimate computed by hand, with unequal numbers of rows", () => {
  const real = featuresOf([[0], [1], [2]]);
  const fake = featuresOf([[1], [3]]);
  // Kernels (xy + 1)^3 of different rows: 1, 1, 27 twice among the real, 64 among the fake.
  const across = 1 + 1 + 8 + 64 + 27 + 343;
  assertAlmostEquals(kernelDistance(real, fake), 2 * 29 / 6 + 64 - 2 * across / 6, 1e-12);
});

Deno.test("more rows than a block agree with plain sums", () => {
  const [real, fake] = [normalFeatures(520, 3, { seed: 1 }), normalFeatures(515, 3, { seed: 2, shift: 0.5 })];
  const kernel = (a: typeof real, i: number, b: typeof real, j: number) => {
    let sum = 0;
    for (let k = 0; k < 3; k++) sum += a.data[i * 3 + k]! * b.data[j * 3 + k]!;
    return (sum / 3 + 1) ** 3;
  };
  const mean = (a: typeof real, b: typeof real) => {
    let [sum, pairs] = [0, 0];
    for (let i = 0; i < a.count; i++) {
      for (let j = 0; j < b.count; j++) {
        if (a === b && i === j) continue;
        sum += kernel(a, i, b, j);
        pairs++;
      }
    }
    return sum / pairs;
  };
  const want = mean(real, real) + mean(fake, fake) - 2 * mean(real, fake);
  assertAlmostEquals(kernelDistance(real, fake), want, 1e-9);
  assertAlmostEquals(kernelDistance(reversed(real), fake), want, 1e-9);
});

Deno.test("sets of one distribution are at 0 within the error, others are not", () => {
  const real = normalFeatures(400, 8, { seed: 1 });
  const options = { subsets: 20, size: 100, seed: 1 };
  const same = kid(real, normalFeatures(400, 8, { seed: 2 }), options);
  const other = kid(real, normalFeatures(400, 8, { seed: 2, shift: 0.5 }), options);
  assert(Math.abs(same.mean) < 6 * same.standardError);
  assert(other.mean > 10 * other.standardError);
  assertEquals(kid(real, normalFeatures(400, 8, { seed: 2 }), options), same);
  assert(kid(real, real, { ...options, seed: 2 }).mean !== kid(real, real, options).mean);
});

Deno.test("deviation and standard error of two subsets", () => {
  const real = featuresOf([[0], [0], [1]]);
  const result = kidOverSubsets(real, real, [{ real: [0, 1], fake: [0, 1] }, { real: [0, 1], fake: [0, 2] }]);
  const [a, b] = result.perSubset as unknown as [number, number];
  assertEquals([a, b], [0, 0]);
  const far = kidOverSubsets(real, featuresOf([[0], [0], [2]]), [
    { real: [2, 2], fake: [0, 1] },
    { real: [2, 2], fake: [2, 2] },
  ]);
  const [c, d] = far.perSubset as unknown as [number, number];
  assertEquals([c, d], [8 + 1 - 2, 8 + 125 - 2 * 27]);
  assertEquals(far.mean, (c + d) / 2);
  assertAlmostEquals(far.deviation, (d - c) / 2);
  assertAlmostEquals(far.standardError, (d - c) / 2);
});

Deno.test("one row, sizes out of range and one subset are refused", () => {
  const set = normalFeatures(5, 2, { seed: 1 });
  const start = "Cannot take a kernel distance: ";
  assertThrows(
    () => kernelDistance(set, featuresOf([[1, 2]])),
    RangeError,
    `${start}rows of the fake features`,
  );
  assertThrows(() => kid(set, set, { seed: 1, size: 6 }), RangeError, "must be from 2 to 5, found 6");
  assertThrows(
    () => kid(set, set, { seed: 1, subsets: 1 }),
    RangeError,
    "subsets must be 2 or more, found 1",
  );
  assertThrows(() => kidOverSubsets(set, set, []), RangeError, "subsets must be 2 or more, found 0");
});
