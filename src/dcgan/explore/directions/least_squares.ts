import { addRowProducts, mirrorLower } from "../../scores/metrics/linear/multiply_transposed.ts";
import { symmetricEigen } from "../../scores/metrics/linear/eigenvectors.ts";

/** Rows of numbers: latent vectors, or what is measured of their pictures. */
export interface Rows {
  /** `count * dimensions` numbers, row by row. */
  readonly data: Float32Array;
  /** How many rows. */
  readonly count: number;
  /** Numbers of a row. */
  readonly dimensions: number;
}

/**
 * Linear regression: the matrix `W` for which `W (x - mean x)` is nearest to `y - mean y` in the mean of
 * squares. Where the inputs do not vary, it is 0 (the pseudoinverse).
 *
 * @param x `[count, n]`.
 * @param y `[count, k]`.
 * @returns `[k, n]`, row by row: a row says how its number of `y` grows along each number of `x`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const x = { data: Float32Array.of(0, 1, 2, 3), count: 4, dimensions: 1 };
 * const y = { data: Float32Array.of(1, 3, 5, 7), count: 4, dimensions: 1 };
 * assertAlmostEquals(leastSquares(x, y)[0]!, 2);
 * ```
 */
export function leastSquares(x: Rows, y: Rows): Float64Array {
  const [n, k] = [x.dimensions, y.dimensions];
  const [columns, targets] = [centeredColumns(x), centeredColumns(y)];
  const gram = new Float64Array(n * n);
  addRowProducts({ a: columns, b: columns, rows: n, columns: n, terms: x.count, sum: gram, lower: true });
  mirrorLower(gram, n);
  const products = new Float64Array(k * n);
  addRowProducts({ a: targets, b: columns, rows: k, columns: n, terms: x.count, sum: products });
  const inverse = pseudoinverse(gram, n);
  const weights = new Float64Array(k * n);
  addRowProducts({ a: products, b: inverse, rows: k, columns: n, terms: n, sum: weights });
  return weights;
}

/** `[dimensions, count]`: the columns one after another, each minus its mean. */
function centeredColumns({ data, count, dimensions }: Rows): Float64Array {
  const columns = new Float64Array(dimensions * count);
  for (let column = 0; column < dimensions; column++) {
    let mean = 0;
    for (let row = 0; row < count; row++) mean += data[row * dimensions + column]! / count;
    for (let row = 0; row < count; row++) {
      columns[column * count + row] = data[row * dimensions + column]! - mean;
    }
  }
  return columns;
}

/** `V diag(1 / values) V^T`, without eigenvalues that are rounding. */
function pseudoinverse(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, size);
  const least = size * Number.EPSILON * Math.abs(values[0]!);
  // [size, size] with a column for each eigenvector, divided by the root of its eigenvalue
  const halves = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    if (!(values[i]! > least)) continue;
    const root = Math.sqrt(values[i]!);
    for (let j = 0; j < size; j++) halves[j * size + i] = vectors[i * size + j]! / root;
  }
  const inverse = new Float64Array(size * size);
  addRowProducts({ a: halves, b: halves, rows: size, columns: size, terms: size, sum: inverse });
  return inverse;
}
