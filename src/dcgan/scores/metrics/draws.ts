import { permuted, randomBits } from "../../../gpu/mod.ts";

/** What the random numbers of metrics are for: each use draws from a stream of its own. */
export const METRIC_STREAMS = {
  /** Rows of a bootstrap. */
  bootstrap: 101,
  /** Directions of the sliced Wasserstein distance. */
  directions: 102,
  /** Corners of patches. */
  patches: 103,
} as const;

/**
 * Different rows, drawn by a counted generator: the first `size` of a random order of all `count`. The same
 * seed and epoch give the same rows.
 *
 * @throws {RangeError} if `size` is not from 1 to `count`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(drawSubset(5, 5, { seed: 1, epoch: 0 }).toSorted(), Uint32Array.of(0, 1, 2, 3, 4));
 * ```
 */
export function drawSubset(
  count: number,
  size: number,
  { seed, epoch }: { seed: number; epoch: number },
): Uint32Array {
  if (!Number.isInteger(size) || size < 1 || size > count) {
    throw new RangeError(`Cannot draw a subset: its size must be from 1 to ${count}, found ${size}.`);
  }
  return Uint32Array.from({ length: size }, (_, index) => permuted(index, count, { seed, epoch }));
}

/** As many rows as there are, drawn with replacement by a counted generator: what a bootstrap takes. */
export function drawBootstrap(
  count: number,
  { seed, epoch }: { seed: number; epoch: number },
): Uint32Array {
  return Uint32Array.from(
    { length: count },
    (_, index) => Math.floor(randomBits(seed, METRIC_STREAMS.bootstrap, epoch, index) / 2 ** 32 * count),
  );
}
