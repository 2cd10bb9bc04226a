/**
 * Normal numbers in integers: the inverse of the half-normal distribution as a table, so that the host and every GPU
 * give the same bytes (logarithms, cosines and roots differ between drivers in their last bits).
 *
 * A random word gives a sign (its top bit) and a tail probability `p = (2 u + 1) / 2^32` from the other 31 bits `u`.
 * The table holds the quantile at 64 places in each octave of `p`, so it follows the tail as far as `p` reaches, to
 * 6.3 standard deviations. Values are 32-bit integers, in units of 2^-21: below 2^24, so exact as 32-bit floats.
 */

/** Pieces of an octave, as a power of two. */
const PIECE_BITS = 6;
/** Bits of the place within a piece. */
const FRACTION_BITS = 11;
const OCTAVES = 32;
/** Table units in 1, as a power of two. */
const SCALE_BITS = 21;

let table: Int32Array<ArrayBuffer> | undefined;

/**
 * Entry `64 o + j` is the quantile at `p = 2^(o - 32) (1 + j / 64)`, for octaves `o` from 0 to 31; the last one, at
 * `p = 1`, is 0.
 */
export function normalTable(): Int32Array<ArrayBuffer> {
  if (table) return table;
  const pieces = 2 ** PIECE_BITS;
  table = new Int32Array(OCTAVES * pieces + 1);
  let z = 0;
  for (let index = table.length - 2; index >= 0; index--) {
    const octave = Math.floor(index / pieces) - OCTAVES;
    z = quantile(2 ** octave * (1 + (index % pieces) / pieces) / 2, z);
    table[index] = Math.round(z * 2 ** SCALE_BITS);
  }
  return table;
}

/** The normal number of 32 random bits. */
export function normalOf(bits: number, values: Int32Array): number {
  const tail = (bits << 1 | 1) >>> 0;
  const zeros = Math.clz32(tail);
  const place = (tail << zeros) << 1 >>> 0;
  const index = ((OCTAVES - 1 - zeros) << PIECE_BITS) + (place >>> (32 - PIECE_BITS));
  const fraction = place >>> (32 - PIECE_BITS - FRACTION_BITS) & (2 ** FRACTION_BITS - 1);
  const from = values[index]!;
  const fall = (from - values[index + 1]!) * fraction + 2 ** (FRACTION_BITS - 1) >> FRACTION_BITS;
  const size = (from - fall) * 2 ** -SCALE_BITS;
  return bits >>> 31 ? -size : size;
}

/** {@linkcode normalOf} in WGSL, over a storage array `table` of i32. */
export const NORMAL_WGSL = `fn normal_of(bits: u32) -> f32 {
  let tail = (bits << 1u) | 1u;
  let zeros = countLeadingZeros(tail);
  let place = (tail << zeros) << 1u;
  let index = (${OCTAVES - 1}u - zeros) * ${2 ** PIECE_BITS}u + (place >> ${32 - PIECE_BITS}u);
  let fraction = i32((place >> ${32 - PIECE_BITS - FRACTION_BITS}u) & ${2 ** FRACTION_BITS - 1}u);
  let from_value = table[index];
  let fall = ((from_value - table[index + 1u]) * fraction + ${2 ** (FRACTION_BITS - 1)}) >> ${FRACTION_BITS}u;
  let size = from_value - fall;
  return f32(select(size, -size, (bits >> 31u) == 1u)) * ${2 ** -SCALE_BITS};
}`;

/** The z beyond which lies the share `q` of a normal distribution, by Newton's method on the logarithm, which rises from below. */
function quantile(q: number, start: number): number {
  let z = start;
  for (let step = 1; step > 1e-13;) {
    const beyond = tailProbability(z);
    step = Math.log(beyond / q) * beyond / density(z);
    z += step;
  }
  return z;
}

/** The share of a normal distribution beyond `z`, for `z` of at least 0, to a relative 1e-12 or better. */
export function tailProbability(z: number): number {
  if (z > 3) {
    let fraction = z;
    for (let depth = 100; depth >= 1; depth--) fraction = z + depth / fraction;
    return density(z) / fraction;
  }
  let sum = 0;
  for (let term = z, odd = 1; term > 1e-18; odd += 2) {
    sum += term;
    term *= z * z / (odd + 2);
  }
  return 0.5 - density(z) * sum;
}

function density(z: number): number {
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}
