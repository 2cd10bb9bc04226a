/** The box of an XMP packet in an MP4 (XMP specification, part 3, 1.2.5). */
const XMP_UUID: Uint8Array = Uint8Array.of(
  ...[0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8],
  ...[0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac],
);

/** Bytes of a box before what it holds: length, type, kind of the box. */
const HEAD = 24;

/** The box for an XMP packet, to be written behind all others. */
export function mp4XmpBox(xmp: string): Uint8Array {
  const text = new TextEncoder().encode(xmp);
  const box = new Uint8Array(HEAD + text.length);
  new DataView(box.buffer).setUint32(0, box.length);
  box.set(new TextEncoder().encode("uuid"), 4);
  box.set(XMP_UUID, 8);
  box.set(text, HEAD);
  return box;
}

/** The XMP packet of an MP4; undefined if it has none. */
export function mp4Xmp(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 16 <= bytes.length;) {
    const [length, type] = [view.getUint32(at), String.fromCharCode(...bytes.subarray(at + 4, at + 8))];
    // 1: the length has 64 bits; 0: the box goes on to the end
    const size = length === 1 ? Number(view.getBigUint64(at + 8)) : length === 0 ? bytes.length - at : length;
    const isXmp = type === "uuid" && XMP_UUID.every((byte, i) => bytes[at + 8 + i] === byte);
    if (isXmp) return new TextDecoder().decode(bytes.subarray(at + HEAD, at + size));
    if (size < 8) return undefined;
    at += size;
  }
  return undefined;
}
