import { concatBytes } from "../bytes.ts";
import { exifOrientation } from "./exif.ts";
import { checkChunks } from "../limits.ts";
import { PictureError } from "../picture.ts";
import { type PictureHeader, truncated, viewOf } from "./picture_header.ts";

/** Bytes in front of the first chunk. */
const START = 12;

/** Bits of an extended header: there is a color profile, EXIF, XMP. */
const METADATA = 0x20 | 0x08 | 0x04;

/** Bytes that Deno's own decoder takes for a pixel: the picture, and three times more on the way out. */
const BYTES_A_PIXEL = 16;

/** A chunk of a WebP file. */
export interface WebpChunk {
  /** Four letters. */
  readonly type: string;
  /** Where it starts, at its type. */
  readonly start: number;
  /** Where its data ends. */
  readonly end: number;
}

/** The chunks between two places, which begin at even ones. */
export function* webpChunks(bytes: Uint8Array, from: number, to: number): Generator<WebpChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = from, count = 1; start + 8 <= to; count++) {
    checkChunks(count, "WebP", "chunks");
    const size = view.getUint32(start + 4, true);
    const end = Math.min(to, start + 8 + size);
    yield { type: String.fromCharCode(...bytes.subarray(start, start + 4)), start, end };
    start += 8 + size + size % 2;
  }
}

/** Reads the header of a WebP: its size, and the orientation that its first EXIF chunk says. */
export function readWebpHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 30, "WebP");
  const promised = view.getUint32(4, true) + 8;
  if (bytes.length < promised) throw truncated("WebP", `${bytes.length} of ${promised} bytes are there`);
  let size: readonly [width: number, height: number] | undefined;
  let orientation: number | undefined;
  for (const { type, start, end } of webpChunks(bytes, START, promised)) {
    if (type === "EXIF") orientation ??= exifOrientation(bytes.subarray(start + 8, end)) ?? 1;
    else if (type === "VP8X") size ??= [1 + uint24(bytes, start + 12), 1 + uint24(bytes, start + 15)];
    else if (type === "VP8 " || type === "VP8L") {
      const inner = sizeOf(view, type, start);
      size ??= inner;
      if (size[0] !== inner[0] || size[1] !== inner[1]) {
        throw new PictureError(
          `The WebP is corrupt: its header says ${size.join("x")}, its pixels ${inner.join("x")}`,
        );
      }
    } else if (type === "ANMF" && size) checkFrame(bytes, start, size);
  }
  if (size === undefined) throw new PictureError("The WebP is corrupt: it has no pixels");
  const [width, height] = size;
  return {
    format: "WebP",
    width,
    height,
    orientation: orientation ?? 1,
    scans: 1,
    memory: BYTES_A_PIXEL * width * height,
  };
}

/** Size of the picture in a chunk of pixels. */
function sizeOf(view: DataView, type: string, start: number): readonly [width: number, height: number] {
  if (start + 18 > view.byteLength) throw truncated("WebP", "its pixels do not start");
  if (type === "VP8L") {
    const bits = view.getUint32(start + 9, true);
    return [1 + (bits & 0x3fff), 1 + (bits >>> 14 & 0x3fff)];
  }
  return [view.getUint16(start + 14, true) & 0x3fff, view.getUint16(start + 16, true) & 0x3fff];
}

/** Throws if a frame of an animated picture does not lie within it. */
function checkFrame(
  bytes: Uint8Array,
  start: number,
  [width, height]: readonly [width: number, height: number],
): void {
  const [left, top, across, down] = [8, 11, 14, 17].map((place) => uint24(bytes, start + place));
  if (2 * left! + 1 + across! <= width && 2 * top! + 1 + down! <= height) return;
  throw new PictureError(`The WebP is corrupt: a frame does not lie within its ${width}x${height} pixels`);
}

/**
 * A WebP of the first picture and nothing else, without the metadata that its decoder would go by, in a way
 * of its own, or unpack.
 */
export function firstFrameOfWebp(bytes: Uint8Array): Uint8Array {
  const promised = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true) + 8;
  const parts: Uint8Array[] = [];
  let frames = 0;
  for (const { type, start, end } of webpChunks(bytes, START, promised)) {
    if (type === "VP8X") {
      const header = bytes.slice(start, end);
      header[8]! &= ~METADATA;
      parts.push(header);
    } else if (type === "ANIM" || type === "ALPH" || type === "VP8 " || type === "VP8L") {
      parts.push(padded(bytes.subarray(start, end)));
    } else if (type === "ANMF" && frames++ === 0) parts.push(padded(bytes.subarray(start, end)));
  }
  const out = concatBytes([bytes.subarray(0, START), ...parts]);
  new DataView(out.buffer).setUint32(4, out.length - 8, true);
  return out;
}

/** Chunks begin at even places. */
function padded(chunk: Uint8Array): Uint8Array {
  return chunk.length % 2 === 0 ? chunk : concatBytes([chunk, new Uint8Array(1)]);
}

function uint24(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0) + 65536 * (bytes[at + 2] ?? 0);
}
