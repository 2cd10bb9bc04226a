/**
 * Parquet's delta encodings: https://parquet.apache.org/docs/file-format/data-pages/encodings/ describes
 * them.
 */

/**
 * Bytes of memory that are left for values that share their starts, of which a page of few bytes can have
 * many.
 */
export interface Room {
  /** How many there are. */
  bytes: number;
}

/** Why values cannot be read. */
const cutShort = "a page ends before its values do";

/** Numbers, and where what follows them starts. */
export interface DeltaNumbers {
  /** The numbers. */
  readonly values: readonly number[];
  /** The first byte after them. */
  readonly end: number;
}

/**
 * Reads whole numbers as their differences (DELTA_BINARY_PACKED).
 *
 * @param bits Bits of a number, 32 or 64, beyond which sums wrap around.
 * @param count Values wanted; the bytes must say as many.
 * @throws {SyntaxError} if there are fewer, or the bytes are something else.
 */
export function readDeltas(bytes: Uint8Array, bits: 32 | 64, count: number, start = 0): DeltaNumbers {
  const reader = new BitReader(bytes, start);
  const block = Number(reader.unsigned());
  const parts = Number(reader.unsigned());
  const promised = Number(reader.unsigned());
  let value = reader.signed();
  if (promised !== count) throw new SyntaxError(`a page has ${promised} values, expected ${count}`);
  const each = block / parts;
  if (count > 0 && !(parts > 0 && each > 0 && each % 8 === 0)) {
    throw new SyntaxError(`a page has blocks of ${block} values in ${parts} parts`);
  }
  const values: number[] = [];
  if (count > 0) values.push(Number(BigInt.asIntN(bits, value)));
  while (values.length < count) {
    const least = reader.signed();
    const widths = reader.bytes(parts);
    for (let part = 0; part < parts && values.length < count; part++) {
      const width = widths[part]!;
      if (width > 64) throw new SyntaxError(`values have ${width} bits`);
      const end = reader.offset + each * width / 8;
      for (let i = 0; i < each && values.length < count; i++) {
        value = BigInt.asIntN(bits, value + least + reader.bits(width));
        values.push(Number(value));
      }
      // The last part is filled up
      reader.moveTo(end);
    }
  }
  return { values, end: reader.offset };
}

/**
 * Reads byte arrays behind all their lengths (DELTA_LENGTH_BYTE_ARRAY); they are views.
 *
 * @throws {SyntaxError} if there are fewer.
 */
export function readDeltaLengths(bytes: Uint8Array, count: number, start = 0): Uint8Array[] {
  const { values: lengths, end } = readDeltas(bytes, 32, count, start);
  let at = end;
  return lengths.map((length) => {
    if (length < 0 || at + length > bytes.length) throw new SyntaxError(cutShort);
    at += length;
    return bytes.subarray(at - length, at);
  });
}

/**
 * Reads byte arrays of which each says how much of the one before it starts with (DELTA_BYTE_ARRAY).
 *
 * @throws {SyntaxError} if there are fewer, or they would take too much memory.
 */
export function readDeltaArrays(bytes: Uint8Array, count: number, room: Room): Uint8Array[] {
  const { values: prefixes, end } = readDeltas(bytes, 32, count);
  const suffixes = readDeltaLengths(bytes, count, end);
  let last = new Uint8Array();
  return suffixes.map((suffix, i) => {
    const prefix = prefixes[i]!;
    if (prefix < 0 || prefix > last.length) {
      throw new SyntaxError("a value starts with more than the one before");
    }
    if (prefix === 0) last = suffix as Uint8Array<ArrayBuffer>;
    else if (suffix.length === 0) last = last.subarray(0, prefix);
    else {
      room.bytes -= prefix + suffix.length;
      if (room.bytes < 0) throw new SyntaxError("values that share their starts take too much memory");
      const joined = new Uint8Array(prefix + suffix.length);
      joined.set(last.subarray(0, prefix));
      joined.set(suffix, prefix);
      last = joined;
    }
    return last;
  });
}

/** Reads numbers of any width, the lowest bits first. */
class BitReader {
  /** Where the next byte is. */
  offset: number;
  readonly #bytes: Uint8Array;
  /** Bits that are left of the byte before, and how many. */
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  /** A number of up to 64 bits. */
  bits(width: number): bigint {
    if (width <= 32) return BigInt(this.#take(width));
    const low = this.#take(32);
    return BigInt(low) + (BigInt(this.#take(width - 32)) << 32n);
  }

  /** A number of up to 32 bits; with 7 of the byte before they fit a double. */
  #take(width: number): number {
    while (this.#count < width) {
      this.#held += this.#byte() * 2 ** this.#count;
      this.#count += 8;
    }
    const value = this.#held % 2 ** width;
    this.#held = Math.floor(this.#held / 2 ** width);
    this.#count -= width;
    return value;
  }

  /** The next `count` bytes. */
  bytes(count: number): Uint8Array {
    if (this.offset + count > this.#bytes.length) throw new SyntaxError(cutShort);
    this.offset += count;
    return this.#bytes.subarray(this.offset - count, this.offset);
  }

  /** Continues elsewhere, at a whole byte. */
  moveTo(offset: number): void {
    this.offset = offset;
    this.#held = this.#count = 0;
  }

  unsigned(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new SyntaxError("a page has a number without end");
  }

  /** A number in zigzag: 0, -1, 1, -2, ... */
  signed(): bigint {
    const value = this.unsigned();
    return value >> 1n ^ -(value & 1n);
  }

  #byte(): number {
    const byte = this.#bytes[this.offset++];
    if (byte === undefined) throw new SyntaxError(cutShort);
    return byte;
  }
}
