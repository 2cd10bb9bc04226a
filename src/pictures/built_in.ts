import { host } from "../host/host.ts";
import { type Picture, PictureError } from "./picture.ts";

/**
 * Decodes with what the runtime has built in. Deno's canvas gives no pixels, but it writes BMP files, and
 * those are plain pixels. EXIF's orientation is applied.
 *
 * @returns The picture with 4 channels.
 */
export async function decodeBuiltIn(bytes: Uint8Array): Promise<Picture> {
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  return host().kind === "deno" ? readBmp(await encodeCanvas(bitmap, "image/bmp")) : decodeByDrawing(bitmap);
}

/** What browsers' canvases have beyond Deno's. */
interface DrawingCanvas {
  getContext(kind: "2d", options: { willReadFrequently: true }): {
    drawImage(bitmap: ImageBitmap, x: number, y: number): void;
    getImageData(x: number, y: number, width: number, height: number): ImageData;
  } | null;
}

/** Decodes by drawing, as browsers give the pixels of a canvas. Those under full transparency are lost. */
function decodeByDrawing(bitmap: ImageBitmap): Picture {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height) as unknown as DrawingCanvas;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new PictureError("its pixels cannot be drawn");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, channels: 4, data: new Uint8Array(data.buffer) };
}

/** Whether the runtime decodes pictures by itself: Deno and browsers do. */
export function hasBuiltIn(): boolean {
  return typeof createImageBitmap === "function";
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
