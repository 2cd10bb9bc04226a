import { toRgba } from "../convert.ts";
import { checkPicture, type Picture } from "../picture.ts";
import { PNG_SIGNATURE, pngChunk } from "./write_chunks.ts";
import { concatBytes } from "../bytes.ts";

/** zlib's level: above it, files of samples hardly get smaller. */
const COMPRESSION = 3;

/**
 * Encodes a picture as PNG, without loss. The file holds red, green, blue and alpha, 8 bits each, whatever
 * the channels of the picture.
 *
 * @param picture 1 to 4 channels.
 * @returns The file's bytes: the same for the same picture every time and in every runtime, as no date is
 * written into it, and one library packs them.
 * @throws {RangeError} if the picture's numbers do not agree.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng } from "@x/dcgan";
 *
 * const black = { width: 16, height: 16, channels: 1, data: new Uint8Array(256) } as const;
 * const file = await encodePng(black); // ready for Deno.writeFile()
 * assertEquals(new TextDecoder().decode(file.subarray(1, 4)), "PNG");
 * ```
 */
export async function encodePng(picture: Picture): Promise<Uint8Array<ArrayBuffer>> {
  checkPicture(picture);
  const { width, height, data } = toRgba(picture);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Bits of a value, and red, green, blue and alpha
  header.set([8, 6], 8);
  const { zlibSync } = await import("fflate");
  const packed = zlibSync(unfilteredRows(data, 4 * width), { level: COMPRESSION });
  return concatBytes([
    PNG_SIGNATURE,
    pngChunk("IHDR", header),
    pngChunk("IDAT", packed),
    pngChunk("IEND"),
  ]);
}

/** Rows of pixels, each after a byte that says that it is not filtered (PNG specification, 9). */
function unfilteredRows(data: Uint8Array, length: number): Uint8Array {
  const rows = new Uint8Array(data.length + data.length / length);
  for (let from = 0, to = 1; from < data.length; from += length, to += length + 1) {
    rows.set(data.subarray(from, from + length), to);
  }
  return rows;
}
