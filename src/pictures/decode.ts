import { decodeBuiltIn, hasBuiltIn } from "./built_in.ts";
import { firstFrameOfGif } from "./headers/gif_header.ts";
import { host, type Imagescript } from "../host/host.ts";
import { plainCmyk } from "./headers/jpeg_header.ts";
import { checkFileLength, checkLimits, MOST_PIXELS } from "./limits.ts";
import { decodeMozjpeg } from "./jpeg/mozjpeg.ts";
import { decodeApart } from "./jpeg/mozjpeg_apart.ts";
import { orientPicture } from "./orientation.ts";
import { type Picture, PictureError } from "./picture.ts";
import type { PictureHeader } from "./headers/picture_header.ts";
import { readPngParts } from "./headers/png_header.ts";
import { decodePng } from "./png/png_pixels.ts";
import { readPictureHeader } from "./headers/read_header.ts";
import { firstFrameOfWebp } from "./headers/webp_header.ts";

/**
 * Bytes of memory from which on a JPEG gets a thread of its own, which takes some time: a photo of 40
 * megapixels.
 */
const LARGE = 320 * 2 ** 20;

/** Options of {@linkcode decodePicture}. */
export interface DecodePictureOptions {
  /**
   * Most pixels that a picture may have. A file of a few kilobytes can ask for gigabytes of memory, so the
   * header is read and checked against this before anything is decoded.
   *
   * @default {134217728}
   */
  maxPixels?: number;
  /**
   * Called with the header once its limits are checked, before anything is decoded; decoding waits for its
   * promise.
   *
   * @default {() => {}}
   */
  beforeDecoding?: (header: PictureHeader) => void;
}

/**
 * Decodes a picture file: JPEG (gray, color or CMYK), PNG (any kind, reduced to 8 bits), GIF, BMP or WebP; of
 * those with several frames the first one. JPEG, PNG and WebP are turned upright as EXIF says.
 *
 * JPEG goes through mozjpeg, PNG through a decoder of this module, GIF through imagescript if it may run. GIF
 * if imagescript cannot run or rejects it, BMP, WebP and CMYK JPEG go through the decoder of Deno or of the
 * browser; Node has none. Permissions do not change the pixels.
 *
 * All files are checked against limits on length, pixels, scans, metadata and memory, and decoders get only
 * the parts of the file that decide the pixels.
 *
 * @param bytes The whole file.
 * @param options How much is allowed.
 * @returns The picture with 4 channels, alpha as it is in the file; see {@linkcode toRgb} for composing it.
 * @throws {PictureError} if the bytes are no such file, are cut short or corrupt, of a kind that is not
 * decoded, or ask for more than is allowed. The message is a sentence of this module's, never a decoder's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng } from "@x/dcgan";
 * import { decodePicture } from "./mod.ts";
 *
 * const file = await encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) });
 * assertEquals((await decodePicture(file)).data, Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 255));
 * ```
 */
export async function decodePicture(bytes: Uint8Array, options: DecodePictureOptions = {}): Promise<Picture> {
  const { maxPixels = MOST_PIXELS, beforeDecoding } = options;
  checkFileLength(bytes.length);
  const header = readPictureHeader(bytes);
  checkLimits(header, maxPixels);
  if (needsBuiltIn(header) && !hasBuiltIn()) {
    throw new PictureError(
      `A ${
        header.cmyk ? "JPEG in CMYK" : header.format
      } cannot be decoded in ${host().runtime}: save it as PNG`,
    );
  }
  beforeDecoding?.(header);
  const { format, width, height, orientation } = header;
  let picture: Picture;
  try {
    picture = await decoders[format](bytes, header);
  } catch (cause) {
    throw new PictureError(`The ${format} is corrupt: ${reason(header, cause)}`, { cause });
  }
  if (picture.width !== width || picture.height !== height) {
    throw new PictureError(
      `The ${format} is corrupt: its header says ${width}x${height}, its pixels ${picture.width}x${picture.height}`,
    );
  }
  return orientPicture(picture, orientation);
}

/** Whether only the runtime itself decodes such a file. */
function needsBuiltIn({ format, cmyk }: PictureHeader): boolean {
  return format === "BMP" || format === "WebP" || cmyk === true;
}

/** What decodes each format, as the pixels are stored. */
const decoders: Readonly<
  Record<PictureHeader["format"], (bytes: Uint8Array, header: PictureHeader) => Promise<Picture>>
> = {
  JPEG: (bytes, header) => header.cmyk ? decodeBuiltIn(plainCmyk(bytes)) : decodeJpeg(bytes, header),
  PNG: (bytes) => decodePng(readPngParts(bytes)),
  GIF: (bytes) => decodeGif(firstFrameOfGif(bytes)),
  BMP: (bytes) => decodeBuiltIn(bytes),
  WebP: (bytes) => decodeBuiltIn(firstFrameOfWebp(bytes)),
};

function decodeJpeg(bytes: Uint8Array, { memory }: PictureHeader): Promise<Picture> {
  if (memory <= LARGE) return decodeMozjpeg(bytes);
  return decodeApart(bytes).then((picture) => picture ?? decodeMozjpeg(bytes));
}

async function decodeGif(bytes: Uint8Array): Promise<Picture> {
  const imagescript = await host().imagescript();
  if (imagescript) {
    // If imagescript rejects a file, the decoder of Deno or of the browser tries it
    const picture = await decodeWith(imagescript, bytes).catch(() => undefined);
    if (picture) return picture;
  }
  return await decodeBuiltIn(bytes);
}

async function decodeWith(imagescript: Imagescript, bytes: Uint8Array): Promise<Picture | undefined> {
  const decoded = await imagescript.decode(bytes, true);
  const frame = "bitmap" in decoded ? decoded : decoded[0];
  if (frame === undefined) return undefined;
  const { width, height, bitmap } = frame;
  return {
    width,
    height,
    channels: 4,
    data: new Uint8Array(bitmap.buffer, bitmap.byteOffset, bitmap.byteLength),
  };
}

/**
 * What is wrong, as this module found it; a decoder's own words are for programmers, and stay in the cause.
 */
function reason({ width, height }: PictureHeader, cause: unknown): string {
  if (cause instanceof PictureError) return cause.message;
  if (cause instanceof RangeError) {
    return `its ${width}x${height} pixels do not fit memory; make it smaller first`;
  }
  return "its pixels cannot be decoded; save it again or leave it out";
}
