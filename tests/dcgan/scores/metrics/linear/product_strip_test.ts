import "../../../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import {
  MOST_COLUMNS,
  MOST_TERMS,
  productStrip,
  TILE,
} from "../../../../../src/dcgan/scores/metrics/linear/product_strip.ts";
import { hostNormal } from "../../../../../src/gpu/mod.ts";

Deno.test("a strip is what plain loops give to the last digit, and nothing beside it is written", () => {
  const strip = productStrip();
  for (const [terms, tiles] of [[1, 1], [2, 3], [255, 2], [MOST_TERMS, MOST_COLUMNS / TILE]] as const) {
    strip.a.set(hostNormal(TILE * terms, { seed: 1 }));
    strip.b.set(hostNormal(tiles * TILE * terms, { seed: 2 }));
    const [a, b] = [strip.a.slice(), strip.b.slice()];
    strip.out.fill(7);
    strip.multiply(terms, tiles);
    assertEquals([strip.a, strip.b], [a, b]);
    const wanted = new Float64Array(strip.out.length).fill(7);
    for (let at = 0; at < tiles * TILE * TILE; at++) {
      const [tile, row, column] = [Math.floor(at / 16), Math.floor(at / 4) % 4, at % 4];
      let sum = 0;
      for (let k = 0; k < terms; k++) sum += a[k * TILE + row]! * b[(tile * terms + k) * TILE + column]!;
      wanted[at] = sum;
    }
    assertEquals(strip.out, wanted);
  }
});
