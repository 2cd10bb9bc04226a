import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { permuted } from "../../../src/gpu/mod.ts";

function order(length: number, seed: number, epoch: number): number[] {
  return Array.from({ length }, (_, index) => permuted(index, length, { seed, epoch }));
}

/** Chi-square statistic over its mean, in standard deviations. */
function surprise(counts: ArrayLike<number>, expected: number, freedom: number): number {
  const sum = Array.from(counts).reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  return (sum - freedom) / Math.sqrt(2 * freedom);
}

Deno.test("permuted() reaches every index exactly once", () => {
  for (const length of [1, 2, 3, 4, 5, 7, 15, 16, 17, 63, 64, 65, 1000, 1024, 4097]) {
    for (const epoch of [0, 1, 2]) {
      const places = order(length, 9, epoch).sort((a, b) => a - b);
      assertEquals(places, Array.from({ length }, (_, index) => index));
    }
  }
});

Deno.test("permuted() depends on seed and epoch alone", () => {
  const first = order(100, 1, 1);
  assertEquals(order(100, 1, 1), first);
  assertNotEquals(order(100, 2, 1), first);
  assertNotEquals(order(100, 1, 2), first);
});

Deno.test("permuted() gives every order of a few the same chance", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 4800; seed++) {
    const found = order(4, seed, seed % 5).join();
    counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  assert(surprise([...counts.values()], 200, 23) < 4);
});

Deno.test("permuted() sends every index everywhere alike", () => {
  for (const length of [5, 17, 40]) {
    const counts = new Float64Array(length * length);
    for (let epoch = 0; epoch < 3000; epoch++) {
      for (const [index, place] of order(length, 3, epoch).entries()) counts[index * length + place]!++;
    }
    assert(surprise(counts, 3000 / length, (length - 1) ** 2) < 4);
  }
});

Deno.test("permuted() works up to 2^32 indices", () => {
  const places = [0, 1, 2 ** 31, 2 ** 32 - 1].map((index) => permuted(index, 2 ** 32, { seed: 1 }));
  assertEquals(new Set(places).size, 4);
  assert(places.every((place) => place >= 0 && place < 2 ** 32));
});

Deno.test("permuted() explains which numbers it takes", () => {
  assertThrows(() => permuted(0, 0, { seed: 1 }), RangeError, "a length from 1 to 2^32, found 0");
  assertThrows(() => permuted(3, 3, { seed: 1 }), RangeError, "must be from 0 to 2, found 3");
  assertThrows(() => permuted(0, 3, { seed: 0.5 }), RangeError, "A seed must be");
});
