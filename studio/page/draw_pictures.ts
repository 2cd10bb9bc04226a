import type { Pictures } from "../engine/model.ts";

/** How pictures are laid out. */
export interface SheetOptions {
  /** Pictures in a row: as many as make the sheet about square, if not given. */
  readonly columns?: number;
  /** Pixels between pictures, in pixels of the pictures. */
  readonly gap?: number;
}

/**
 * Draws pictures on a canvas, one pixel for each of theirs: styles enlarge it, without smoothing. Gray and
 * transparent pictures are shown as such.
 */
export function drawPictures(
  canvas: HTMLCanvasElement,
  { count, width, height, channels, data }: Pictures,
  { columns = Math.ceil(Math.sqrt(count)), gap = 0 }: SheetOptions = {},
): void {
  const rows = Math.ceil(count / columns);
  canvas.width = columns * (width + gap) - gap;
  canvas.height = rows * (height + gap) - gap;
  const context = canvas.getContext("2d")!;
  const image = new ImageData(width, height);
  const isGray = channels <= 2;
  const hasAlpha = channels % 2 === 0;
  for (let picture = 0; picture < count; picture++) {
    const start = picture * width * height * channels;
    for (let pixel = 0; pixel < width * height; pixel++) {
      const from = start + pixel * channels;
      image.data[4 * pixel] = data[from]!;
      image.data[4 * pixel + 1] = data[isGray ? from : from + 1]!;
      image.data[4 * pixel + 2] = data[isGray ? from : from + 2]!;
      image.data[4 * pixel + 3] = hasAlpha ? data[from + channels - 1]! : 255;
    }
    const [column, row] = [picture % columns, Math.floor(picture / columns)];
    context.putImageData(image, column * (width + gap), row * (height + gap));
  }
}
