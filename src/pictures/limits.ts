import { PictureError } from "./picture.ts";
import type { PictureHeader } from "./headers/picture_header.ts";

/**
 * What a picture may ask for. A file of a few bytes can claim any size, so its header is checked against
 * these limits.
 */

/** Most bytes of a picture's file. Photos of 100 megapixels have 20 to 60 MiB, and 200 MiB without loss. */
const MOST_FILE_BYTES: number = 256 * 2 ** 20;

/**
 * Most pixels of a picture, every frame that is decoded counted: 128 megapixels, above cameras of 102 and
 * phones of 108.
 */
export const MOST_PIXELS: number = 128 * 2 ** 20;

/**
 * Most pixels along an edge, what a JPEG may have at most: rows of one pixel take more time than their
 * pixels.
 */
const MOST_EDGE = 65_535;

/**
 * Most memory that decoding one picture may take, in bytes: 896 MiB, what an ordinary JPEG of 117 megapixels
 * takes.
 */
export const MOST_MEMORY: number = 896 * 2 ** 20;

/** Most scans of a JPEG. Encoders write 10 or so. */
const MOST_SCANS = 100;

/** Most pixels times scans of a JPEG: 100 megapixels in 20 scans. */
const MOST_SCANNED_PIXELS: number = 2 ** 31;

/** Most segments, chunks or blocks in front of, between and behind a picture's pixels. */
const MOST_CHUNKS = 100_000;

/**
 * Throws if a picture's header asks for more than is allowed.
 *
 * @throws {PictureError} Says which limit it is, and what to do.
 */
export function checkLimits(header: PictureHeader, maxPixels: number): void {
  const { format, width, height, scans, memory } = header;
  const pixels = width * height;
  if (pixels > maxPixels) {
    throw new PictureError(
      `The ${format} has ${width}x${height} pixels, more than the ${maxPixels} allowed; make it smaller first`,
    );
  }
  if (Math.max(width, height) > MOST_EDGE) {
    throw new PictureError(
      `The ${format} has ${width}x${height} pixels, more than the ${MOST_EDGE} allowed along an edge; make it smaller first`,
    );
  }
  if (scans > MOST_SCANS || scans * pixels > MOST_SCANNED_PIXELS) {
    const allowed = Math.min(MOST_SCANS, Math.floor(MOST_SCANNED_PIXELS / pixels));
    throw new PictureError(
      `The ${format} has ${scans} scans, more than the ${allowed} allowed at ${width}x${height} pixels; save it again`,
    );
  }
  if (memory > MOST_MEMORY) {
    throw new PictureError(
      `The ${format} of ${width}x${height} pixels takes ${mebibytes(memory)} MiB to decode, ` +
        `more than the ${mebibytes(MOST_MEMORY)} allowed; make it smaller first`,
    );
  }
}

/**
 * Throws if a file has more bytes than a picture may have: before it is read, if its length is known before.
 */
export function checkFileLength(bytes: number): void {
  if (bytes <= MOST_FILE_BYTES) return;
  throw new PictureError(
    `The file has ${mebibytes(bytes)} MiB, more than the ${mebibytes(MOST_FILE_BYTES)} that a picture ` +
      "may have; make it smaller first",
  );
}

/** Throws if a file has more parts than any picture needs. */
export function checkChunks(count: number, format: PictureHeader["format"], what: string): void {
  if (count <= MOST_CHUNKS) return;
  throw new PictureError(
    `The ${format} has more than the ${MOST_CHUNKS} ${what} allowed; save it again without metadata`,
  );
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
