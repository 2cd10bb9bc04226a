import { concatBytes } from "../bytes.ts";
import { checkPicture, type Picture } from "../picture.ts";
import { PNG_SIGNATURE, pngChunk } from "./write_chunks.ts";

/** PNG's number of each kind of pixel, by channels. */
const COLOR_TYPES = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;

/**
 * Encodes a picture as PNG with what every runtime has, and no library: for bundles that must stay small. Files have as
 * many channels as the picture, and bytes that depend on the runtime, which packs them.
 *
 * @throws {RangeError} if the picture's numbers do not agree.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import "../../host/on_native.ts";
 * import { encodePlainPng } from "./plain_png.ts";
 *
 * const file = await encodePlainPng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) });
 * assertEquals(new TextDecoder().decode(file.subarray(1, 4)), "PNG");
 * ```
 */
export async function encodePlainPng(picture: Picture): Promise<Uint8Array<ArrayBuffer>> {
  checkPicture(picture);
  const { width, height, channels } = picture;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, COLOR_TYPES[channels]], 8);
  const packed = new Blob([filteredRows(picture)]).stream().pipeThrough(new CompressionStream("deflate"));
  const data = new Uint8Array(await new Response(packed).arrayBuffer());
  return concatBytes([PNG_SIGNATURE, pngChunk("IHDR", header), pngChunk("IDAT", data), pngChunk("IEND")]);
}

/** Each row behind the number of its filter, Sub: bytes are distances from those of the pixel to the left. */
function filteredRows({ width, height, channels, data }: Picture): Uint8Array<ArrayBuffer> {
  const length = width * channels;
  const rows = new Uint8Array(height * (length + 1));
  for (let y = 0; y < height; y++) {
    rows[y * (length + 1)] = 1;
    for (let x = 0; x < length; x++) {
      const from = y * length + x;
      rows[y * (length + 1) + 1 + x] = data[from]! - (x < channels ? 0 : data[from - channels]!);
    }
  }
  return rows;
}
