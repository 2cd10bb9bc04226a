import { gifXmp } from "./gif_xmp.ts";
import type { Mark } from "./mark.ts";
import { mp4Xmp } from "./mp4_xmp.ts";
import { xmpOfPng } from "./png_mark.ts";
import { webpXmp } from "./webp_xmp.ts";
import { markOfXmp } from "./xmp.ts";

/** How files begin, as Latin-1, and where their XMP packet is. */
const KINDS:
  readonly (readonly [start: string, at: number, find: (bytes: Uint8Array) => string | undefined])[] = [
    ["\x89PNG\r\n\x1a\n", 0, xmpOfPng],
    ["WEBP", 8, webpXmp],
    ["GIF89a", 0, gifXmp],
    ["ftyp", 4, mp4Xmp],
  ];

/**
 * What a picture or a film says about how this module made it: a PNG, APNG, WebP, GIF or MP4.
 *
 * @param bytes The whole file.
 * @returns Undefined if it has no mark, or is another kind of file.
 * @throws {SyntaxError} if it has a mark that cannot be read.
 */
export function markOf(bytes: Uint8Array): Mark | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const found = KINDS.find(([text, at]) => start.startsWith(text, at));
  const xmp = found?.[2](bytes);
  return xmp === undefined ? undefined : markOfXmp(xmp);
}
