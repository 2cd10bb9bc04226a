/// <reference lib="dom" />
import type { DrawnPicture } from "../../../sampler/drawn_picture.ts";

/** Pixels between pictures that are saved as one. */
const GAP = 2;

/** Paints a picture on a canvas, pixel for pixel. Styles enlarge it. */
export function paint(canvas: HTMLCanvasElement, picture: DrawnPicture): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")!.putImageData(new ImageData(picture.rgba(), picture.width), 0, 0);
}

/** Saves pictures as one PNG, in rows. */
export async function savePng(
  name: string,
  pictures: readonly DrawnPicture[],
  columns: number,
): Promise<void> {
  const { width, height } = pictures[0]!;
  const rows = Math.ceil(pictures.length / columns);
  const canvas = document.createElement("canvas");
  canvas.width = columns * (width + GAP) - GAP;
  canvas.height = rows * (height + GAP) - GAP;
  const context = canvas.getContext("2d")!;
  for (const [at, picture] of pictures.entries()) {
    const [x, y] = [at % columns * (width + GAP), Math.floor(at / columns) * (height + GAP)];
    context.putImageData(new ImageData(picture.rgba(), width), x, y);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob!);
  link.download = name;
  link.click();
  // The download has begun by then
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
