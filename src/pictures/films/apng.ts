import { concatBytes } from "../bytes.ts";
import { pngChunks } from "../headers/png_header.ts";
import { pngMark } from "../marks/png_mark.ts";
import { encodePng } from "../png/encode_png.ts";
import { PNG_SIGNATURE, pngChunk } from "../png/write_chunks.ts";
import { expectFits, type FilmEncoder, type FilmFacts, type Frame } from "./film.ts";

/** Milliseconds of a second, of which delays are a part. */
const PARTS = 1000;

/**
 * Animated PNG (PNG specification, third edition, 11.3.6): every frame without loss, as {@linkcode encodePng}
 * has it.
 */
export class ApngEncoder implements FilmEncoder {
  readonly #facts: FilmFacts;
  /** Number of the next chunk that belongs to the animation. */
  #sequence = 0;
  /** What all frames must be encoded as: IHDR of the first. */
  #header: Uint8Array | undefined;

  /** For a film. */
  constructor(facts: FilmFacts) {
    this.#facts = facts;
  }

  /** The signature; what follows is known with the first frame. */
  start(): Uint8Array {
    return PNG_SIGNATURE;
  }

  /** The chunks of a frame; before the first, those of the whole film. */
  async add(frame: Frame): Promise<Uint8Array> {
    expectFits(this.#facts, frame);
    const png = await encodePng(frame.picture);
    const chunks = [...pngChunks(png)];
    const header = png.subarray(chunks[0]!.start, chunks[0]!.end);
    const isFirst = this.#header === undefined;
    const parts = isFirst ? this.#head(header) : [];
    this.#header ??= header;
    if (!this.#header.every((byte, i) => byte === header[i])) {
      throw new RangeError("Cannot write an APNG: the encoder must give all frames the same kind of pixels");
    }
    parts.push(this.#control(frame.duration));
    for (const { type, start, end } of chunks) {
      if (type !== "IDAT") continue;
      const data = png.subarray(start + 8, end - 4);
      parts.push(isFirst ? png.subarray(start, end) : pngChunk("fdAT", this.#next(), data));
    }
    return concatBytes(parts);
  }

  /** The last chunk. */
  end(): Uint8Array {
    return pngChunk("IEND");
  }

  /** Chunks of the whole film: IHDR, the mark, and how often to play how many frames. */
  #head(header: Uint8Array): Uint8Array[] {
    const { frames, loop, mark } = this.#facts;
    const animation = new Uint8Array(8);
    const view = new DataView(animation.buffer);
    view.setUint32(0, frames);
    view.setUint32(4, loop ? 0 : 1);
    return [header, ...mark ? pngMark(mark) : [], pngChunk("acTL", animation)];
  }

  /** The chunk before a frame: it replaces the whole picture. */
  #control(duration: number): Uint8Array {
    const { width, height } = this.#facts;
    const control = new Uint8Array(26);
    const view = new DataView(control.buffer);
    control.set(this.#next());
    view.setUint32(4, width);
    view.setUint32(8, height);
    view.setUint16(20, Math.round(duration));
    view.setUint16(22, PARTS);
    return pngChunk("fcTL", control);
  }

  #next(): Uint8Array {
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, this.#sequence++);
    return number;
  }
}
