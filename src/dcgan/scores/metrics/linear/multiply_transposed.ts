import { MOST_COLUMNS, MOST_TERMS, type ProductStrip, productStrip, TILE } from "./product_strip.ts";

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
 * Adds `A B^T` to a sum: the products of every row of `A` with every row of `B`, in float64. Terms are added
 * up in their order, {@linkcode MOST_TERMS} at a time, so that a product does not depend on where its rows
 * are.
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
  const strip = productStrip();
  for (let from = 0; from < terms; from += MOST_TERMS) {
    const to = Math.min(terms, from + MOST_TERMS);
    for (let first = 0; first < columns; first += MOST_COLUMNS) {
      const last = Math.min(columns, first + MOST_COLUMNS);
      interleave(b, first, last, terms, from, to, strip.b);
      for (let i = lower ? first : 0; i < rows; i += TILE) {
        const bottom = Math.min(rows, i + TILE);
        const end = lower ? Math.min(last, i + TILE) : last;
        interleave(a, i, bottom, terms, from, to, strip.a);
        strip.multiply(to - from, Math.ceil((end - first) / TILE));
        addStrip(strip, i, bottom, first, end, columns, sum);
      }
    }
  }
}

/**
 * Puts some terms of some rows side by side, by fours: `[fours, terms, 4]`. Rows that there are not are 0.
 */
function interleave(
  rows: Float64Array,
  first: number,
  last: number,
  terms: number,
  from: number,
  to: number,
  into: Float64Array,
): void {
  const each = TILE * (to - from);
  for (let row = first; row < first + Math.ceil((last - first) / TILE) * TILE; row++) {
    const place = row - first;
    let at = Math.floor(place / TILE) * each + place % TILE;
    for (let k = row * terms + from; k < row * terms + to; k++) {
      into[at] = row < last ? rows[k]! : 0;
      at += TILE;
    }
  }
}

function addStrip(
  { out }: ProductStrip,
  top: number,
  bottom: number,
  left: number,
  right: number,
  columns: number,
  sum: Float64Array,
): void {
  for (let i = top; i < bottom; i++) {
    for (let j = left; j < right; j++) {
      const place = j - left;
      sum[i * columns + j]! += out[(place - place % TILE) * TILE + (i - top) * TILE + place % TILE]!;
    }
  }
}

/**
 * Squared length of each row of `[rows, terms]`, summed in the order of {@linkcode addRowProducts}: to the
 * last digit the product of the row with itself.
 */
export function rowNorms(a: Float64Array, rows: number, terms: number): Float64Array {
  const norms = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let from = 0; from < terms; from += MOST_TERMS) {
      const end = row * terms + Math.min(terms, from + MOST_TERMS);
      let part = 0;
      for (let at = row * terms + from; at < end; at++) part += a[at]! * a[at]!;
      norms[row]! += part;
    }
  }
  return norms;
}

/** Copies the lower triangle of `[size, size]` to the upper one. */
export function mirrorLower(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j]!;
  }
}
