import { assert, assertEquals } from "@std/assert";
import type { TiledSchedule } from "../../../../src/gpu/contraction/kernels/schedule.ts";
import { denseSum } from "../../../../src/gpu/contraction/sums/dense_sum.ts";
import { cyclesOf } from "../../../../src/gpu/contraction/variants/cost.ts";
import type { Card } from "../../../../src/gpu/contraction/variants/card.ts";

const TILE: TiledSchedule = { shape: "tiled", rows: 32, columns: 32, depth: 16, rowQuads: 1, columnQuads: 1 };

const CARD: Card = {
  cores: 10,
  lanes: 64,
  workgroupBytes: 128,
  resident: 256,
  latency: 500,
  launch: 4000,
  bytes: 200,
  tiles: [TILE],
};

function cycles(rows: number, depth: number, splits = 1, card: Card = CARD): number {
  const of = { dtype: "f32" } as const;
  const sizes = { rows, columns: 32, depth, transposeA: false, transposeB: false };
  return cyclesOf(card, denseSum({ a: of, b: of }, sizes), TILE, splits);
}

Deno.test("cyclesOf() waits for memory in each round of a lone workgroup", () => {
  // 256 products, 32 reads and 100 others, and the latency; before and after all rounds, a constant
  assertEquals(cycles(32, 320) - cycles(32, 160), 10 * (388 + 500));
  assertEquals(cycles(320, 160), cycles(32, 160));
});

Deno.test("cyclesOf() counts what workgroups of a core compute together, and what does not fit at once", () => {
  // Three of 64 threads on 64 lanes take as long as they compute, and five are four and one
  assertEquals(cycles(30 * 32, 320) - cycles(30 * 32, 160), 10 * 3 * 388);
  assertEquals(cycles(50 * 32, 160), cycles(40 * 32, 160) + cycles(10 * 32, 160));
});

Deno.test("cyclesOf() counts reads of workgroup memory where it is slower than the products", () => {
  const slow = { ...CARD, workgroupBytes: 32 };
  assertEquals(cycles(30 * 32, 320, 1, slow) - cycles(30 * 32, 160, 1, slow), 10 * 3 * 64 * 32 * 16 / 32);
});

Deno.test("cyclesOf() gains by parts of long sums of few tiles, and loses by parts of others", () => {
  assert(cycles(32, 8192, 8) < cycles(32, 8192) / 4);
  assert(cycles(32, 64, 2) > cycles(32, 64));
  assert(cycles(4000, 512, 8) > cycles(4000, 512));
});
