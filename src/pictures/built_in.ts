import { type Picture, PictureError } from "./picture.ts";

/**
 * Decodes with what Deno has built in. Its canvas gives no pixels, but it writes BMP files, and those are
 * plain pixels. EXIF's orientation is applied.
 *
 * @returns The picture with 4 channels.
 */
export async function decodeBuiltIn(bytes: Uint8Array): Promise<Picture> {
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  return readBmp(await encodeCanvas(bitmap, "image/bmp"));
}

/** Encodes a picture of 4 channels as PNG with what Deno has built in. */
export async function encodePngBuiltIn({ width, height, data }: Picture): Promise<Uint8Array> {
  const pixels = new Uint8ClampedArray(data);
  return await encodeCanvas(await createImageBitmap(new ImageData(pixels, width, height)), "image/png");
}

async function encodeCanvas(bitmap: ImageBitmap, type: string): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("bitmaprenderer");
  if (!context) throw new PictureError("Deno's canvas takes no bitmaps; use Deno 2.9 or later");
  context.transferFromImageBitmap(bitmap);
  return new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
}

/** Reads the kinds of BMP that Deno's canvas writes: gray with 8 bits a pixel, BGR with 24, BGRA with 32. */
function readBmp(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const width = view.getInt32(18, true);
  const height = view.getInt32(22, true);
  const step = view.getUint16(28, true) / 8;
  if (step !== 1 && step !== 3 && step !== 4) {
    throw new PictureError(`Deno wrote a BMP of ${8 * step} bits a pixel`);
  }
  // Rows go up and fill whole groups of 4 bytes
  const stride = Math.ceil(width * step / 4) * 4;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, to = 0; y < height; y++) {
    let from = start + (height - 1 - y) * stride;
    for (let x = 0; x < width; x++, from += step, to += 4) {
      data[to] = bytes[step === 1 ? from : from + 2]!;
      data[to + 1] = bytes[step === 1 ? from : from + 1]!;
      data[to + 2] = bytes[from]!;
      data[to + 3] = step === 4 ? bytes[from + 3]! : 255;
    }
  }
  return { width, height, channels: 4, data };
}
