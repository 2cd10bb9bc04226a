import "../../../../src/host/on_native.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { eachDistance, eachPairDistance } from "../../../../src/dcgan/scores/metrics/distances.ts";
import type { Features } from "../../../../src/dcgan/scores/metrics/features.ts";
import { normalFeatures, reversed } from "../../../support/features.ts";

Deno.test("every pair of two sets comes once, with its distance, across blocks", () => {
  const [a, b] = [normalFeatures(270, 7, { seed: 1 }), normalFeatures(517, 7, { seed: 2 })];
  const found = new Map<number, number>();
  eachDistance(a, b, (i, j, squared) => {
    assertEquals(found.has(i * 517 + j), false);
    found.set(i * 517 + j, squared);
  });
  assertEquals(found.size, 270 * 517);
  for (const [pair, squared] of found) {
    const [i, j] = [Math.floor(pair / 517), pair % 517];
    let want = 0;
    for (let k = 0; k < 7; k++) want += (a.data[i * 7 + k]! - b.data[j * 7 + k]!) ** 2;
    assertAlmostEquals(squared, want, 1e-12);
  }
});

Deno.test("every pair of one set comes once", () => {
  const set = normalFeatures(519, 2, { seed: 1 });
  const seen = new Set<number>();
  eachPairDistance(set, (i, j) => {
    assertEquals(j < i, true);
    seen.add(i * 519 + j);
  });
  assertEquals(seen.size, 519 * 518 / 2);
});

/** Relative errors of all distances against sums of squared differences. */
function largestError(a: Features, b: Features): number {
  const d = a.dimensions;
  let largest = 0;
  eachDistance(a, b, (i, j, squared) => {
    let want = 0;
    for (let k = 0; k < d; k++) want += (a.data[i * d + k]! - b.data[j * d + k]!) ** 2;
    largest = Math.max(largest, want === 0 ? squared : Math.abs(squared - want) / want);
  });
  return largest;
}

Deno.test("no digits cancel: near copies, a large mean, huge and tiny numbers", () => {
  const set = normalFeatures(60, 200, { seed: 1 });
  for (const nudge of [0, 1e-7, 1e-4, 1e-2, 0.03, 0.1]) {
    const near = Float32Array.from(set.data, (value, index) => value + nudge * ((index * 7) % 5 - 2));
    assert(largestError(set, { ...set, data: near }) < 200 * 2 ** -43);
  }
  for (const shift of [10, 30, 1000, 1e6]) {
    const [far, other] = [1, 2].map((seed) => normalFeatures(40, 200, { seed, shift }));
    assert(largestError(far!, other!) < 200 * 2 ** -43);
  }
  const scaled = (factor: number) => ({
    ...set,
    data: Float64Array.from(set.data, (value) => value * factor),
  });
  for (const factor of [1e-150, 1e150]) {
    assert(largestError(scaled(factor), scaled(-factor)) < 200 * 2 ** -43);
  }
});

Deno.test("products alone would lose those digits", () => {
  const [a, b] = [1, 2].map((seed) => normalFeatures(1, 200, { seed, shift: 1e6 }));
  const product = (x: Features, y: Features) =>
    Float64Array.from(x.data).reduce((sum, value, k) => sum + value * y.data[k]!, 0);
  const squared = product(a!, a!) + product(b!, b!) - 2 * product(a!, b!);
  let want = 0;
  for (let k = 0; k < 200; k++) want += (a!.data[k]! - b!.data[k]!) ** 2;
  assert(Math.abs(squared - want) / want > 200 * 2 ** -43);
});

Deno.test("equal rows are at 0, and a distance is the same inside a set and between sets", () => {
  const set = normalFeatures(261, 300, { seed: 1 });
  const inside = new Map<number, number>();
  eachPairDistance(set, (i, j, squared) => inside.set(i * 261 + j, squared));
  eachDistance(set, reversed(set), (i, other, squared) => {
    const j = 260 - other;
    const want = i === j ? 0 : inside.get(Math.max(i, j) * 261 + Math.min(i, j));
    if (squared !== want) assertEquals([i, j, squared], [i, j, want]);
  });
});
