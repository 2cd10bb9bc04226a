import type { Features } from "./features.ts";
import { rowNorms } from "./linear/multiply_transposed.ts";
import { eachPairProductBlock, eachProductBlock, type ProductBlock } from "./product_blocks.ts";

/** Share of `|x|^2 + |y|^2` from which a distance is taken from products: so at most 10 of 53 bits cancel. */
const CLOSE = 2 ** -10;

/**
 * Squared Euclidean distances between all rows of two sets in float64, handed over one by one. Nothing is
 * kept but a block of rows.
 *
 * A distance is `|x|^2 + |y|^2 - 2 x.y`, which multiplies each number that is read several times. If that
 * would cancel digits (see {@linkcode CLOSE}), as between near copies or far from 0, differences are squared
 * and summed instead. The relative error stays below `d 2^-43`. Equal rows are at 0, and the distance of two
 * rows is the same to the last digit in any order and company.
 *
 * @param visit Takes the row of `a`, the row of `b` and the squared distance. Blocks come in order, and rows
 * of a block.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const a = { data: Float32Array.of(0, 0), count: 1, dimensions: 2 };
 * const b = { data: Float32Array.of(3, 4), count: 1, dimensions: 2 };
 * eachDistance(a, b, (_i, _j, squared) => assertEquals(squared, 25));
 * ```
 */
export function eachDistance(
  a: Features,
  b: Features,
  visit: (i: number, j: number, squared: number) => void,
): void {
  eachProductBlock(a, b, (block) => visitPairs(block, a.dimensions, visit));
}

/** Like {@linkcode eachDistance} inside one set: each pair once, `j` below `i`. */
export function eachPairDistance(
  set: Features,
  visit: (i: number, j: number, squared: number) => void,
): void {
  eachPairProductBlock(set, (block) => visitPairs(block, set.dimensions, visit));
}

function visitPairs(
  block: ProductBlock,
  d: number,
  visit: (i: number, j: number, squared: number) => void,
): void {
  const { top, left, rows, columns, a, b, products } = block;
  const [norms, others] = [rowNorms(a, rows, d), rowNorms(b, columns, d)];
  for (let i = 0; i < rows; i++) {
    const end = block.columnsOf(i);
    for (let j = 0; j < end; j++) {
      const sum = norms[i]! + others[j]!;
      let squared = sum - 2 * products[i * columns + j]!;
      // Written so that NaN, from squares beyond the largest number, is taken for close.
      if (!(squared > CLOSE * sum)) squared = squaredDifference(a, i * d, b, j * d, d);
      visit(top + i, left + j, squared);
    }
  }
}

/** Four sums at a time, as one alone would wait for itself. */
function squaredDifference(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  let k = 0;
  for (; k + 4 <= d; k += 4) {
    const d0 = a[i + k]! - b[j + k]!;
    const d1 = a[i + k + 1]! - b[j + k + 1]!;
    const d2 = a[i + k + 2]! - b[j + k + 2]!;
    const d3 = a[i + k + 3]! - b[j + k + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; k < d; k++) s0 += (a[i + k]! - b[j + k]!) ** 2;
  return s0 + s1 + (s2 + s3);
}
