/** Bytes that one byte of a block can make at most. */
const MOST_GAIN = 255;

/** Why a block cannot be unpacked. */
const damaged = "a page packed with LZ4 is damaged";

/**
 * Unpacks a block of LZ4: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md describes it.
 *
 * @param length How long the result must be.
 * @throws {SyntaxError} if the bytes are something else, or make more or less.
 */
export function unpackLz4(bytes: Uint8Array, length: number): Uint8Array {
  if (length > bytes.length * MOST_GAIN) {
    throw new SyntaxError(`${bytes.length} bytes cannot unpack to ${length}`);
  }
  const out = new Uint8Array(length);
  let at = 0;
  let to = 0;
  const more = (start: number): number => {
    let count = start;
    for (let byte = start === 15 ? 255 : 0; byte === 255;) {
      if (at >= bytes.length) throw new SyntaxError(damaged);
      byte = bytes[at++]!;
      count += byte;
    }
    return count;
  };
  while (at < bytes.length) {
    const token = bytes[at++]!;
    const literals = more(token >> 4);
    if (at + literals > bytes.length || to + literals > length) throw new SyntaxError(damaged);
    out.set(bytes.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last part of a block has no copy
    if (at === bytes.length) break;
    if (at + 2 > bytes.length) throw new SyntaxError(damaged);
    const back = bytes[at]! + 256 * bytes[at + 1]!;
    at += 2;
    const count = 4 + more(token & 15);
    if (back === 0 || back > to || to + count > length) throw new SyntaxError(damaged);
    if (back >= count) out.copyWithin(to, to - back, to - back + count);
    else for (let i = 0; i < count; i++) out[to + i] = out[to - back + i]!;
    to += count;
  }
  if (to !== length) throw new SyntaxError(`a page unpacks to ${to} bytes, expected ${length}`);
  return out;
}

/**
 * Unpacks what older writers call LZ4: blocks in Hadoop's frames, each behind the lengths of what it unpacks
 * to and of itself; or, by others, a bare block.
 *
 * @param length How long the result must be.
 * @throws {SyntaxError} if it is neither.
 */
export function unpackHadoopLz4(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: { readonly block: Uint8Array; readonly size: number }[] = [];
  let unpacked = 0;
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) return unpackLz4(bytes, length);
    const [size, packed] = [view.getUint32(at), view.getUint32(at + 4)];
    at += 8;
    unpacked += size;
    if (at + packed > bytes.length || unpacked > length) return unpackLz4(bytes, length);
    frames.push({ block: bytes.subarray(at, at + packed), size });
    at += packed;
  }
  if (unpacked !== length) return unpackLz4(bytes, length);
  const out = new Uint8Array(length);
  let to = 0;
  for (const { block, size } of frames) {
    out.set(unpackLz4(block, size), to);
    to += size;
  }
  return out;
}
