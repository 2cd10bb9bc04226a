import { concatBytes } from "../bytes.ts";
import { pngChunks } from "../headers/png_header.ts";
import { textChunk } from "../png/write_chunks.ts";
import type { Mark } from "./mark.ts";
import { xmpOf } from "./xmp.ts";

/** Keyword of an XMP packet in a PNG (XMP specification, part 3, 1.1.5). */
export const XMP_KEYWORD = "XML:com.adobe.xmp";

/** Bytes of a PNG up to the end of its header, IHDR. */
const HEADER_END = 33;

/** The chunks of a mark: the keywords that viewers of PNGs know, one for programs, and an XMP packet. */
export function pngMark(mark: Mark): Uint8Array[] {
  return [
    textChunk("Software", mark.software),
    textChunk("Description", mark.description),
    textChunk("dcgan", JSON.stringify(mark.made)),
    textChunk(XMP_KEYWORD, xmpOf(mark)),
  ];
}

/**
 * A PNG with a mark behind its header. Its pixels are the same.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng, type Mark, markPng, readMark } from "@x/dcgan";
 *
 * const png = await encodePng({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) });
 * const mark: Mark = { software: "mine 1.0", description: "A black pixel", made: { from: "nothing" } };
 * assertEquals(await readMark(markPng(png, mark)), mark);
 * ```
 */
export function markPng(png: Uint8Array, mark: Mark): Uint8Array<ArrayBuffer> {
  const parts = [png.subarray(0, HEADER_END), ...pngMark(mark), png.subarray(HEADER_END)];
  return concatBytes(parts);
}

/** The XMP packet of a PNG, animated or not; undefined if it has none. */
export function xmpOfPng(png: Uint8Array): string | undefined {
  const start = `${XMP_KEYWORD}\0\0\0\0\0`;
  for (const chunk of pngChunks(png)) {
    if (chunk.type !== "iTXt") continue;
    const text = new TextDecoder().decode(png.subarray(chunk.start + 8, chunk.end - 4));
    if (text.startsWith(start)) return text.slice(start.length);
  }
  return undefined;
}
