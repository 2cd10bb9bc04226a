import "../../../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { drawBootstrap, drawSubset } from "../../../../src/dcgan/scores/metrics/draws.ts";

Deno.test("a subset has no row twice, and depends on seed and epoch alone", () => {
  const rows = drawSubset(100, 60, { seed: 1, epoch: 2 });
  assertEquals(new Set(rows).size, 60);
  assertEquals(drawSubset(100, 60, { seed: 1, epoch: 2 }), rows);
  for (const key of [{ seed: 2, epoch: 2 }, { seed: 1, epoch: 3 }]) {
    assert(drawSubset(100, 60, key).some((row, at) => row !== rows[at]));
  }
});

Deno.test("a bootstrap takes about 63 of 100 rows", () => {
  const rows = drawBootstrap(10_000, { seed: 1, epoch: 0 });
  assert(rows.every((row) => row < 10_000));
  assert(Math.abs(new Set(rows).size / 10_000 - (1 - 1 / Math.E)) < 0.01);
  assertEquals(drawBootstrap(10_000, { seed: 1, epoch: 0 }), rows);
});

Deno.test("a subset larger than all is refused", () => {
  assertThrows(
    () => drawSubset(3, 4, { seed: 1, epoch: 0 }),
    RangeError,
    "Cannot draw a subset: its size must be from 1 to 3, found 4.",
  );
});
