import type { Features } from "./features.ts";
import { addRowProducts } from "./linear/multiply_transposed.ts";

/**
 * Most rows of each set in a block: at 128 dimensions, both and their products take a megabyte and stay in
 * the cache.
 */
const MOST_ROWS = 256;
/** Numbers of one set in a block, as long as these are {@linkcode LEAST_ROWS}: 8 megabytes. */
const MOST_NUMBERS = 2 ** 20;
/** Rows in a block, however long: fewer would be copied more often than they are multiplied. */
const LEAST_ROWS = 16;

/** Some rows of one set, some rows of another, and the products of each with each. */
export interface ProductBlock {
  /** First row of the first set. */
  readonly top: number;
  /** First row of the second set. */
  readonly left: number;
  /** Rows of the first set. */
  readonly rows: number;
  /** Rows of the second set. */
  readonly columns: number;
  /** Rows of the first set in float64, `[rows, dimensions]`. */
  readonly a: Float64Array;
  /** Rows of the second set in float64, `[columns, dimensions]`. */
  readonly b: Float64Array;
  /** `a b^T`, `[rows, columns]`. What `columnsOf` leaves out may be anything. */
  readonly products: Float64Array;
  /**
   * How many columns count in a row, from the first: all of them, or those before the row if a set meets
   * itself.
   */
  columnsOf(row: number): number;
}

/**
 * Products of all rows of two sets in float64, a block at a time. Beside one block, nothing is kept: memory
 * does not grow with the number of rows. A product depends on its two rows alone, to the last digit, and not
 * on their places or order.
 *
 * @param visit Takes a block, which the next one overwrites. Blocks come in the order of rows of `a`, then of
 * `b`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const a = { data: Float32Array.of(1, 2), count: 1, dimensions: 2 };
 * const b = { data: Float32Array.of(3, 4), count: 1, dimensions: 2 };
 * eachProductBlock(a, b, ({ products }) => assertEquals(products[0], 11));
 * ```
 */
export function eachProductBlock(a: Features, b: Features, visit: (block: ProductBlock) => void): void {
  visitBlocks(a, b, false, visit);
}

/**
 * Like {@linkcode eachProductBlock} inside one set: each pair of different rows once, the later row first.
 */
export function eachPairProductBlock(set: Features, visit: (block: ProductBlock) => void): void {
  visitBlocks(set, set, true, visit);
}

function visitBlocks(
  a: Features,
  b: Features,
  below: boolean,
  visit: (block: ProductBlock) => void,
): void {
  const terms = a.dimensions;
  const size = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(MOST_NUMBERS / terms)));
  const buffer = (set: Features) => new Float64Array(Math.min(size, set.count) * terms);
  const [upper, lower] = [buffer(a), buffer(b)];
  const sums = new Float64Array(Math.min(size, a.count) * Math.min(size, b.count));
  for (let top = 0; top < a.count; top += size) {
    const rows = Math.min(size, a.count - top);
    const left = copyRows(a, top, rows, upper);
    for (let first = 0; first < (below ? top + 1 : b.count); first += size) {
      const columns = Math.min(size, b.count - first);
      const right = copyRows(b, first, columns, lower);
      const products = sums.subarray(0, rows * columns).fill(0);
      const isDiagonal = below && first === top;
      addRowProducts({ a: left, b: right, rows, columns, terms, sum: products, lower: isDiagonal });
      const columnsOf = isDiagonal ? (row: number) => row : () => columns;
      visit({ top, left: first, rows, columns, a: left, b: right, products, columnsOf });
    }
  }
}

function copyRows(
  { data, dimensions }: Features,
  first: number,
  rows: number,
  to: Float64Array,
): Float64Array {
  to.set(data.subarray(first * dimensions, (first + rows) * dimensions));
  return to.subarray(0, rows * dimensions);
}
