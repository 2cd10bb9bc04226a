import type { Features } from "./features.ts";

/** Rows of each set that are compared before the next ones are read. */
const BLOCK = 64;

/**
 * Squared Euclidean distances between all rows of two sets, handed over one by one. Differences are squared and summed
 * in float64; `|x|^2 + |y|^2 - 2 x.y` would lose the digits that decide between near neighbors. Nothing is kept: a block
 * of 64x64 rows at a time stays in the cache.
 *
 * @param visit Takes the row of `a`, the row of `b` and the squared distance. Blocks come in order, and rows of a block.
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
  visitBlocks(a, b, false, visit);
}

/** Like {@linkcode eachDistance} inside one set: each pair once, `j` below `i`. */
export function eachPairDistance(
  set: Features,
  visit: (i: number, j: number, squared: number) => void,
): void {
  visitBlocks(set, set, true, visit);
}

function visitBlocks(
  a: Features,
  b: Features,
  below: boolean,
  visit: (i: number, j: number, squared: number) => void,
): void {
  const d = a.dimensions;
  const left = new Float64Array(BLOCK * d);
  const right = new Float64Array(BLOCK * d);
  for (let top = 0; top < a.count; top += BLOCK) {
    const bottom = Math.min(a.count, top + BLOCK);
    left.set(a.data.subarray(top * d, bottom * d));
    for (let first = 0; first < (below ? bottom : b.count); first += BLOCK) {
      const last = Math.min(b.count, first + BLOCK);
      right.set(b.data.subarray(first * d, last * d));
      for (let i = top; i < bottom; i++) {
        const end = below ? Math.min(last, i) : last;
        for (let j = first; j < end; j++) {
          visit(i, j, squared(left, (i - top) * d, right, (j - first) * d, d));
        }
      }
    }
  }
}

/** Four sums at a time, as one alone would wait for itself. */
function squared(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
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
