import { base64 } from "../../pictures/bytes.ts";

/** Letters of base64 in one piece of kitty's protocol at most. */
const PIECE = 4096;

/**
 * A PNG for terminals with kitty's graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol): in pieces,
 * shown where the cursor is (`a=T`), as PNG (`f=100`), without an answer that would stand in the input
 * (`q=2`).
 */
export function kittyText(png: Uint8Array): string {
  const data = base64(png);
  const count = Math.ceil(data.length / PIECE);
  return Array.from({ length: count }, (_, i) => {
    const keys = `${i === 0 ? "a=T,f=100,q=2," : ""}m=${i === count - 1 ? 0 : 1}`;
    return `\x1b_G${keys};${data.slice(i * PIECE, (i + 1) * PIECE)}\x1b\\`;
  }).join("");
}

/** A PNG for terminals with iTerm2's inline images (iterm2.com/documentation-images.html). */
export function itermText(png: Uint8Array): string {
  return `\x1b]1337;File=inline=1;size=${png.length}:${base64(png)}\x07`;
}
