import { concatBytes } from "../bytes.ts";
import { checkChunks } from "../limits.ts";
import { PictureError } from "../picture.ts";
import { type PictureHeader, truncated, viewOf } from "./picture_header.ts";

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
/** Label of the extension that says what is transparent in the image after it. */
const GRAPHIC_CONTROL = 0xf9;

/** Bytes that decoders take for a pixel: the screen, the frame, and both again in their result. */
const BYTES_A_PIXEL = 24;

/** Where the first frame of a GIF is. */
interface FirstFrame {
  /** Pixels across of the screen, made as large as the frame needs. */
  readonly width: number;
  /** Pixels down of it. */
  readonly height: number;
  /** Where the screen's own palette ends. */
  readonly tablesEnd: number;
  /** The extension in front of the frame that says what is transparent; empty if there is none. */
  readonly control: readonly [start: number, end: number];
  /** The frame, its palette and its pixels. */
  readonly image: readonly [start: number, end: number];
}

/**
 * Reads the header of a GIF. Its size is that of the screen, or what the first frame takes, if that is more.
 */
export function readGifHeader(bytes: Uint8Array): PictureHeader {
  const { width, height } = findFirstFrame(bytes);
  return { format: "GIF", width, height, orientation: 1, scans: 1, memory: BYTES_A_PIXEL * width * height };
}

/**
 * A GIF of the first frame and nothing else, on a screen that holds it, whatever the number and size of the
 * others.
 */
export function firstFrameOfGif(bytes: Uint8Array): Uint8Array {
  const { width, height, tablesEnd, control, image } = findFirstFrame(bytes);
  const start = bytes.slice(0, tablesEnd);
  const view = new DataView(start.buffer);
  view.setUint16(6, width, true);
  view.setUint16(8, height, true);
  return concatBytes([start, bytes.subarray(...control), bytes.subarray(...image), Uint8Array.of(TRAILER)]);
}

function findFirstFrame(bytes: Uint8Array): FirstFrame {
  const view = viewOf(bytes, 13, "GIF");
  const tablesEnd = 13 + tableLength(bytes[10]!);
  let control: FirstFrame["control"] = [0, 0];
  for (let at = tablesEnd, count = 1;; count++) {
    checkChunks(count, "GIF", "blocks");
    if (bytes[at] === EXTENSION) {
      const end = blocksEnd(bytes, at + 2);
      if (bytes[at + 1] === GRAPHIC_CONTROL) control = [at, end];
      at = end;
      continue;
    }
    if (bytes[at] === TRAILER) throw new PictureError("The GIF has no pixels: it has no frame");
    if (at + 10 > bytes.length) throw truncated("GIF", "its first frame is not there");
    if (bytes[at] !== IMAGE) throw new PictureError(`The GIF is corrupt: a block starts with ${bytes[at]}`);
    const [left, top, across, down] = [1, 3, 5, 7].map((place) => view.getUint16(at + place, true));
    if (across === 0 || down === 0) {
      throw new PictureError(`The GIF has no pixels: its first frame is ${across}x${down}`);
    }
    // One byte behind the palette says how the pixels are packed
    const end = blocksEnd(bytes, at + 10 + tableLength(bytes[at + 9]!) + 1);
    return {
      width: Math.max(view.getUint16(6, true), left! + across!),
      height: Math.max(view.getUint16(8, true), top! + down!),
      tablesEnd,
      control,
      image: [at, end],
    };
  }
}

/** Bytes of the palette, by the flags. */
function tableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Where a row of blocks ends: each starts with its length, and the last one has none. */
function blocksEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined) throw truncated("GIF", "its first frame does not end");
    at += 1 + length;
    if (length === 0) return at;
  }
}
