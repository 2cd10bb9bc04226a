import { checkSymmetric, diagonalize, tridiagonal } from "./eigenvalues.ts";

/** Eigenvalues of a symmetric matrix with their eigenvectors, the largest first. */
export interface Eigen {
  /** The eigenvalues, in descending order. */
  readonly values: Float64Array;
  /**
   * `[size, size]`: row `i` is the eigenvector of eigenvalue `i`, of length 1. Its number furthest from 0 is
   * positive.
   */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by the reflections and QL steps of
 * `symmetricEigenvalues()`, which here carry the vectors along (EISPACK's `tred2` and `tql2`): about `5 n^3`
 * multiply-adds.
 *
 * @param matrix `[size, size]`, row by row. Only the lower triangle is read.
 * @throws {RangeError} if the matrix does not hold `size * size` numbers, or one is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
 * assertAlmostEquals(values[0]!, 3);
 * assertAlmostEquals(vectors[0]!, Math.SQRT1_2);
 * assertAlmostEquals(vectors[1]!, Math.SQRT1_2);
 * ```
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  checkSymmetric(matrix, size);
  const reduced = Float64Array.from(matrix);
  const { diagonal, beside, halves } = tridiagonal(reduced, size);
  const rows = identity(size);
  diagonalize(diagonal, beside, (i, cosine, sine) => {
    const [first, second] = [i * size, (i + 1) * size];
    for (let k = 0; k < size; k++) {
      const [a, b] = [rows[first + k]!, rows[second + k]!];
      rows[second + k] = sine * a + cosine * b;
      rows[first + k] = cosine * a - sine * b;
    }
  });
  for (let row = 0; row < size; row++) {
    reflectBack(rows.subarray(row * size, (row + 1) * size), reduced, halves);
  }
  const order = [...diagonal.keys()].sort((a, b) => diagonal[b]! - diagonal[a]!);
  const vectors = new Float64Array(size * size);
  for (const [place, row] of order.entries()) {
    vectors.set(signed(rows.subarray(row * size, (row + 1) * size)), place * size);
  }
  return { values: Float64Array.from(order, (row) => diagonal[row]!), vectors };
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * (size + 1)] = 1;
  return matrix;
}

/**
 * An eigenvector of the matrix from one of the tridiagonal matrix: the reflections in the order of their
 * making, undone.
 */
function reflectBack(vector: Float64Array, reduced: Float64Array, halves: Float64Array): void {
  const size = vector.length;
  for (let row = 1; row < size; row++) {
    if (halves[row] === 0) continue;
    const v = reduced.subarray(row * size, row * size + row);
    let along = 0;
    for (let i = 0; i < row; i++) along += v[i]! * vector[i]!;
    along /= halves[row]!;
    for (let i = 0; i < row; i++) vector[i]! -= along * v[i]!;
  }
}

/**
 * The same vector, or its opposite, so that the number furthest from 0 is positive: a direction has no sign
 * of its own.
 */
function signed(vector: Float64Array): Float64Array {
  const furthest = vector.reduce((most, value) => Math.abs(value) > Math.abs(most) ? value : most, 0);
  return furthest < 0 ? vector.map((value) => -value) : vector;
}
