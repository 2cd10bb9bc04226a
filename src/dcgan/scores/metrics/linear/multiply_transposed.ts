/** Terms of a sum that are taken at a time: four rows of each side stay in the first cache. */
const TERMS = 256;
/** Rows of `b` that are gone through before the next rows of `a`: with {@linkcode TERMS}, half a megabyte. */
const ROWS = 256;

/** Two matrices whose rows are multiplied. */
export interface RowProducts {
  /** `[rows, terms]`. */
  readonly a: Float64Array;
  /** `[columns, terms]`. */
  readonly b: Float64Array;
  /** Rows of `a`. */
  readonly rows: number;
  /** Rows of `b`. */
  readonly columns: number;
  /** Numbers in each row. */
  readonly terms: number;
  /** `[rows, columns]`: what the products are added to. */
  readonly sum: Float64Array;
  /**
   * True if `a` is `b`: only the lower triangle of the sum is sure to be added to.
   *
   * @default {false}
   */
  readonly lower?: boolean;
}

/**
 * Adds `A B^T` to a sum: the products of every row of `A` with every row of `B`, in float64.
 *
 * Tiles of 4x4 sums stay in registers, so that each number that is read is used four times.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const sum = new Float64Array(2);
 * const [a, b] = [Float64Array.of(1, 2), Float64Array.of(3, 4, 5, 6)];
 * addRowProducts({ a, b, rows: 1, columns: 2, terms: 2, sum });
 * assertEquals([...sum], [11, 17]);
 * ```
 */
export function addRowProducts({ a, b, rows, columns, terms, sum, lower = false }: RowProducts): void {
  for (let from = 0; from < terms; from += TERMS) {
    const to = Math.min(terms, from + TERMS);
    for (let first = 0; first < columns; first += ROWS) {
      const last = Math.min(columns, first + ROWS);
      for (let i = lower ? first : 0; i < rows; i += 4) {
        const end = lower ? Math.min(last, i + 4) : last;
        for (let j = first; j < end; j += 4) {
          if (i + 4 <= rows && j + 4 <= last) addTile(a, b, i, j, columns, terms, from, to, sum);
          else {
            const [bottom, right] = [Math.min(rows, i + 4), Math.min(last, j + 4)];
            addEdge(a, b, i, bottom, j, right, columns, terms, from, to, sum);
          }
        }
      }
    }
  }
}

/**
 * Squared length of each row of `[rows, terms]`, summed in the order of {@linkcode addRowProducts}: to the last digit the
 * product of the row with itself.
 */
export function rowNorms(a: Float64Array, rows: number, terms: number): Float64Array {
  const norms = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let from = 0; from < terms; from += TERMS) {
      const end = row * terms + Math.min(terms, from + TERMS);
      let part = 0;
      for (let at = row * terms + from; at < end; at++) part += a[at]! * a[at]!;
      norms[row]! += part;
    }
  }
  return norms;
}

function addTile(
  a: Float64Array,
  b: Float64Array,
  i: number,
  j: number,
  columns: number,
  terms: number,
  from: number,
  to: number,
  sum: Float64Array,
): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  const [a0, a1, a2, a3] = [i * terms, (i + 1) * terms, (i + 2) * terms, (i + 3) * terms];
  const [b0, b1, b2, b3] = [j * terms, (j + 1) * terms, (j + 2) * terms, (j + 3) * terms];
  for (let k = from; k < to; k++) {
    const x0 = a[a0 + k]!, x1 = a[a1 + k]!, x2 = a[a2 + k]!, x3 = a[a3 + k]!;
    const y0 = b[b0 + k]!, y1 = b[b1 + k]!, y2 = b[b2 + k]!, y3 = b[b3 + k]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  let at = i * columns + j;
  sum[at]! += s00;
  sum[at + 1]! += s01;
  sum[at + 2]! += s02;
  sum[at + 3]! += s03;
  at += columns;
  sum[at]! += s10;
  sum[at + 1]! += s11;
  sum[at + 2]! += s12;
  sum[at + 3]! += s13;
  at += columns;
  sum[at]! += s20;
  sum[at + 1]! += s21;
  sum[at + 2]! += s22;
  sum[at + 3]! += s23;
  at += columns;
  sum[at]! += s30;
  sum[at + 1]! += s31;
  sum[at + 2]! += s32;
  sum[at + 3]! += s33;
}

function addEdge(
  a: Float64Array,
  b: Float64Array,
  top: number,
  bottom: number,
  left: number,
  right: number,
  columns: number,
  terms: number,
  from: number,
  to: number,
  sum: Float64Array,
): void {
  for (let i = top; i < bottom; i++) {
    for (let j = left; j < right; j++) {
      let part = 0;
      for (let k = from; k < to; k++) part += a[i * terms + k]! * b[j * terms + k]!;
      sum[i * columns + j]! += part;
    }
  }
}

/** Copies the lower triangle of `[size, size]` to the upper one. */
export function mirrorLower(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j]!;
  }
}
