import { assert, assertEquals, assertThrows } from "@std/assert";
import { between, lengthOf } from "../../../../src/dcgan/explore/latents/between.ts";
import { randomValues } from "../../../support/random.ts";

/** The greatest difference of two vectors. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

Deno.test("between() is at its ends exactly, and halves a right angle", () => {
  const [a, b] = [randomValues(100, 1, [-2, 2]), randomValues(100, 2, [-2, 2])];
  for (const interpolation of ["linear", "spherical"] as const) {
    assertEquals(between(a, b, 0, interpolation), Float32Array.from(a));
    assertEquals(between(a, b, 1, interpolation), Float32Array.from(b));
  }
  assertEquals(between([2, 0], [0, 4], 0.5, "linear"), Float32Array.of(1, 2));
  const half = Math.SQRT1_2;
  assert(distance(between([2, 0], [0, 4], 0.5, "spherical"), [3 * half, 3 * half]) < 1e-6);
  // A third of a right angle is 30 degrees
  assert(distance(between([1, 0], [0, 1], 1 / 3, "spherical"), [Math.sqrt(3) / 2, 0.5]) < 1e-6);
});

Deno.test("between() turns evenly, and its length changes evenly", () => {
  const [a, b] = [randomValues(64, 3, [-1, 1]), randomValues(64, 4, [-3, 3])];
  const cosine = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x, (value, i) => value * y[i]!).reduce((sum, one) => sum + one) / (lengthOf(x) * lengthOf(y));
  const angle = Math.acos(cosine(a, b));
  for (const at of [0.1, 0.25, 0.5, 0.9]) {
    const point = between(a, b, at, "spherical");
    assert(Math.abs(lengthOf(point) - ((1 - at) * lengthOf(a) + at * lengthOf(b))) < 1e-5);
    assert(Math.abs(Math.acos(cosine(a, point)) - at * angle) < 1e-5);
  }
});

Deno.test("between() of parallel vectors is a line, of opposite ones an arc, of zero a line", () => {
  assert(distance(between([1, 2], [2, 4], 0.5, "spherical"), [1.5, 3]) < 1e-6);
  assert(distance(between([1, 2], [1, 2], 0.3, "spherical"), [1, 2]) < 1e-6);
  const nearly = between([1, 0], [1, 1e-9], 0.5, "spherical");
  assert(distance(nearly, [1, 0]) < 1e-6);
  for (const a of [[3, 0, 0], [1, 1, 1], [0, -2, 5]]) {
    const middle = between(a, a.map((value) => -value), 0.5, "spherical");
    assert(Math.abs(lengthOf(middle) - lengthOf(a)) < 1e-5);
    // At right angles to both
    assert(Math.abs(a.reduce((sum, value, i) => sum + value * middle[i]!, 0)) < 1e-5);
  }
  // With one number there is no way around zero
  assert(Number.isFinite(between([2], [-2], 0.25, "spherical")[0]!));
  assertEquals(between([0, 0], [2, 4], 0.5, "spherical"), Float32Array.of(1, 2));
});

Deno.test("between() rejects vectors that are not as long", () => {
  assertThrows(() => between([1], [1, 2], 0.5, "linear"), RangeError, "as many numbers, found 1 and 2");
});
