import { host } from "../../host/host.ts";
import { exifOrientation } from "./exif.ts";
import { checkChunks } from "../limits.ts";
import { type PictureHeader, truncated, viewOf } from "./picture_header.ts";
import { PictureError } from "../picture.ts";

/** Bytes before the first chunk. */
const SIGNATURE_LENGTH = 8;
/** Bytes of a chunk beside its data: length, type and checksum. */
const CHUNK_OVERHEAD = 12;

/** What the samples of a pixel are. */
export const Color = { gray: 0, color: 2, palette: 3, grayWithAlpha: 4, colorWithAlpha: 6 } as const;

/** Bits of a sample that each of these may have. */
const depths: Readonly<Record<number, readonly number[]>> = {
  [Color.gray]: [1, 2, 4, 8, 16],
  [Color.color]: [8, 16],
  [Color.palette]: [1, 2, 4, 8],
  [Color.grayWithAlpha]: [8, 16],
  [Color.colorWithAlpha]: [8, 16],
};

/** A chunk of a PNG file. */
export interface PngChunk {
  /** Four letters. */
  readonly type: string;
  /** Where the chunk starts, at its length field. */
  readonly start: number;
  /** Where the next one starts. */
  readonly end: number;
}

/** What of a PNG decides its pixels. */
export interface PngParts {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** What the samples of a pixel are, one of {@linkcode Color}. */
  readonly color: number;
  /** Whether they are stored in seven passes. */
  readonly interlaced: boolean;
  /** Red, green and blue of each place of the palette. */
  readonly palette: Uint8Array | undefined;
  /** Alpha of the palette's places, or the one color that is transparent. */
  readonly transparent: Uint8Array | undefined;
  /** The packed pixels, in pieces. */
  readonly pixels: readonly Uint8Array[];
}

/** The chunks of a PNG up to and with the last whole one. */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = SIGNATURE_LENGTH; start + CHUNK_OVERHEAD <= bytes.length;) {
    const end = start + CHUNK_OVERHEAD + view.getUint32(start);
    if (end > bytes.length) return;
    yield { type: String.fromCharCode(...bytes.subarray(start + 4, start + 8)), start, end };
    start = end;
  }
}

/**
 * Reads the header of a PNG. Walks all chunks, as decoders stop at the last pixel and accept a file that ends
 * there, and as the orientation may stand behind the pixels.
 *
 * @throws {PictureError} if the first chunk is not IHDR, there is no IEND, or there are too many chunks.
 */
export function readPngHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 33, "PNG");
  let last = "";
  let count = 0;
  let orientation = 1;
  for (const { type, start, end } of pngChunks(bytes)) {
    if (count === 0 && type !== "IHDR") {
      throw new PictureError(`The PNG must start with an IHDR chunk, found ${JSON.stringify(type)}`);
    }
    last = type;
    if (type === "IEND") break;
    checkChunks(++count, "PNG", "chunks");
    if (type === "eXIf") orientation = exifOrientation(bytes.subarray(start + 8, end - 4)) ?? orientation;
  }
  if (last !== "IEND") throw truncated("PNG", "it has no IEND chunk");
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  // The picture, a little of what is unpacked, and two rows
  return { format: "PNG", width, height, orientation, scans: 1, memory: 4 * width * height + 20 * width };
}

/**
 * Finds the parts of a PNG that decide its pixels, and checks that they are as they were written. Everything
 * else is left aside: text and color profiles may unpack to gigabytes.
 *
 * @throws {PictureError} if a part is damaged, or of an unknown kind.
 */
export function readPngParts(bytes: Uint8Array): PngParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [depth, color, packing, filtering, interlace] = bytes.subarray(24, 29);
  if (!depths[color!]?.includes(depth!) || packing !== 0 || filtering !== 0 || interlace! > 1) {
    throw new PictureError(`a header with the numbers ${bytes.subarray(24, 29).join(" ")} makes no sense`);
  }
  const found: { palette?: Uint8Array; transparent?: Uint8Array } = {};
  const pixels: Uint8Array[] = [];
  for (const { type, start, end } of pngChunks(bytes)) {
    if (type === "IEND") break;
    // Small letters are for what may be passed over
    if (type !== "tRNS" && type.charCodeAt(0) >= 97) continue;
    if (host().crc32(bytes.subarray(start + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw new PictureError(`the checksum of its ${JSON.stringify(type)} chunk is wrong`);
    }
    const data = bytes.subarray(start + 8, end - 4);
    if (type === "IDAT") pixels.push(data);
    else if (type === "PLTE") found.palette ??= data;
    else if (type === "tRNS") found.transparent ??= data;
  }
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: depth!,
    color: color!,
    interlaced: interlace === 1,
    palette: found.palette,
    transparent: found.transparent,
    pixels,
  };
}
