import { assert, assertEquals } from "@std/assert";
import { lengthOf } from "../../../../src/dcgan/explore/latents/between.ts";
import { onLoop } from "../../../../src/dcgan/explore/latents/loop.ts";
import { randomValues } from "../../../support/random.ts";

const stops = [1, 2, 3].map((seed) => Float32Array.from(randomValues(50, seed, [-1, 1])));

/** How far the way goes within a short time. */
function speed(at: number, interpolation: "linear" | "spherical"): number[] {
  const step = 1e-3;
  const [a, b] = [onLoop(stops, at, interpolation), onLoop(stops, at + step, interpolation)];
  return Array.from(a, (value, i) => (b[i]! - value) / step);
}

Deno.test("onLoop() passes through every vector, and ends where it began", () => {
  for (const interpolation of ["linear", "spherical"] as const) {
    for (const [at, stop] of stops.entries()) assertEquals(onLoop(stops, at, interpolation), stop);
    assertEquals(onLoop(stops, 3, interpolation), stops[0]);
  }
});

Deno.test("onLoop() has no corner, not even where it begins again", () => {
  for (const interpolation of ["linear", "spherical"] as const) {
    for (const at of [1, 2, 3]) {
      const [before, after] = [speed(at - 1.5e-3, interpolation), speed((at + 0.5e-3) % 3, interpolation)];
      const turn = Math.max(...before.map((value, i) => Math.abs(value - after[i]!)));
      // At a corner the way would turn by about its own speed
      assert(turn < 0.1 * lengthOf(before), `${turn} at ${at}`);
    }
  }
});

Deno.test("onLoop() keeps the lengths of vectors, or the cube that they are in", () => {
  for (let at = 0; at < 3; at += 0.1) {
    const [from, to] = [stops[Math.floor(at)]!, stops[(Math.floor(at) + 1) % 3]!].map(lengthOf);
    const length = lengthOf(onLoop(stops, at, "spherical"));
    assert(length >= Math.min(from!, to!) - 1e-4 && length <= Math.max(from!, to!) + 1e-4);
    assert(onLoop(stops, at, "linear").every((value) => Math.abs(value) <= 1));
  }
  // Two opposite vectors: a line through zero, and no NaN
  const [a, b] = [Float32Array.of(1, 2), Float32Array.of(-1, -2)];
  for (const at of [0.25, 0.5, 1.5]) assert(onLoop([a, b], at, "spherical").every(Number.isFinite));
});
