import { expectKnownOptions, Tensor } from "../../gpu/mod.ts";
import {
  composeGrid,
  encodePng,
  enlarge,
  gridProblem,
  imageSizeOf,
  type PictureBatch,
} from "../../pictures/mod.ts";
import { picturesOf, type PicturesOfOptions } from "./pictures_of.ts";
import { Shown } from "./shown.ts";

/** Options of {@linkcode showImages}. */
export interface ShowImagesOptions extends PicturesOfOptions {
  /**
   * Images side by side.
   *
   * @default {the least with which there are no more rows than columns}
   */
  columns?: number;
  /**
   * Pixels across and down that a pixel is drawn with, a whole number.
   *
   * @default {as many as keep the picture within 512 pixels, 8 at most}
   */
  scale?: number;
}

/** Pixels across and down within which pictures are enlarged, and the most times. */
const [ROOM, MOST_SCALE] = [512, 8];

/**
 * Images as one picture: a cell of a notebook that ends with `await showImages(images)` shows it. A tensor does not show
 * itself as a picture, since nothing in it tells images from weights, and since looking at it waits for the GPU.
 *
 * @param images A tensor `[N, H, W, C]` or `[H, W, C]` as `picturesOf()` takes it, or pictures in memory, such as those of
 * `plotMetrics()`.
 * @throws {RangeError} or {TypeError} as `picturesOf()`, or if the picture would be too large.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, showImages } from "@x/dcgan";
 * import { randomNormal } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * using noise = randomNormal(device, [16, 8, 8, 3], { seed: 1 });
 * const shown = await showImages(noise, { columns: 8 });
 * assertEquals(`${shown}`, "16 images of 8x8, 3 channels");
 * await Deno.writeFile(`${await Deno.makeTempDir()}/noise.png`, shown.png!);
 * ```
 */
export async function showImages(
  images: Tensor | PictureBatch,
  options: ShowImagesOptions = {},
): Promise<Shown> {
  expectKnownOptions<ShowImagesOptions>("showImages()", options, { range: true, columns: true, scale: true });
  const { range, columns, scale } = options;
  if (range && !(images instanceof Tensor)) {
    throw new TypeError("Cannot show images: pictures in memory have no range, as bytes are levels already");
  }
  const batch = images instanceof Tensor ? await picturesOf(images, range ? { range } : {}) : images;
  const { width, height, channels, data } = batch;
  const count = data.length / (width * height * channels);
  const problem = gridProblem(count, imageSizeOf(batch));
  if (problem) throw new RangeError(`Cannot show images: their number ${problem}`);
  const grid = composeGrid(batch, {
    ...columns === undefined ? {} : { columns },
    ...count === 1 ? { padding: 0 } : {},
  });
  const fits = Math.floor(ROOM / Math.max(grid.width, grid.height));
  const picture = enlarge(grid, scaleOf(scale) ?? Math.min(MOST_SCALE, Math.max(1, fits)));
  const many = `${count} ${count === 1 ? "image" : "images"}`;
  const text = `${many} of ${width}x${height}, ${channels} ${channels === 1 ? "channel" : "channels"}`;
  return new Shown({ text, png: await encodePng(picture) });
}

function scaleOf(scale: number | undefined): number | undefined {
  if (scale === undefined || Number.isInteger(scale) && scale >= 1 && scale <= 64) return scale;
  throw new RangeError(`Cannot show images: scale must be a whole number from 1 to 64, found ${scale}`);
}
