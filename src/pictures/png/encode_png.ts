import { encodePngBuiltIn } from "../built_in.ts";
import { toRgba } from "../convert.ts";
import { loadImagescript } from "../imagescript.ts";
import { checkPicture, type Picture } from "../picture.ts";
import { pngChunks } from "../headers/png_header.ts";

/** zlib's level: above it, files of samples hardly get smaller. */
const COMPRESSION = 3;

/**
 * Encodes a picture as PNG, without loss. The file holds red, green, blue and alpha, 8 bits each, whatever
 * the channels of the picture. Goes through imagescript, or through Deno's own encoder if imagescript cannot
 * run; the pixels are the same, the bytes are not.
 *
 * @param picture 1 to 4 channels.
 * @returns The file's bytes: the same for the same picture every time, as no date is written into it.
 * @throws {RangeError} if the picture's numbers do not agree.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng } from "../mod.ts";
 *
 * const black = { width: 16, height: 16, channels: 1, data: new Uint8Array(256) } as const;
 * const file = await encodePng(black); // ready for Deno.writeFile()
 * assertEquals(new TextDecoder().decode(file.subarray(1, 4)), "PNG");
 * ```
 */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  checkPicture(picture);
  const rgba = toRgba(picture);
  const imagescript = await loadImagescript();
  if (!imagescript) return await encodePngBuiltIn(rgba);
  const image = new imagescript.Image(rgba.width, rgba.height);
  image.bitmap.set(rgba.data);
  return withoutText(await image.encode(COMPRESSION));
}

/** Drops the text chunks, among them the date, which would make every file differ. */
function withoutText(png: Uint8Array): Uint8Array {
  const kept = [png.subarray(0, 8)];
  for (const { type, start, end } of pngChunks(png)) {
    if (!/^[tiz][TE]Xt$/.test(type)) kept.push(png.subarray(start, end));
  }
  return new Uint8Array(Buffer.concat(kept));
}
