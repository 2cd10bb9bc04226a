/** A factor of a symmetric positive semidefinite matrix. */
export interface Factor {
  /** `[rank, size]`, row by row: the matrix is its transpose times itself. */
  readonly rows: Float64Array;
  /** How many rows it takes. */
  readonly rank: number;
}

/**
 * Writes a positive semidefinite matrix as `S = R^T R`, with as many rows as its rank: Cholesky's factor with
 * diagonal pivoting (Higham, Accuracy and Stability of Numerical Algorithms, 10.3). It ends if no diagonal
 * left is larger than rounding: `size * 2^-52` of the largest.
 *
 * @param matrix `[size, size]`, symmetric.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { rows, rank } = pivotedCholesky(Float64Array.of(4, 2, 2, 1), 2);
 * assertEquals(rank, 1);
 * assertAlmostEquals(rows[0]!, 2);
 * assertAlmostEquals(rows[1]!, 1);
 * ```
 */
export function pivotedCholesky(matrix: Float64Array, size: number): Factor {
  const rows = new Float64Array(size * size);
  const left = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!);
  const least = size * Number.EPSILON * left.reduce((most, value) => Math.max(most, value), 0);
  let rank = 0;
  while (rank < size) {
    let pivot = 0;
    for (let i = 1; i < size; i++) if (left[i]! > left[pivot]!) pivot = i;
    if (!(left[pivot]! > least)) break;
    const root = Math.sqrt(left[pivot]!);
    const row = rows.subarray(rank * size, (rank + 1) * size);
    row.set(matrix.subarray(pivot * size, (pivot + 1) * size));
    for (let before = 0; before < rank; before++) {
      const start = before * size;
      const share = rows[start + pivot]!;
      for (let j = 0; j < size; j++) row[j]! -= share * rows[start + j]!;
    }
    for (let j = 0; j < size; j++) {
      if (left[j] === -Infinity) {
        row[j] = 0;
        continue;
      }
      row[j]! /= root;
      left[j]! -= row[j]! * row[j]!;
    }
    row[pivot] = root;
    left[pivot] = -Infinity;
    rank++;
  }
  return { rows: rows.subarray(0, rank * size), rank };
}
