import "../../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  eachPairProductBlock,
  eachProductBlock,
  type ProductBlock,
} from "../../../../src/dcgan/scores/metrics/product_blocks.ts";
import type { Features } from "../../../../src/dcgan/scores/metrics/features.ts";
import { normalFeatures } from "../../../support/features.ts";

/** The products that count, by pair. */
function collect(each: (visit: (block: ProductBlock) => void) => void, width: number): Map<number, number> {
  const found = new Map<number, number>();
  each((block) => {
    for (let row = 0; row < block.rows; row++) {
      for (let column = 0; column < block.columnsOf(row); column++) {
        const pair = (block.top + row) * width + block.left + column;
        assertEquals(found.has(pair), false);
        found.set(pair, block.products[row * block.columns + column]!);
      }
    }
  });
  return found;
}

function product(a: Features, i: number, b: Features, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.dimensions; k++) sum += a.data[i * a.dimensions + k]! * b.data[j * b.dimensions + k]!;
  return sum;
}

Deno.test("every pair of two sets comes once, with its product, across blocks", () => {
  const [a, b] = [normalFeatures(259, 5, { seed: 1 }), normalFeatures(514, 5, { seed: 2 })];
  const found = collect((visit) => eachProductBlock(a, b, visit), 514);
  assertEquals(found.size, 259 * 514);
  for (const [pair, value] of found) {
    assertAlmostEquals(value, product(a, Math.floor(pair / 514), b, pair % 514), 1e-12);
  }
});

Deno.test("every pair of one set comes once, the later row first", () => {
  const set = normalFeatures(515, 3, { seed: 1 });
  const found = collect((visit) => eachPairProductBlock(set, visit), 515);
  assertEquals(found.size, 515 * 514 / 2);
  for (const [pair, value] of found) {
    const [i, j] = [Math.floor(pair / 515), pair % 515];
    assertEquals(j < i, true);
    assertAlmostEquals(value, product(set, i, set, j), 1e-12);
  }
});

Deno.test("a product is the same to the last digit at any place, in any order", () => {
  const set = normalFeatures(263, 300, { seed: 1 });
  // Places around tiles of four and blocks of 256.
  const moved = { data: set.data.slice(2 * 300), count: 261, dimensions: 300 };
  const [whole, part, turned] = [[set, set], [set, moved], [moved, set]].map(([a, b]) =>
    collect((visit) => eachProductBlock(a!, b!, visit), 1000)
  );
  for (let i = 0; i < 263; i++) {
    for (let j = 2; j < 263; j++) {
      const want = whole!.get(i * 1000 + j)!;
      assertEquals([part!.get(i * 1000 + j - 2), turned!.get((j - 2) * 1000 + i)], [want, want]);
    }
  }
});

Deno.test("rows of many dimensions come in smaller blocks", () => {
  const set = normalFeatures(35, 2 ** 16, { seed: 1 });
  const seen = new Set<number>();
  let largest = 0;
  eachProductBlock(set, set, ({ top, left, rows, columns, products }) => {
    largest = Math.max(largest, rows, columns);
    seen.add(top * 35 + left);
    assertAlmostEquals(products[columns - 1]!, product(set, top, set, left + columns - 1), 1e-8);
  });
  assertEquals([largest, seen.size], [16, 9]);
});
