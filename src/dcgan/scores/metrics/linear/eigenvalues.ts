/** Most rounds of the QL algorithm for one eigenvalue; it takes two on average. */
const MOST_ROUNDS = 60;

/**
 * All eigenvalues of a symmetric matrix, in ascending order.
 *
 * Householder reflections make the matrix tridiagonal (Golub and Van Loan, Matrix Computations, 8.3), and QL
 * steps with implicit shifts make that diagonal (Dubrulle, Martin and Wilkinson 1968). No eigenvectors are
 * formed, so the time is that of the reflections: `2/3 n^3` multiply-adds. Errors are a few roundings of the
 * largest eigenvalue, whatever the rank.
 *
 * @param matrix `[n, n]`, row by row. Only the lower triangle is read.
 * @throws {RangeError} if the matrix does not hold `n * n` numbers, or one is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [low, high] = symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2);
 * assertAlmostEquals(low!, 1);
 * assertAlmostEquals(high!, 3);
 * ```
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  checkSymmetric(matrix, size);
  const { diagonal, beside } = tridiagonal(Float64Array.from(matrix), size);
  diagonalize(diagonal, beside);
  return diagonal.sort();
}

/** Throws unless a matrix has so many rows, of finite numbers. */
export function checkSymmetric(matrix: Float64Array, size: number): void {
  if (matrix.length !== size * size) {
    throw new RangeError(
      `Cannot find eigenvalues: a matrix of ${size} rows must hold ${
        size * size
      } numbers, found ${matrix.length}.`,
    );
  }
  if (!matrix.every(Number.isFinite)) {
    throw new RangeError("Cannot find eigenvalues: each number must be finite, found NaN or infinity.");
  }
}

/** A symmetric matrix whose numbers are on the diagonal and beside it. */
export interface Tridiagonal {
  /** The numbers on the diagonal. */
  readonly diagonal: Float64Array;
  /** `beside[i]` joins rows `i` and `i + 1`. */
  readonly beside: Float64Array;
  /**
   * Half the squared length of each reflection's vector, which the reduced matrix keeps left of the diagonal
   * of its row; 0 where there was nothing to reflect.
   */
  readonly halves: Float64Array;
}

/** Reduces the lower triangle of `a`, in place, from the last row up. */
export function tridiagonal(a: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const halves = new Float64Array(size);
  const product = new Float64Array(size);
  for (let row = size - 1; row >= 1; row--) {
    // The reflection I - v v^T / half keeps of this row one number left of the diagonal.
    const v = a.subarray(row * size, row * size + row);
    diagonal[row] = a[row * size + row]!;
    const last = v[row - 1]!;
    let scale = 0;
    for (let i = 0; i < row - 1; i++) scale = Math.max(scale, Math.abs(v[i]!));
    if (scale === 0) {
      beside[row - 1] = last;
      continue;
    }
    // Scaled, so that squares neither overflow nor vanish.
    scale = Math.max(scale, Math.abs(last));
    let squares = 0;
    for (let i = 0; i < row; i++) {
      v[i]! /= scale;
      squares += v[i]! * v[i]!;
    }
    const length = v[row - 1]! >= 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    const half = squares - v[row - 1]! * length;
    v[row - 1]! -= length;
    beside[row - 1] = scale * length;
    halves[row] = half;
    reflect(a, size, row, v, half, product);
  }
  diagonal[0] = a[0] ?? 0;
  return { diagonal, beside, halves };
}

/** Applies a reflection to the first `row` rows from both sides: `A - v w^T - w v^T`. */
function reflect(
  a: Float64Array,
  size: number,
  row: number,
  v: Float64Array,
  half: number,
  w: Float64Array,
): void {
  w.fill(0, 0, row);
  for (let i = 0; i < row; i++) {
    const start = i * size;
    const vi = v[i]!;
    let sum = 0;
    for (let j = 0; j < i; j++) {
      const value = a[start + j]!;
      sum += value * v[j]!;
      w[j]! += value * vi;
    }
    w[i]! += sum + a[start + i]! * vi;
  }
  let along = 0;
  for (let i = 0; i < row; i++) {
    w[i]! /= half;
    along += w[i]! * v[i]!;
  }
  const part = along / (2 * half);
  for (let i = 0; i < row; i++) w[i]! -= part * v[i]!;
  for (let i = 0; i < row; i++) {
    const start = i * size;
    const [vi, wi] = [v[i]!, w[i]!];
    for (let j = 0; j <= i; j++) a[start + j]! -= vi * w[j]! + wi * v[j]!;
  }
}

/** Turns rows `i` and `i + 1` of what goes along with the matrix. */
export type Rotate = (i: number, cosine: number, sine: number) => void;

/** QL steps with implicit shifts: afterwards `diagonal` holds the eigenvalues. */
export function diagonalize(diagonal: Float64Array, beside: Float64Array, rotate?: Rotate): void {
  const size = diagonal.length;
  for (let low = 0; low < size; low++) {
    for (let round = 0;; round++) {
      let high = low;
      while (high < size - 1) {
        const around = Math.abs(diagonal[high]!) + Math.abs(diagonal[high + 1]!);
        if (Math.abs(beside[high]!) <= Number.EPSILON * around) break;
        high++;
      }
      if (high === low) break;
      if (round === MOST_ROUNDS) {
        throw new Error(`Cannot find eigenvalues: QL did not converge in ${MOST_ROUNDS} rounds.`);
      }
      qlStep(diagonal, beside, low, high, rotate);
    }
  }
}

function qlStep(
  diagonal: Float64Array,
  beside: Float64Array,
  low: number,
  high: number,
  rotate: Rotate | undefined,
): void {
  // Wilkinson's shift: the eigenvalue of the first 2x2 block that is nearer to its first number.
  const ratio = (diagonal[low + 1]! - diagonal[low]!) / (2 * beside[low]!);
  const root = Math.hypot(ratio, 1);
  let g = diagonal[high]! - diagonal[low]! + beside[low]! / (ratio + (ratio >= 0 ? root : -root));
  let [sine, cosine, p] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const r = Math.hypot(f, g);
    beside[i + 1] = r;
    if (r === 0) {
      // The matrix falls apart here: the next round starts from a smaller block.
      diagonal[i + 1]! -= p;
      beside[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1]! - p;
    const turned = (diagonal[i]! - g) * sine + 2 * cosine * b;
    p = sine * turned;
    diagonal[i + 1] = g + p;
    g = cosine * turned - b;
    rotate?.(i, cosine, sine);
  }
  diagonal[low]! -= p;
  beside[low] = g;
  beside[high] = 0;
}
