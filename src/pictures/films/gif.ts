import { concatBytes, latin1 } from "../bytes.ts";
import { toRgb } from "../convert.ts";
import { gifXmpExtension } from "../marks/gif_xmp.ts";
import { xmpOf } from "../marks/xmp.ts";
import { expectFits, type FilmEncoder, type FilmFacts, type Frame } from "./film.ts";
import { packPixels } from "./gif_lzw.ts";
import { indexColors } from "./gif_palette.ts";

/** Animated GIF: 256 colors for each frame, which has a palette of its own. Alpha is composed over white. */
export class GifEncoder implements FilmEncoder {
  readonly #facts: FilmFacts;
  /** Milliseconds of the frames before. */
  #elapsed = 0;

  /** For a film. */
  constructor(facts: FilmFacts) {
    this.#facts = facts;
  }

  /** Header and screen, how often it is played, and the mark. */
  start(): Uint8Array {
    const { width, height, loop, mark } = this.#facts;
    const screen = latin1("GIF89a\0\0\0\0\x70\0\0");
    setUint16(screen, 6, width);
    setUint16(screen, 8, height);
    const parts: Uint8Array[] = [screen];
    // Netscape's extension: 0 is forever
    if (loop) parts.push(latin1("\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"));
    if (mark) parts.push(comment(mark.description), gifXmpExtension(xmpOf(mark)));
    return concatBytes(parts);
  }

  /** The blocks of a frame. */
  // deno-lint-ignore require-await -- as other encoders
  async add(frame: Frame): Promise<Uint8Array> {
    expectFits(this.#facts, frame);
    const { palette, pixels } = indexColors(toRgb(frame.picture).data);
    const control = latin1("\x21\xf9\x04\x04\0\0\0\0");
    setUint16(control, 4, this.#delay(frame.duration));
    const image = latin1("\x2c\0\0\0\0\0\0\0\0\x87");
    setUint16(image, 5, this.#facts.width);
    setUint16(image, 7, this.#facts.height);
    return concatBytes([control, image, palette, packPixels(pixels)]);
  }

  /** The last byte. */
  end(): Uint8Array {
    return Uint8Array.of(0x3b);
  }

  /** Hundredths of a second: what rounding takes from one frame, it gives to another. */
  #delay(duration: number): number {
    const before = Math.round(this.#elapsed / 10);
    this.#elapsed += duration;
    return Math.round(this.#elapsed / 10) - before;
  }
}

function setUint16(bytes: Uint8Array<ArrayBuffer>, at: number, value: number): void {
  new DataView(bytes.buffer).setUint16(at, value, true);
}

/** A comment. */
function comment(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const parts: Uint8Array[] = [Uint8Array.of(0x21, 0xfe)];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.subarray(at, at + 255);
    parts.push(Uint8Array.of(block.length), block);
  }
  return concatBytes([...parts, Uint8Array.of(0)]);
}
