/** Bytes that a copy of three bytes can make at most, which limits the length that a file can claim. */
const MOST_GAIN = 64;

/**
 * Unpacks Snappy's raw format: https://github.com/google/snappy/blob/main/format_description.txt describes
 * it.
 *
 * @param length How long the result must be.
 * @throws {SyntaxError} if the bytes are something else, or make more or less.
 */
export function unpackSnappy(bytes: Uint8Array, length: number): Uint8Array {
  if (length > bytes.length * MOST_GAIN) {
    throw new SyntaxError(`${bytes.length} bytes cannot unpack to ${length}`);
  }
  let at = 0;
  let promised = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++] ?? 0;
    promised += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  if (promised !== length) throw new SyntaxError(`a page unpacks to ${promised} bytes, expected ${length}`);
  const out = new Uint8Array(length);
  let to = 0;
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    const little = (count: number): number => {
      let value = 0;
      for (let i = 0; i < count; i++) value += (bytes[at++] ?? 0) * 256 ** i;
      return value;
    };
    if ((tag & 3) === 0) {
      const short = tag >> 2;
      const count = 1 + (short < 60 ? short : little(short - 59));
      if (at + count > bytes.length || to + count > length) {
        throw new SyntaxError("a page is longer than it says");
      }
      out.set(bytes.subarray(at, at + count), to);
      at += count;
      to += count;
      continue;
    }
    const count = (tag & 3) === 1 ? 4 + (tag >> 2 & 7) : 1 + (tag >> 2);
    const back = (tag & 3) === 1 ? (tag >> 5) * 256 + little(1) : little((tag & 3) === 2 ? 2 : 4);
    if (back === 0 || back > to || to + count > length) {
      throw new SyntaxError("a page repeats what is not there");
    }
    if (back >= count) out.copyWithin(to, to - back, to - back + count);
    else for (let i = 0; i < count; i++) out[to + i] = out[to - back + i]!;
    to += count;
  }
  if (to !== length) throw new SyntaxError(`a page unpacks to ${to} bytes, expected ${length}`);
  return out;
}
