import { loopIterations } from "../kernel/iterations.ts";

/**
 * Philox4x32-10, a counter-based generator: ten rounds of multiplication and exclusive or turn four counter words and
 * two key words into four random words (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as
 * 1, 2, 3"). Integers alone, so the host and every GPU give the same bits.
 */

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;

/** Four words of 32 bits. */
export type Words = [number, number, number, number];

/** Four random words for a counter under a key. */
export function philox(counter: Readonly<Words>, key: readonly [number, number]): Words {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIERS[0], c0);
    const high1 = multiplyHigh(MULTIPLIERS[1], c2);
    const low0 = Math.imul(MULTIPLIERS[0], c0);
    const low1 = Math.imul(MULTIPLIERS[1], c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
    k0 = (k0 + KEY_STEPS[0]) >>> 0;
    k1 = (k1 + KEY_STEPS[1]) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Upper 32 bits of the 64-bit product. Every step stays below 2^53, where doubles are exact. */
function multiplyHigh(a: number, b: number): number {
  const upper = a * (b >>> 16);
  const lower = a * (b & 0xffff);
  return Math.floor((upper + Math.floor(lower / 0x10000)) / 0x10000);
}

/** Loop iterations of the function in {@linkcode PHILOX_WGSL}. */
export const PHILOX_ITERATIONS: number = loopIterations(ROUNDS);

/** {@linkcode philox} in WGSL: `philox(counter: vec4u, key: vec2u) -> vec4u`. */
export const PHILOX_WGSL = `fn multiply_high(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let middle = a_high * b_low + ((a_low * b_low) >> 16u);
  let carry = a_low * b_high + (middle & 0xffffu);
  return a_high * b_high + (middle >> 16u) + (carry >> 16u);
}
fn philox(start: vec4u, start_key: vec2u) -> vec4u {
  var c = start;
  var key = start_key;
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    let high0 = multiply_high(${MULTIPLIERS[0]}u, c.x);
    let high1 = multiply_high(${MULTIPLIERS[1]}u, c.z);
    c = vec4u(high1 ^ c.y ^ key.x, ${MULTIPLIERS[1]}u * c.z, high0 ^ c.w ^ key.y, ${MULTIPLIERS[0]}u * c.x);
    key += vec2u(${KEY_STEPS[0]}u, ${KEY_STEPS[1]}u);
  }
  return c;
}`;

/** Which random numbers: every one is a pure function of these and of its index. */
export interface RandomKey {
  /** A whole number from 0 to 2^53 - 1: another seed, other numbers everywhere. */
  seed: number;
  /**
   * A whole number from 0 to 2^32 - 1: what the numbers are for. Uses with different streams share none.
   *
   * @default {0}
   */
  stream?: number;
}

/** The two key words of a seed. */
export function keyOf(seed: number): [number, number] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`A seed must be a whole number from 0 to 2^53 - 1, found ${seed}`);
  }
  return [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
}

/** `value`, if it fits a counter word. */
export function word(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new RangeError(`A random ${name} must be a whole number from 0 to 2^32 - 1, found ${value}`);
  }
  return value;
}

/**
 * The 32 random bits at an index. Four neighbors come from one call of {@linkcode philox}, whose counter words are
 * `[index / 4, counter, stream, 0]`.
 *
 * @throws {RangeError} if a number is not in its range.
 */
export function randomBits(seed: number, stream: number, counter: number, index: number): number {
  const block = word("index / 4", Math.floor(index / 4));
  return philox([block, word("counter", counter), word("stream", stream), 0], keyOf(seed))[index % 4]!;
}

/** The bits at indices 0 to `count - 1`, as {@linkcode randomBits} gives them one by one. */
export function* randomWords(
  count: number,
  seed: number,
  stream: number,
  counter: number,
): Generator<number> {
  const key = keyOf(seed);
  const fixed = [word("counter", counter), word("stream", stream), 0] as const;
  for (let index = 0; index < count; index += 4) {
    const words = philox([index / 4, ...fixed], key);
    for (let at = 0; at < 4 && index + at < count; at++) yield words[at]!;
  }
}
