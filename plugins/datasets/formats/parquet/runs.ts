/**
 * Reads Parquet's mixture of runs and packed bits:
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/ (RLE).
 *
 * @param bytes The runs.
 * @param width Bits of a value, up to 32.
 * @param count Values wanted; what a run has beyond them is left.
 * @throws {SyntaxError} if there are fewer.
 */
export function readRuns(bytes: Uint8Array, width: number, count: number): Uint32Array {
  if (width > 32) throw new SyntaxError(`values have ${width} bits`);
  const values = new Uint32Array(count);
  if (width === 0) return values;
  let at = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new SyntaxError("a page ends before its values do");
    return value;
  };
  for (let filled = 0; filled < count;) {
    let header = 0;
    for (let scale = 1, more = true; more; scale *= 128) {
      const part = byte();
      header += (part & 127) * scale;
      more = part >= 128;
      if (scale > 2 ** 35) throw new SyntaxError("a run has no end");
    }
    if (header % 2 === 0) {
      let value = 0;
      for (let i = 0; i < Math.ceil(width / 8); i++) value += byte() * 256 ** i;
      const end = Math.min(count, filled + header / 2);
      values.fill(value, filled, end);
      filled = end;
      if (header === 0) throw new SyntaxError("a run has no values");
      continue;
    }
    const packed = Math.min((header - 1) / 2 * 8, count - filled);
    for (let i = 0, bits = 0, held = 0; i < packed; i++) {
      // Up to 32 bits and 7 that are left of the byte before fit a double
      while (held < width) {
        bits += byte() * 2 ** held;
        held += 8;
      }
      values[filled++] = bits % 2 ** width;
      bits = Math.floor(bits / 2 ** width);
      held -= width;
    }
    // Groups of 8 are written whole; those of the last one that are not wanted are the end of the page
  }
  return values;
}
