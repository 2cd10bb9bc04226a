import { decodePicture, encodePng, type Picture, resizePicture, toRgb } from "../../pictures/mod.ts";
import { itermText, kittyText } from "./png_text.ts";
import type { PictureProtocol } from "./protocol.ts";
import { sixelText } from "./sixel_text.ts";

/** Longest side of a picture in a terminal, in pixels: larger ones are made smaller. */
export const MOST_SIDE = 800;

/**
 * A picture as text that a terminal with the protocol shows as a picture, and a line break. Pictures wider or
 * higher than 800 pixels are made smaller, and alpha is composed over white. Sixels have 252 colors, or 64
 * grays of a gray picture, and are dithered.
 *
 * @param file The picture as PNG, or any other format that `decodePicture()` reads.
 * @param protocol What the terminal understands. Others would print the text as it is.
 * @throws {PictureError} if the bytes are no such picture.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodePng, terminalPicture } from "@x/dcgan";
 *
 * const png = await encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) });
 * const text = await terminalPicture(png, "sixel");
 * assert(text.startsWith("\x1bP") && text.endsWith("\x1b\\\n"));
 * ```
 */
export async function terminalPicture(file: Uint8Array, protocol: PictureProtocol): Promise<string> {
  const picture = bounded(toRgb(await decodePicture(file)));
  if (protocol === "sixel") return `${sixelText(picture)}\n`;
  const png = await encodePng(picture);
  return `${protocol === "kitty" ? kittyText(png) : itermText(png)}\n`;
}

/** The picture, no longer than {@linkcode MOST_SIDE} on either side. */
function bounded(picture: Picture): Picture {
  const scale = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height));
  const side = (length: number) => Math.max(1, Math.round(scale * length));
  return resizePicture(picture, side(picture.width), side(picture.height));
}
