import type { LatentDistribution } from "../../networks/latent.ts";
import { choice, type OptionKind } from "../../options/option.ts";

/** How to get from one latent vector to another: on a straight line, or on an arc. */
export type Interpolation = "linear" | "spherical";

/** What an interpolation may be. */
export const INTERPOLATION_KIND: OptionKind<Interpolation> = choice(["linear", "spherical"]);

/** Angles, and lines through the origin, below which an arc is as good as a straight line. */
const SMALL = 1e-6;

/**
 * What suits a distribution. Normal vectors of many numbers lie near a sphere, and a straight line cuts
 * through its inside, where the generator never learned anything (White 2016, arXiv:1609.04468). A cube has
 * its inside.
 */
export function usualInterpolation(distribution: LatentDistribution): Interpolation {
  return distribution === "normal" ? "spherical" : "linear";
}

/**
 * A latent vector between two: `a` at 0 and `b` at 1.
 *
 * On an arc, the direction turns evenly and the length changes evenly (Shoemake 1985, with lengths). Vectors
 * of one direction have a straight line between them. Those of opposite directions have no arc of their own:
 * theirs goes by way of a fixed direction that is at right angles to both.
 *
 * @throws {RangeError} if they are not as long.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { between } from "@x/dcgan";
 *
 * assertEquals(between([1, 0], [0, 3], 0.5, "linear"), new Float32Array([0.5, 1.5]));
 * assertEquals(between([0, 0], [0, 3], 1, "spherical"), new Float32Array([0, 3]));
 * ```
 */
export function between(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  at: number,
  interpolation: Interpolation,
): Float32Array<ArrayBuffer> {
  if (a.length !== b.length) {
    throw new RangeError(`Two latent vectors must have as many numbers, found ${a.length} and ${b.length}`);
  }
  if (at === 0 || at === 1) return Float32Array.from(at === 0 ? a : b);
  const [lengthA, lengthB] = [lengthOf(a), lengthOf(b)];
  if (interpolation === "linear" || lengthA < SMALL || lengthB < SMALL) {
    return Float32Array.from(a, (value, i) => (1 - at) * value + at * b[i]!);
  }
  const u = Float64Array.from(a, (value) => value / lengthA);
  const w = Float64Array.from(b, (value) => value / lengthB);
  const length = (1 - at) * lengthA + at * lengthB;
  // From half the chords: an arc cosine loses all digits where vectors are parallel
  const sum = lengthOf(u.map((value, i) => value + w[i]!));
  const difference = lengthOf(u.map((value, i) => value - w[i]!));
  const angle = 2 * Math.atan2(difference, sum);
  const sine = Math.sin(angle);
  if (angle < SMALL) return Float32Array.from(u, (value, i) => length * ((1 - at) * value + at * w[i]!));
  if (sum < SMALL) {
    const side = sideways(u);
    const [cos, sin] = [Math.cos(Math.PI * at), Math.sin(Math.PI * at)];
    return Float32Array.from(u, (value, i) => length * (cos * value + sin * side[i]!));
  }
  const [fromA, fromB] = [Math.sin((1 - at) * angle) / sine, Math.sin(at * angle) / sine];
  return Float32Array.from(u, (value, i) => length * (fromA * value + fromB * w[i]!));
}

/** The length of a vector. */
export function lengthOf(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! ** 2;
  return Math.sqrt(sum);
}

/**
 * A direction at right angles to one, always the same: what is left of the axis that is the farthest from it.
 */
function sideways(direction: Float64Array): Float64Array {
  const axis = direction.reduce(
    (best, value, i) => Math.abs(value) < Math.abs(direction[best]!) ? i : best,
    0,
  );
  const rest = direction.map((value, i) => (i === axis ? 1 : 0) - direction[axis]! * value);
  const length = lengthOf(rest);
  return length < SMALL ? direction : rest.map((value) => value / length);
}
