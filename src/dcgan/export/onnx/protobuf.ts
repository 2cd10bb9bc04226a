/**
 * As much of protobuf's encoding as ONNX needs: a message is its fields one after another, and a field a tag, which
 * has its number and how it is written, and its value (protobuf.dev/programming-guides/encoding).
 *
 * @module
 */

/** Part of a file: bytes that follow each other, in pieces, so that large ones are not copied. */
export interface Encoded {
  /** Bytes in all. */
  readonly length: number;
  /** The bytes. */
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
}

/** How values are written. */
const WIRE = { varint: 0, delimited: 2, fixed32: 5 } as const;

/** Parts of a message as one. */
export function joined(...parts: readonly Encoded[]): Encoded {
  return {
    length: parts.reduce((sum, { length }) => sum + length, 0),
    pieces: parts.flatMap(({ pieces }) => pieces),
  };
}

/** Pieces of at least this many bytes stay as they are. */
const LARGE = 2 ** 16;

/** The same bytes in few pieces, as each is a write of its own: small ones that follow each other become one. */
export function gathered({ length, pieces }: Encoded): Encoded {
  const found: Uint8Array<ArrayBuffer>[] = [];
  let small: Uint8Array<ArrayBuffer>[] = [];
  const finish = () => {
    const bytes = new Uint8Array(small.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of small) {
      bytes.set(piece, at);
      at += piece.length;
    }
    if (at > 0) found.push(bytes);
    small = [];
  };
  for (const piece of pieces) {
    if (piece.length < LARGE) small.push(piece);
    else {
      finish();
      found.push(piece);
    }
  }
  finish();
  return { length, pieces: found };
}

/** A whole number from 0 to 2^53 - 1. */
export function integer(field: number, value: number): Encoded {
  return encoded([...tag(field, "varint"), ...varint(value)]);
}

/** A number of 32 bits. */
export function float(field: number, value: number): Encoded {
  return encoded([...tag(field, "fixed32"), ...new Uint8Array(Float32Array.of(value).buffer)]);
}

/** Text in UTF-8. */
export function text(field: number, value: string): Encoded {
  const bytes = new TextEncoder().encode(value);
  return message(field, { length: bytes.length, pieces: [bytes] });
}

/** The bytes of an array of numbers. */
export function bytes(
  field: number,
  { buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>,
): Encoded {
  return message(field, { length: byteLength, pieces: [new Uint8Array(buffer, byteOffset, byteLength)] });
}

/** A message within another. */
export function message(field: number, ...parts: readonly Encoded[]): Encoded {
  const content = joined(...parts);
  return joined(encoded([...tag(field, "delimited"), ...varint(content.length)]), content);
}

function tag(field: number, wire: keyof typeof WIRE): number[] {
  return varint(field << 3 | WIRE[wire]);
}

/** Seven bits a byte, the lowest first; all but the last byte have their highest bit set. */
function varint(value: number): number[] {
  const found: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) found.push(rest % 128 | 128);
  return [...found, rest];
}

function encoded(values: readonly number[]): Encoded {
  return { length: values.length, pieces: [Uint8Array.from(values)] };
}
