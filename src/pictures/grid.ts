import { checkPicture, hasAlpha, type Picture } from "./picture.ts";

/** Options of {@linkcode composeGrid}. */
export interface GridOptions {
  /** Pictures side by side. Without it, the least with which there are no more rows than columns. */
  columns?: number;
  /**
   * Pixels between pictures and around them.
   *
   * @default {2}
   */
  padding?: number;
  /**
   * Level of the padding and of empty places, from 0 (black) to 255 (white).
   *
   * @default {255}
   */
  background?: number;
}

/**
 * Equal pictures one after the other in one array, as a batch of images is: `count` x height x width x
 * channels.
 */
export interface PictureBatch extends Omit<Picture, "data"> {
  /** `count * height * width * channels` values. */
  readonly data: Uint8Array;
}

/**
 * Lays out a batch of pictures in rows, in reading order.
 *
 * @param batch One picture or more, all of one size.
 * @returns One picture with the same channels.
 * @throws {RangeError} if the data is no whole number of pictures, or an option is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { composeGrid, encodePng } from "@x/dcgan";
 *
 * const batch = { width: 8, height: 8, channels: 1, data: new Uint8Array(64 * 8 * 8) } as const;
 * const grid = composeGrid(batch);
 * assertEquals([grid.width, grid.height, (await encodePng(grid)).length > 0], [82, 82, true]);
 * ```
 */
export function composeGrid(batch: PictureBatch, options: GridOptions = {}): Picture {
  const { width, height, channels, data } = batch;
  const each = width * height * channels;
  const count = data.length / each;
  checkPicture({ width, height, channels, data: data.subarray(0, each) });
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `A batch of ${width}x${height}x${channels} pictures must have a multiple of ${each} values, found ${data.length}`,
    );
  }
  const { columns = Math.ceil(Math.sqrt(count)), padding = 2, background = 255 } = options;
  checkWhole("columns", columns, 1, 65536);
  checkWhole("padding", padding, 0, 65536);
  checkWhole("background", background, 0, 255);
  const rows = Math.ceil(count / columns);
  const outWidth = columns * (width + padding) + padding;
  const outHeight = rows * (height + padding) + padding;
  const out = new Uint8Array(outWidth * outHeight * channels);
  const alpha = hasAlpha(channels) ? channels - 1 : -1;
  for (let i = 0; i < out.length; i++) out[i] = i % channels === alpha ? 255 : background;
  for (let i = 0; i < count; i++) {
    const left = padding + (i % columns) * (width + padding);
    const top = padding + Math.floor(i / columns) * (height + padding);
    for (let y = 0; y < height; y++) {
      const from = i * each + y * width * channels;
      out.set(data.subarray(from, from + width * channels), ((top + y) * outWidth + left) * channels);
    }
  }
  return { width: outWidth, height: outHeight, channels, data: out };
}

function checkWhole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`A grid's ${name} must be a whole number from ${min} to ${max}, found ${value}`);
  }
}
