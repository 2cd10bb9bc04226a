import "../../../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { symmetricEigenvalues } from "../../../../../src/dcgan/scores/metrics/linear/eigenvalues.ts";
import { hostNormal } from "../../../../../src/gpu/mod.ts";

function matrix(size: number, at: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, index) => at(Math.floor(index / size), index % size));
}

Deno.test("eigenvalues of a chain of springs: 2 - 2 cos(pi k / (n + 1))", () => {
  const found = symmetricEigenvalues(matrix(50, (i, j) => i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0), 50);
  found.forEach((value, k) =>
    assertAlmostEquals(value, 2 - 2 * Math.cos(Math.PI * (k + 1) / 51), 1e-14 * 50)
  );
});

Deno.test("a reflected diagonal keeps its eigenvalues, repeated, negative, zero or of many sizes", () => {
  const sets = [[1, 1, 1, 2, 2, 5, 5, 5], [-3, -1, 0, 0, 0, 0, 4, 9], [
    1e-9,
    1e-6,
    1e-3,
    1,
    10,
    1e3,
    1e6,
    1e6,
  ]];
  const v = hostNormal(8, { seed: 1 });
  const squares = v.reduce((sum, value) => sum + value * value, 0);
  const h = (i: number, j: number) => (i === j ? 1 : 0) - 2 * v[i]! * v[j]! / squares;
  for (const values of sets) {
    const dense = matrix(8, (i, j) => values.reduce((sum, value, k) => sum + h(i, k) * value * h(j, k), 0));
    const found = symmetricEigenvalues(dense, 8);
    const largest = Math.max(...values.map(Math.abs));
    values.forEach((value, k) => assertAlmostEquals(found[k]!, value, 1e-14 * largest));
  }
});

Deno.test("trace and sum of squares are kept, and the upper triangle is not read", () => {
  const normal = hostNormal(60 * 60, { seed: 2 });
  const full = matrix(60, (i, j) => normal[Math.max(i, j) * 60 + Math.min(i, j)]!);
  const lower = matrix(60, (i, j) => j <= i ? full[i * 60 + j]! : 99);
  const found = symmetricEigenvalues(full, 60);
  assertEquals(symmetricEigenvalues(lower, 60), found);
  let [trace, squares] = [0, 0];
  for (let i = 0; i < 60; i++) trace += full[i * 61]!;
  for (const value of full) squares += value * value;
  assertAlmostEquals(found.reduce((sum, value) => sum + value, 0), trace, 1e-11);
  assertAlmostEquals(found.reduce((sum, value) => sum + value * value, 0), squares, 1e-9);
});

Deno.test("the smallest matrices, and the zero matrix", () => {
  assertEquals([...symmetricEigenvalues(new Float64Array(0), 0)], []);
  assertEquals([...symmetricEigenvalues(Float64Array.of(7), 1)], [7]);
  assertEquals([...symmetricEigenvalues(new Float64Array(9), 3)], [0, 0, 0]);
});

Deno.test("other sizes and NaN are refused", () => {
  assertThrows(
    () => symmetricEigenvalues(new Float64Array(3), 2),
    RangeError,
    "must hold 4 numbers, found 3.",
  );
  assertThrows(() => symmetricEigenvalues(Float64Array.of(NaN), 1), RangeError, "each number must be finite");
});
