import { decodeBuiltIn } from "./built_in.ts";
import { type Imagescript, loadImagescript } from "./imagescript.ts";
import { decodeMozjpeg } from "./mozjpeg.ts";
import { orientPicture } from "./orientation.ts";
import { type Picture, PictureError } from "./picture.ts";
import type { PictureHeader } from "./picture_header.ts";
import { readPictureHeader } from "./read_header.ts";

/** Options of {@linkcode decodePicture}. */
export interface DecodePictureOptions {
  /**
   * Most pixels that a picture may have. A file of a few kilobytes can ask for gigabytes of memory, so the header is
   * read and held to this before anything is decoded.
   *
   * @default {67108864}
   */
  maxPixels?: number;
}

/** 64 megapixels, 256 MiB once decoded. */
const MAX_PIXELS = 64 * 2 ** 20;

/**
 * Decodes a picture file: JPEG (grey, colour or CMYK), PNG (any depth, reduced to 8 bits), GIF (its first frame), BMP or
 * WebP. JPEG and WebP are turned upright as EXIF says.
 *
 * JPEG goes through mozjpeg. PNG, GIF and JPEG in CMYK go through imagescript; BMP and WebP, PNG and GIF that imagescript
 * refuses, and all of these where it cannot run, through Deno's own decoder. The two agree to the bit but for CMYK, where
 * they differ by a few of 255 levels.
 *
 * @param bytes The whole file.
 * @param options How much is allowed.
 * @returns The picture with 4 channels, alpha as it is in the file; see {@linkcode toRgb} for composing it.
 * @throws {PictureError} Where the bytes are no such file, are cut short or corrupt, or have more pixels than allowed.
 *
 * @example
 * ```ts
 * import { decodePicture, encodePng } from "./mod.ts";
 *
 * const file = await encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) });
 * console.log((await decodePicture(file)).data); // Uint8Array [0, 0, 0, 255, 255, 255, 255, 255]
 * ```
 */
export async function decodePicture(bytes: Uint8Array, options: DecodePictureOptions = {}): Promise<Picture> {
  const { maxPixels = MAX_PIXELS } = options;
  const header = readPictureHeader(bytes);
  const { format, width, height, orientation } = header;
  if (width * height > maxPixels) {
    throw new PictureError(
      `The ${format} has ${width}x${height} pixels, more than the ${maxPixels} allowed; make it smaller first`,
    );
  }
  const picture = await decodeAs(header, bytes);
  const swapped = orientation >= 5;
  if (picture.width !== (swapped ? height : width) || picture.height !== (swapped ? width : height)) {
    throw new PictureError(
      `The ${format} is corrupt: its header says ${width}x${height}, its pixels ${picture.width}x${picture.height}`,
    );
  }
  return picture;
}

async function decodeAs(header: PictureHeader, bytes: Uint8Array): Promise<Picture> {
  const { format, orientation, needsImagescript, cmyk } = header;
  if (format === "JPEG" && !cmyk) {
    return orientPicture(await decodeMozjpeg(bytes).catch((cause) => fail(format, cause)), orientation);
  }
  const imagescript = format === "BMP" || format === "WebP" ? undefined : await loadImagescript();
  if (!imagescript && needsImagescript) {
    throw new PictureError(
      "The PNG is grey with alpha or has 16 bits a channel, which only imagescript decodes; allow ffi, env and read (deno run -A), or convert it",
    );
  }
  try {
    if (imagescript) {
      try {
        return orientPicture(await decodeWith(imagescript, bytes), orientation);
      } catch (cause) {
        // imagescript refuses some valid PNGs, even of its own making. A second opinion is safe where Deno's decoder
        // is strict, which it is not for JPEG
        if (needsImagescript || format === "JPEG") throw cause;
      }
    }
    return await decodeBuiltIn(bytes);
  } catch (cause) {
    return fail(format, cause);
  }
}

function fail(format: PictureHeader["format"], cause: unknown): never {
  throw new PictureError(`The ${format} is corrupt: ${reason(cause)}`, { cause });
}

async function decodeWith(imagescript: Imagescript, bytes: Uint8Array): Promise<Picture> {
  const decoded = await imagescript.decode(bytes, true);
  const { width, height, bitmap } = decoded instanceof imagescript.GIF ? decoded[0]! : decoded;
  const data = new Uint8Array(bitmap.buffer, bitmap.byteOffset, bitmap.byteLength);
  return { width, height, channels: 4, data };
}

/** First line of what a decoder says, without the format that it puts in front. */
function reason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n")[0]!.replace(/^(jpg|png|gif): /, "");
}
