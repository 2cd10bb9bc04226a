import { fileKind, KIND_BYTES } from "../file_kind.ts";
import { readBmpHeader } from "./bmp_header.ts";
import { readGifHeader } from "./gif_header.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { PictureError } from "../picture.ts";
import type { PictureHeader } from "./picture_header.ts";
import { readPngHeader } from "./png_header.ts";
import { readWebpHeader } from "./webp_header.ts";

/**
 * Reads format and size of a picture from its header, and finds files that end early.
 *
 * @param bytes The whole file.
 * @throws {PictureError} if the bytes are no JPEG, PNG, GIF, BMP or WebP, or are cut short.
 */
export function readPictureHeader(bytes: Uint8Array): PictureHeader {
  const header = readHeader(bytes);
  if (header.width < 1 || header.height < 1) {
    throw new PictureError(`The ${header.format} must have pixels, found ${header.width}x${header.height}`);
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
      `The file is not a picture: it starts with ${hex(bytes)}; use JPEG, PNG, GIF, BMP or WebP`,
    );
  }
  const what = `The file is ${kind.name}${kind.name.endsWith("picture") ? "" : ", not a picture"}`;
  throw new PictureError(
    kind.advice === "" ? `${what}; use JPEG, PNG, GIF, BMP or WebP` : `${what}: ${kind.advice}`,
  );
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
