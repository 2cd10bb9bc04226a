import { assertAlmostEquals, assertEquals } from "@std/assert";
import { eachDistance, eachPairDistance } from "../../../../src/dcgan/scores/metrics/distances.ts";
import { normalFeatures } from "../../../support/features.ts";

Deno.test("every pair of two sets comes once, with its distance, across blocks", () => {
  const [a, b] = [normalFeatures(70, 7, { seed: 1 }), normalFeatures(130, 7, { seed: 2 })];
  const found = new Map<number, number>();
  eachDistance(a, b, (i, j, squared) => {
    assertEquals(found.has(i * 130 + j), false);
    found.set(i * 130 + j, squared);
  });
  assertEquals(found.size, 70 * 130);
  for (const [pair, squared] of found) {
    const [i, j] = [Math.floor(pair / 130), pair % 130];
    let want = 0;
    for (let k = 0; k < 7; k++) want += (a.data[i * 7 + k]! - b.data[j * 7 + k]!) ** 2;
    assertAlmostEquals(squared, want, 1e-12);
  }
});

Deno.test("every pair of one set comes once", () => {
  const set = normalFeatures(131, 2, { seed: 1 });
  const seen = new Set<number>();
  eachPairDistance(set, (i, j) => {
    assertEquals(j < i, true);
    seen.add(i * 131 + j);
  });
  assertEquals(seen.size, 131 * 130 / 2);
});
