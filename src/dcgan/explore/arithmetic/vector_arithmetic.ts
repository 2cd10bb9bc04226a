import { hostUniform } from "../../../gpu/mod.ts";
import { STREAMS } from "../../streams.ts";

/** Uniform noise of neighbors, to either side: the paper's scale. */
export const NOISE = 0.25;

/**
 * The mean of latent vectors: of three samples that have something in common, it is a far better vector for
 * that than any of them (the paper, section 6.3.2).
 *
 * @param vectors One or more, of one length.
 */
export function meanLatent(vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(vectors[0]!.length);
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / vectors.length;
  return mean;
}

/**
 * `a - b + c`, number by number: what `a` has and `b` has not, on `c` (the paper, section 6.3.2).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...combine(Float32Array.of(3), Float32Array.of(1), Float32Array.of(10))], [12]);
 * ```
 */
export function combine(a: Float32Array, b: Float32Array, c?: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(a, (value, i) => value - b[i]! + (c?.[i] ?? 0));
}

/**
 * A latent vector and eight around it, with uniform noise of ±0.25 added, as the paper shows results (section
 * 6.3.2): nine in reading order, the vector itself in the middle.
 */
export function neighborhood(center: Float32Array, seed: number): Float32Array<ArrayBuffer> {
  const { length } = center;
  const noise = hostUniform(9 * length, { seed, stream: STREAMS.neighbors, low: -NOISE, high: NOISE });
  return noise.map((value, at) => center[at % length]! + (Math.floor(at / length) === 4 ? 0 : value));
}
