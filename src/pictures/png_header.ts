import { type PictureHeader, truncated, viewOf } from "./picture_header.ts";
import { PictureError } from "./picture.ts";

/** Bytes before the first chunk. */
const SIGNATURE_LENGTH = 8;
/** Bytes of a chunk beside its data: length, type and checksum. */
const CHUNK_OVERHEAD = 12;

const GREY = 0;
const GREY_WITH_ALPHA = 4;

/** A chunk of a PNG file. */
export interface PngChunk {
  /** Four letters. */
  readonly type: string;
  /** Where the chunk starts, at its length field. */
  readonly start: number;
  /** Where the next one starts. */
  readonly end: number;
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
 * Reads the header of a PNG. Walks all chunks, as decoders stop at the last pixel and accept a file that ends there.
 *
 * @throws {PictureError} Where the first chunk is not IHDR or there is no IEND.
 */
export function readPngHeader(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes, 33, "PNG");
  const types = new Set<string>();
  let last = "";
  for (const { type } of pngChunks(bytes)) {
    if (types.size === 0 && type !== "IHDR") {
      throw new PictureError(`The PNG must start with an IHDR chunk: found ${JSON.stringify(type)}`);
    }
    types.add(last = type);
    if (type === "IEND") break;
  }
  if (last !== "IEND") throw truncated("PNG", "it has no IEND chunk");
  const depth = view.getUint8(24);
  const colour = view.getUint8(25);
  return {
    format: "PNG",
    width: view.getUint32(16),
    height: view.getUint32(20),
    orientation: 1,
    cmyk: false,
    needsImagescript: colour === GREY_WITH_ALPHA || depth === 16 || colour === GREY && types.has("tRNS"),
  };
}
