import { loopIterations } from "../kernel/iterations.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import { keyOf, philox, PHILOX_ITERATIONS, word } from "./philox.ts";

/** Which permutation. */
export interface PermutationOptions {
  /** A whole number from 0 to 2^53 - 1. */
  seed: number;
  /**
   * A whole number from 0 to 2^32 - 1: another epoch, another order.
   *
   * @default {0}
   */
  epoch?: number;
}

/** Sets the words that permutations take from a seed apart from those of every stream of random numbers. */
const DOMAIN = 1;
/**
 * Rounds of the Feistel network: well past the four that make it a pseudorandom permutation (Luby and Rackoff 1988).
 */
const ROUNDS = 8;

/**
 * Where `index` goes in a random permutation of 0 to `length - 1`: a pure function, with no list of indices behind it,
 * so a run can resume at any position of any epoch.
 *
 * A Feistel network permutes the numbers of as many bits as `length` needs; a result past the end is put through it
 * again until it is not (cycle walking, Black and Rogaway 2002), four times at most on average.
 *
 * @throws {RangeError} if the length is not from 1 to 2^32, or the index not below it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { permuted } from "@x/dcgan/gpu";
 *
 * const order = Array.from({ length: 10 }, (_, index) => permuted(index, 10, { seed: 1, epoch: 3 }));
 * assertEquals(order.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
 * ```
 */
export function permuted(index: number, length: number, options: PermutationOptions): number {
  expectKnownOptions("permuted()", options, { seed: true, epoch: true });
  if (!Number.isInteger(length) || length < 1 || length > 2 ** 32) {
    throw new RangeError(`A permutation must have a length from 1 to 2^32, found ${length}`);
  }
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    throw new RangeError(
      `An index into a permutation of ${length} must be from 0 to ${length - 1}, found ${index}`,
    );
  }
  const half = halfBits(length);
  const keys = roundKeys(options);
  let place = index;
  do {
    place = feistel(place, half, keys);
  } while (place >= length);
  return place;
}

/** Half of the bits that the numbers below `length` need, rounded up: a Feistel network permutes whole halves. */
export function halfBits(length: number): number {
  return Math.max(1, Math.ceil(Math.log2(length) / 2));
}

/** A permutation of the numbers of `2 * half` bits. */
function feistel(value: number, half: number, keys: readonly number[]): number {
  const mask = 2 ** half - 1;
  let left = value >>> half;
  let right = value & mask;
  for (const key of keys) [left, right] = [right, left ^ (mix(right ^ key) >>> (32 - half))];
  return ((left << half) | right) >>> 0;
}

/** Scatters 32 bits (the last steps of MurmurHash3). */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function roundKeys({ seed, epoch = 0 }: PermutationOptions): number[] {
  const key = keyOf(seed);
  const count = word("epoch", epoch);
  return Array.from({ length: ROUNDS / 4 }, (_, block) => philox([block, count, 0, DOMAIN], key)).flat();
}

const ROUND_KEYS = ["low.x", "low.y", "low.z", "low.w", "high.x", "high.y", "high.z", "high.w"];

/**
 * Loop iterations of the function in {@linkcode PERMUTATION_WGSL}. An index continues with a chance of at most 3/4, so
 * fewer than one in 10^30 get as far as this.
 */
export const PERMUTATION_ITERATIONS: number = 2 * PHILOX_ITERATIONS + loopIterations(256);

/**
 * {@linkcode permuted} in WGSL: `permuted(index: u32, length: u32, half: u32, epoch: u32, key: vec2u) -> u32`, where
 * `half` is {@linkcode halfBits} of the length and `key` the words of the seed. Needs `PHILOX_WGSL` in front of it.
 */
export const PERMUTATION_WGSL: string = `fn mix_bits(value: u32) -> u32 {
  var bits = (value ^ (value >> 16u)) * 0x85ebca6bu;
  bits = (bits ^ (bits >> 13u)) * 0xc2b2ae35u;
  return bits ^ (bits >> 16u);
}
fn permuted(index: u32, length: u32, half: u32, epoch: u32, key: vec2u) -> u32 {
  let low = philox(vec4u(0u, epoch, 0u, ${DOMAIN}u), key);
  let high = philox(vec4u(1u, epoch, 0u, ${DOMAIN}u), key);
  let mask = (1u << half) - 1u;
  var place = index;
  loop {
    var left = place >> half;
    var right = place & mask;
    var mixed = 0u;
${
  ROUND_KEYS.map((key) =>
    `    mixed = left ^ (mix_bits(right ^ ${key}) >> (32u - half)); left = right; right = mixed;`
  ).join("\n")
}
    place = (left << half) | right;
    if (place < length) { break; }
  }
  return place;
}`;
