import { PictureError } from "../picture.ts";
import { type PictureHeader, truncated, viewOf } from "./picture_header.ts";

/** Bytes in front of the second header. */
const FILE_HEADER = 14;
/** Length of the header of 1985, which has 16-bit sizes. */
const CORE_HEADER = 12;

/** Bytes that Deno's own decoder takes for a pixel: the picture, and three times more on the way out. */
const BYTES_A_PIXEL = 16;

/**
 * Reads the header of a BMP.
 *
 * @throws {PictureError} if its pixels are not all there, before memory is made for them.
 */
export function readBmpHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 26, "BMP");
  const isCore = view.getUint32(FILE_HEADER, true) === CORE_HEADER;
  if (!isCore) viewOf(bytes, 54, "BMP");
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  // A negative height says that rows go down
  const height = Math.abs(isCore ? view.getUint16(20, true) : view.getInt32(22, true));
  const depth = view.getUint16(isCore ? 24 : 28, true);
  if (![1, 2, 4, 8, 16, 24, 32].includes(depth)) {
    throw new PictureError(`The BMP is corrupt: it has ${depth} bits a pixel`);
  }
  const packing = isCore ? 0 : view.getUint32(30, true);
  // 1 and 2 are run lengths; 0, 3 and 6 are rows that fill whole groups of 4 bytes
  if (packing === 0 || packing === 3 || packing === 6) {
    const needed = Math.ceil(width * depth / 32) * 4 * height;
    const there = bytes.length - view.getUint32(10, true);
    if (there < needed) {
      throw truncated("BMP", `${Math.max(0, there)} of ${needed} bytes of pixels are there`);
    }
  }
  return { format: "BMP", width, height, orientation: 1, scans: 1, memory: BYTES_A_PIXEL * width * height };
}
