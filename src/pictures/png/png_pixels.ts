import { host, UnpackError } from "../../host/host.ts";
import { concatBytes } from "../bytes.ts";
import { type Picture, PictureError } from "../picture.ts";
import { Color, type PngParts } from "../headers/png_header.ts";
import { PngRows, rawLength } from "./png_rows.ts";

/** Bytes of unpacked pixels up to which they are unpacked in one go, which is quicker. */
const AT_ONCE = 2 ** 20;

/**
 * Decodes a PNG of any kind: 1 to 16 bits (16 are cut to 8), gray, color or palette, with any transparency,
 * interlaced or not. The first picture of an animated one. No more is unpacked than the header asks for, and
 * little more memory is taken than the finished picture has.
 *
 * @returns The picture with 4 channels.
 * @throws {PictureError} if its pixels are damaged or not all there.
 */
export async function decodePng(parts: PngParts): Promise<Picture> {
  const { width, height } = parts;
  if (parts.color === Color.palette && parts.palette === undefined) {
    throw new PictureError("it has no palette");
  }
  const data = new Uint8Array(width * height * 4);
  const rows = new PngRows(parts, data);
  const length = rawLength(parts);
  if (length > AT_ONCE || !unpackAtOnce(parts.pixels, length, rows)) await unpackInTurn(parts.pixels, rows);
  if (!rows.areWhole) throw new PictureError("its pixels end early");
  return { width, height, channels: 4, data };
}

/**
 * @returns Whether that was possible: not if there is more than there should be, of which only the start
 * counts.
 */
function unpackAtOnce(pixels: readonly Uint8Array[], length: number, rows: PngRows): boolean {
  const packed = pixels.length === 1 ? pixels[0]! : concatBytes(pixels);
  try {
    rows.push(host().unpack(packed, "zlib", { most: length }));
    return true;
  } catch (cause) {
    if (cause instanceof UnpackError && cause.kind === "too long") return false;
    throw damaged(cause);
  }
}

async function unpackInTurn(pixels: readonly Uint8Array[], rows: PngRows): Promise<void> {
  try {
    for await (const piece of host().unpackPieces(pixels)) {
      rows.push(piece);
      if (rows.areWhole) break;
    }
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause: unknown): PictureError {
  if (cause instanceof PictureError) return cause;
  const ends = cause instanceof UnpackError && cause.kind === "ends early";
  return new PictureError(ends ? "its pixels end early" : "its pixels cannot be unpacked", { cause });
}
