import type { LatentDistribution } from "../../networks/latent.ts";

/**
 * A direction in the latent space of a generator: what changes in its pictures if a latent vector moves along
 * it.
 */
export interface LatentDirection {
  /** What it is called: a number as text, the name that somebody gave it, or a factor of the dataset. */
  readonly name: string;
  /** Its latent vector, of length 1. */
  readonly vector: Float32Array<ArrayBuffer>;
  /** How it was found, in words: `weights 3`. */
  readonly source: string;
}

/**
 * Longest latent vectors that directions are computed of: eigenvectors take the cube of that, a minute or so.
 */
const MOST_LATENT = 2048;

/** Standard deviation of the latents along any direction. */
export function latentSigma(distribution: LatentDistribution): number {
  return distribution === "normal" ? 1 : 1 / Math.sqrt(3);
}

/**
 * A latent vector moved along directions.
 *
 * @param moves Directions, and how far to go along each, in standard deviations of the latents.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { moveLatent } from "@x/dcgan";
 *
 * const moved = moveLatent(Float32Array.of(1, 1), [[{ vector: Float32Array.of(0, 1) }, 2]], "normal");
 * assertEquals(moved, Float32Array.of(1, 3));
 * ```
 */
export function moveLatent(
  latent: Float32Array,
  moves: readonly (readonly [direction: Pick<LatentDirection, "vector">, sigmas: number])[],
  distribution: LatentDistribution,
): Float32Array<ArrayBuffer> {
  const moved = Float32Array.from(latent);
  for (const [{ vector }, sigmas] of moves) {
    const length = sigmas * latentSigma(distribution);
    for (let i = 0; i < moved.length; i++) moved[i]! += length * vector[i]!;
  }
  return moved;
}

/** Rejects latent vectors that are too long. */
export function expectShortLatent(latent: number): void {
  if (latent <= MOST_LATENT) return;
  throw new RangeError(
    `Cannot find directions: the latent length must be at most ${MOST_LATENT}, found ${latent}`,
  );
}

/** The first rows of `[size, size]` as directions, numbered from 1. */
export function directionsOf(
  vectors: Float64Array,
  size: number,
  count: number,
  method: string,
): LatentDirection[] {
  return Array.from({ length: Math.min(count, size) }, (_, i) => ({
    name: `${i + 1}`,
    vector: Float32Array.from(vectors.subarray(i * size, (i + 1) * size)),
    source: `${method} ${i + 1}`,
  }));
}
