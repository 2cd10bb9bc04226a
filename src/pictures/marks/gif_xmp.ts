/** The application extension that holds an XMP packet in a GIF (XMP specification, part 3, 1.1.2). */
const START = "\x21\xff\x0bXMP DataXMP";

/**
 * What follows the packet: whichever of its bytes a reader takes for the length of a block, it skips from
 * there to the same place within this, and on to its end.
 */
const TRAILER: Uint8Array = Uint8Array.from({ length: 258 }, (_, i) => i === 0 ? 1 : i > 256 ? 0 : 256 - i);

/** The extension for an XMP packet. */
export function gifXmpExtension(xmp: string): Uint8Array {
  return Buffer.concat([Buffer.from(START, "latin1"), Buffer.from(xmp), TRAILER]);
}

/** The XMP packet of a GIF; undefined if it has none. */
export function gifXmp(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = file.indexOf(START, 0, "latin1");
  if (at < 0) return undefined;
  const start = at + START.length;
  const end = file.indexOf(TRAILER, start);
  return end < 0 ? undefined : file.toString("utf8", start, end);
}
