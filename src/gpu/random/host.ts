import { expectKnownOptions } from "../tensor/known_options.ts";
import { normalOf, normalTable } from "./normal_table.ts";
import { type RandomKey, randomWords } from "./philox.ts";

/** Which numbers a draw gives. */
export interface DrawOptions extends RandomKey {
  /**
   * A whole number from 0 to 2^32 - 1: which draw of the stream, for example the training step.
   *
   * @default {0}
   */
  counter?: number;
}

/** {@linkcode DrawOptions} of uniform numbers. */
export interface UniformOptions extends DrawOptions {
  /**
   * Lower end, included.
   *
   * @default {0}
   */
  low?: number;
  /**
   * Upper end, not included (except that rounding may reach it).
   *
   * @default {1}
   */
  high?: number;
}

const DRAW_OPTIONS = { seed: true, stream: true, counter: true } as const;

/**
 * What `randomUniform` gives, on the host: multiples of 2^-24 in `[0, 1)`, scaled to `[low, high)` in 32-bit
 * arithmetic. The bytes are those of the GPU if `high - low` is a power of two; else a GPU that multiplies and adds
 * in one step may differ in the last bit.
 *
 * @throws {RangeError} if seed, stream or counter is not in its range.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { hostUniform } from "@x/dcgan/gpu";
 *
 * const angles = hostUniform(100, { seed: 1, stream: 3, low: -1, high: 1 });
 * assert(angles.every((value) => value >= -1 && value < 1));
 * ```
 */
export function hostUniform(count: number, options: UniformOptions): Float32Array<ArrayBuffer> {
  expectKnownOptions("hostUniform()", options, { ...DRAW_OPTIONS, low: true, high: true });
  const { seed, stream = 0, counter = 0, low = 0, high = 1 } = options;
  const [start, span] = [Math.fround(low), Math.fround(high - low)];
  const values = new Float32Array(count);
  let index = 0;
  for (const bits of randomWords(count, seed, stream, counter)) {
    values[index++] = start + Math.fround((bits >>> 8) * 2 ** -24 * span);
  }
  return values;
}

/**
 * What `randomNormal` gives, on the host, in the same bytes: mean 0, standard deviation 1.
 *
 * @throws {RangeError} if seed, stream or counter is not in its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hostNormal } from "@x/dcgan/gpu";
 *
 * const latent = hostNormal(100, { seed: 7 });
 * assertEquals(latent, hostNormal(100, { seed: 7 })); // the same seed gives the same numbers
 * ```
 */
export function hostNormal(count: number, options: DrawOptions): Float32Array<ArrayBuffer> {
  expectKnownOptions("hostNormal()", options, DRAW_OPTIONS);
  const { seed, stream = 0, counter = 0 } = options;
  const table = normalTable();
  const values = new Float32Array(count);
  let index = 0;
  for (const bits of randomWords(count, seed, stream, counter)) values[index++] = normalOf(bits, table);
  return values;
}
