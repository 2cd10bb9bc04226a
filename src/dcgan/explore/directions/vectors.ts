/** Length of a vector. */
export function lengthOfVector(vector: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i]! * vector[i]!;
  return Math.sqrt(squares);
}

/** The vector of length 1 in the same direction; zeros stay zeros. */
export function unitVector(vector: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const length = lengthOfVector(vector) || 1;
  return Float32Array.from({ length: vector.length }, (_, i) => vector[i]! / length);
}

/**
 * The cosine of the angle between two vectors: 1 if they point the same way, -1 if they are opposite. 0 if
 * one is zeros.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(cosine([1, 0], [1, 1]), Math.SQRT1_2);
 * ```
 */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i]! * b[i]!;
  return product / (lengthOfVector(a) * lengthOfVector(b) || 1);
}
