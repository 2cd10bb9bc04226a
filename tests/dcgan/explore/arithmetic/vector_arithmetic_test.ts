import "../../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import {
  combine,
  meanLatent,
  neighborhood,
  NOISE,
} from "../../../../src/dcgan/explore/arithmetic/vector_arithmetic.ts";

Deno.test("meanLatent() and combine() take numbers one by one", () => {
  assertEquals(meanLatent([Float32Array.of(1, 4), Float32Array.of(3, 0)]), Float32Array.of(2, 2));
  const [a, b, c] = [Float32Array.of(5, 1), Float32Array.of(1, 2), Float32Array.of(10, 10)];
  assertEquals(combine(a, b, c), Float32Array.of(14, 9));
  assertEquals(combine(a, b), Float32Array.of(4, -1));
});

Deno.test("neighborhood() keeps the middle one, and fills the noise of the others from end to end", () => {
  const center = Float32Array.from({ length: 100 }, (_, i) => i / 10);
  const nine = neighborhood(center, 3);
  assertEquals(nine, neighborhood(center, 3));
  assertEquals(nine.slice(400, 500), center);
  const noise = nine.map((value, at) => value - center[at % 100]!);
  assert(noise.every((value) => Math.abs(value) <= NOISE + 1e-6));
  assert(Math.max(...noise) > 0.24 && Math.min(...noise) < -0.24);
  for (let at = 0; at < 9; at++) {
    const isStill = noise.subarray(at * 100, (at + 1) * 100).every((value) => value === 0);
    assertEquals(isStill, at === 4);
  }
});
