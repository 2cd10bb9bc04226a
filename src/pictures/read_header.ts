import { exifOrientation } from "./exif.ts";
import { fileKind, KIND_BYTES } from "./file_kind.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { PictureError } from "./picture.ts";
import { type PictureHeader, truncated, viewOf } from "./picture_header.ts";
import { readPngHeader } from "./png_header.ts";

/**
 * Reads format and size of a picture from its header, and finds files that end early.
 *
 * @param bytes The whole file.
 * @throws {PictureError} Where the bytes are no JPEG, PNG, GIF, BMP or WebP, or are cut short.
 */
export function readPictureHeader(bytes: Uint8Array): PictureHeader {
  const header = readHeader(bytes);
  if (header.width < 1 || header.height < 1) {
    throw new PictureError(`The ${header.format} has no pixels: found ${header.width}x${header.height}`);
  }
  return header;
}

function readHeader(bytes: Uint8Array): PictureHeader {
  if (bytes.length === 0) throw new PictureError("The file is empty");
  if (startsWith(bytes, "\xff\xd8\xff")) return readJpegHeader(bytes);
  if (startsWith(bytes, "\x89PNG\r\n\x1a\n")) return readPngHeader(bytes);
  if (startsWith(bytes, "GIF87a") || startsWith(bytes, "GIF89a")) return readGifHeader(bytes);
  if (startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8)) return readWebpHeader(bytes);
  if (startsWith(bytes, "BM")) return readBmpHeader(bytes);
  const kind = fileKind(bytes.subarray(0, KIND_BYTES));
  if (kind === undefined) {
    throw new PictureError(
      `The file is no picture: it starts with ${hex(bytes)}; use JPEG, PNG, GIF, BMP or WebP`,
    );
  }
  const what = `The file is ${kind.name}${kind.name.endsWith("picture") ? "" : ", no picture"}`;
  throw new PictureError(
    kind.advice === "" ? `${what}; use JPEG, PNG, GIF, BMP or WebP` : `${what}: ${kind.advice}`,
  );
}

function readGifHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 13, "GIF");
  return plain("GIF", view.getUint16(6, true), view.getUint16(8, true));
}

function readBmpHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 26, "BMP");
  // The header of 1985 has 16-bit sizes; a negative height says that rows go down
  if (view.getUint32(14, true) === 12) {
    return plain("BMP", view.getUint16(18, true), view.getUint16(20, true));
  }
  return plain("BMP", view.getInt32(18, true), Math.abs(view.getInt32(22, true)));
}

function readWebpHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 30, "WebP");
  const promised = view.getUint32(4, true) + 8;
  if (bytes.length < promised) throw truncated("WebP", `${bytes.length} of ${promised} bytes are there`);
  if (startsWith(bytes, "VP8X", 12)) {
    const side = (at: number) => 1 + view.getUint16(at, true) + 65536 * view.getUint8(at + 2);
    return { ...plain("WebP", side(24), side(27)), orientation: webpOrientation(bytes, view) };
  }
  if (startsWith(bytes, "VP8L", 12)) {
    const bits = view.getUint32(21, true);
    return plain("WebP", 1 + (bits & 0x3fff), 1 + (bits >>> 14 & 0x3fff));
  }
  return plain("WebP", view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
}

/** The orientation that a WebP's first EXIF chunk says, which is the one that its decoder goes by. */
function webpOrientation(bytes: Uint8Array, view: DataView): number {
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    if (startsWith(bytes, "EXIF", at)) {
      return exifOrientation(bytes.subarray(at + 8, at + 8 + size)) ?? 1;
    }
    // Chunks begin at even places
    at += 8 + size + size % 2;
  }
  return 1;
}

function plain(format: PictureHeader["format"], width: number, height: number): PictureHeader {
  return { format, width, height, orientation: 1, needsImagescript: false, cmyk: false };
}

function startsWith(bytes: Uint8Array, text: string, offset = 0): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
