import { assertEquals } from "@std/assert";
import type { Contraction } from "../../../src/gpu/contraction/sums/contraction.ts";
import { denseSum } from "../../../src/gpu/contraction/sums/dense_sum.ts";
import type { Schedule } from "../../../src/gpu/contraction/kernels/schedule.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { inParts } from "../../../src/gpu/tuning/in_parts.ts";

const TILE: Schedule = { shape: "tiled", rows: 64, columns: 64, depth: 16, rowQuads: 2, columnQuads: 1 };

/** Parts that are tried of a product, on a card or a processor. */
function partsOf(
  sizes: { rows: number; columns: number; depth: number },
  { software = false, loopIterations = Infinity, splittable = true } = {},
): number[] {
  const device = { adapter: { software }, capabilities: { loopIterations } } as unknown as Device;
  const operands = { a: { dtype: "f32" }, b: { dtype: "f32" } } as const;
  const sum = denseSum(operands, { ...sizes, transposeA: false, transposeB: false });
  return inParts(device, { ...sum, splittable } as Contraction, TILE).map(({ splits }) => splits);
}

Deno.test("inParts() cuts sums into 1 to 32 parts of 64 products or more", () => {
  assertEquals(partsOf({ rows: 64, columns: 64, depth: 4096 }), [1, 2, 4, 8, 16, 32]);
  assertEquals(partsOf({ rows: 64, columns: 64, depth: 300 }), [1, 2, 4]);
  assertEquals(partsOf({ rows: 64, columns: 64, depth: 100 }), [1]);
});

Deno.test("inParts() makes no more threads than keep a card busy, and no more workgroups than a processor", () => {
  // 256 workgroups of 128 threads
  assertEquals(partsOf({ rows: 1024, columns: 1024, depth: 4096 }), [1, 2, 4]);
  assertEquals(partsOf({ rows: 256, columns: 128, depth: 4096 }, { software: true }), [1, 2, 4]);
});

Deno.test("inParts() leaves sums whole that may not be cut, and cuts those that loops are too short for", () => {
  assertEquals(partsOf({ rows: 64, columns: 64, depth: 4096 }, { splittable: false }), [1]);
  assertEquals(partsOf({ rows: 64, columns: 64, depth: 4096 }, { loopIterations: 100 }), [3, 4, 8, 16, 32]);
});
