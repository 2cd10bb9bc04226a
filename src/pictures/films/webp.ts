import { concatBytes, latin1 } from "../bytes.ts";
import { webpChunks } from "../headers/webp_header.ts";
import { xmpOf } from "../marks/xmp.ts";
import { hasAlpha } from "../picture.ts";
import { expectFits, type FilmEncoder, type FilmFacts, type Frame } from "./film.ts";
import { encodeWebp } from "./webp_frame.ts";

/** Of 100; above it, files grow and nobody sees why. */
const QUALITY = 90;

/** Flags of the extended header. */
const Flag = { animation: 0x02, xmp: 0x04, alpha: 0x10 } as const;

/** A frame replaces what was there, and is not drawn over it. */
const NO_BLENDING = 0x02;

/** Animated WebP (RFC 9649, 2.7.1): every frame is encoded by itself. */
export class WebpEncoder implements FilmEncoder {
  readonly #facts: FilmFacts;

  /** For a film. */
  constructor(facts: FilmFacts) {
    this.#facts = facts;
  }

  /** The headers of the file and of the animation. */
  start(): Uint8Array {
    const { width, height, channels, loop, mark } = this.#facts;
    const flags = Flag.animation | (hasAlpha(channels) ? Flag.alpha : 0) | (mark ? Flag.xmp : 0);
    const header = Uint8Array.of(flags, 0, 0, 0, ...uint24(width - 1), ...uint24(height - 1));
    // A white background, then how often it is played: 0 is forever
    const animation = Uint8Array.of(255, 255, 255, 255, loop ? 0 : 1, 0);
    return concatBytes([riffHead(0), chunk("VP8X", header), chunk("ANIM", animation)]);
  }

  /** The chunk of a frame. */
  async add(frame: Frame): Promise<Uint8Array> {
    expectFits(this.#facts, frame);
    const { width, height } = this.#facts;
    const webp = await encodeWebp(frame.picture, QUALITY);
    const head = Uint8Array.of(
      ...[0, 0, 0, 0, 0, 0],
      ...uint24(width - 1),
      ...uint24(height - 1),
      ...uint24(Math.round(frame.duration)),
      NO_BLENDING,
    );
    const parts: Uint8Array[] = [head];
    for (const { type, start, end } of webpChunks(webp, 12, webp.length)) {
      if (["ALPH", "VP8 ", "VP8L"].includes(type)) parts.push(chunk(type, webp.subarray(start + 8, end)));
    }
    return chunk("ANMF", concatBytes(parts));
  }

  /** The mark, if there is one. */
  end(): Uint8Array {
    const { mark } = this.#facts;
    return mark ? chunk("XMP ", new TextEncoder().encode(xmpOf(mark))) : new Uint8Array();
  }

  /** The header of the file, which says how long it is. */
  restart(length: number): Uint8Array {
    return riffHead(length - 8);
  }
}

function riffHead(length: number): Uint8Array {
  const head = latin1("RIFF\0\0\0\0WEBP");
  new DataView(head.buffer).setUint32(4, length, true);
  return head;
}

/** A chunk: type, length, data, and a byte more if that is odd. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length + data.length % 2);
  bytes.set(latin1(type));
  new DataView(bytes.buffer).setUint32(4, data.length, true);
  bytes.set(data, 8);
  return bytes;
}

function uint24(value: number): number[] {
  return [value & 255, value >> 8 & 255, value >> 16 & 255];
}
