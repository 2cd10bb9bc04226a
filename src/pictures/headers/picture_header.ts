import { PictureError } from "../picture.ts";

/** What the first bytes of a picture say, without decoding it. */
export interface PictureHeader {
  /** Format of the file. */
  readonly format: "JPEG" | "PNG" | "GIF" | "BMP" | "WebP";
  /** Pixels across as stored, before any turning. */
  readonly width: number;
  /** Pixels down as stored, before any turning. */
  readonly height: number;
  /**
   * How the camera was held: EXIF's orientation from 1 (upright) to 8; 1 for GIF and BMP, which cannot say.
   */
  readonly orientation: number;
  /** How many times a decoder goes over the pixels: more than once for a progressive JPEG. */
  readonly scans: number;
  /** Most bytes, approximately, that a decoder takes in addition to the file. */
  readonly memory: number;
  /** Whether it is a CMYK or YCCK JPEG. */
  readonly cmyk?: boolean;
}

/** A view of bytes that must hold at least a header. */
export function viewOf(bytes: Uint8Array, atLeast: number, format: PictureHeader["format"]): DataView {
  if (bytes.length < atLeast) throw truncated(format, `it has ${bytes.length} bytes`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The error for a file that ends early. */
export function truncated(format: PictureHeader["format"], found: string): PictureError {
  return new PictureError(`The ${format} is cut short: ${found}`);
}
