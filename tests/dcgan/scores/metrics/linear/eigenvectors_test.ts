import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { symmetricEigenvalues } from "../../../../../src/dcgan/scores/metrics/linear/eigenvalues.ts";
import { symmetricEigen } from "../../../../../src/dcgan/scores/metrics/linear/eigenvectors.ts";
import { randomValues } from "../../../../support/random.ts";

/** A symmetric matrix of some rank. */
function matrixOf(size: number, rank: number): Float64Array {
  const factors = randomValues(size * rank, size + rank, [-1, 1]);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < rank; k++) matrix[i * size + j]! += factors[i * rank + k]! * factors[j * rank + k]!;
    }
  }
  return matrix;
}

Deno.test("symmetricEigen() gives orthonormal vectors that the matrix only stretches", () => {
  for (const [size, rank] of [[1, 1], [2, 2], [3, 1], [7, 7], [20, 4], [100, 60]] as const) {
    const matrix = matrixOf(size, rank);
    const { values, vectors } = symmetricEigen(matrix, size);
    const expected = symmetricEigenvalues(matrix, size).toReversed();
    const largest = Math.abs(expected[0]!);
    for (let i = 0; i < size; i++) {
      assertAlmostEquals(values[i]!, expected[i]!, 1e-12 * largest * size);
      for (let j = 0; j < size; j++) {
        let [stretched, product] = [0, 0];
        for (let k = 0; k < size; k++) {
          stretched += matrix[j * size + k]! * vectors[i * size + k]!;
          product += vectors[i * size + k]! * vectors[j * size + k]!;
        }
        assertAlmostEquals(stretched, values[i]! * vectors[i * size + j]!, 1e-12 * largest * size);
        assertAlmostEquals(product, i === j ? 1 : 0, 1e-12 * size);
      }
    }
  }
});

Deno.test("symmetricEigen() keeps the vectors of a diagonal matrix, and their signs", () => {
  const { values, vectors } = symmetricEigen(Float64Array.of(1, 0, 0, 0, 3, 0, 0, 0, -2), 3);
  assertEquals([...values], [3, 1, -2]);
  assertEquals([...vectors], [0, 1, 0, 1, 0, 0, 0, 0, 1]);
});

Deno.test("symmetricEigen() rejects matrices that are not square or not finite", () => {
  assertThrows(() => symmetricEigen(new Float64Array(5), 2), RangeError, "must hold 4 numbers, found 5");
  assertThrows(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1), 2), RangeError, "must be finite");
});
