import { concatBytes, indexOfBytes, latin1 } from "../bytes.ts";

/** The application extension that holds an XMP packet in a GIF (XMP specification, part 3, 1.1.2). */
const START = "\x21\xff\x0bXMP DataXMP";

/**
 * What follows the packet: whichever of its bytes a reader takes for the length of a block, it skips from
 * there to the same place within this, and on to its end.
 */
const TRAILER: Uint8Array = Uint8Array.from({ length: 258 }, (_, i) => i === 0 ? 1 : i > 256 ? 0 : 256 - i);

/** The extension for an XMP packet. */
export function gifXmpExtension(xmp: string): Uint8Array {
  return concatBytes([latin1(START), new TextEncoder().encode(xmp), TRAILER]);
}

/** The XMP packet of a GIF; undefined if it has none. */
export function gifXmp(bytes: Uint8Array): string | undefined {
  const at = indexOfBytes(bytes, latin1(START));
  if (at < 0) return undefined;
  const start = at + START.length;
  const end = indexOfBytes(bytes, TRAILER, start);
  return end < 0 ? undefined : new TextDecoder().decode(bytes.subarray(start, end));
}
