import type { AugmentImagesOptions } from "../../src/gpu/ops/augmentation/augment_images.ts";
import type { DrawAugmentationOptions } from "../../src/gpu/ops/augmentation/draw_augmentation.ts";
import { AUGMENTATION_KINDS, AUGMENTATION_PARAMETERS } from "../../src/gpu/ops/augmentation/kinds.ts";
import type { ImageShape } from "../../src/gpu/ops/images/image_shape.ts";
import { randomBits } from "../../src/gpu/random/philox.ts";

/** The parameters of one image. */
export type ImageParameters = Record<keyof typeof AUGMENTATION_PARAMETERS, number>;

/** A row of a tensor of parameters. */
function rowOf(parameters: ArrayLike<number>, row: number): ImageParameters {
  const names = Object.keys(AUGMENTATION_PARAMETERS);
  return Object.fromEntries(
    names.map((name, column) => [name, parameters[row * names.length + column]!]),
  ) as ImageParameters;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `augmentImages()` on the host, one transformation after the other, as DiffAugment's code does it. */
export function augmentImagesReference(
  x: Float64Array,
  { batch, height, width, channels }: ImageShape,
  parameters: ArrayLike<number>,
  { kinds = AUGMENTATION_KINDS, cutout, alpha = false, first = 0 }: AugmentImagesOptions = {},
): Float64Array {
  const each = height * width * channels;
  const [cutHeight, cutWidth] = cutout ?? [Math.round(height / 2), Math.round(width / 2)];
  const output = new Float64Array(x.length);
  for (let n = 0; n < batch; n++) {
    const own = rowOf(parameters, first + n);
    let image = x.slice(n * each, (n + 1) * each);
    /** Every pixel of the image from another one; undefined gives zeros. */
    const moved = (source: (row: number, column: number) => [row: number, column: number] | undefined) =>
      image.map((_, at) => {
        const pixel = Math.floor(at / channels);
        const from = source(Math.floor(pixel / width), pixel % width);
        if (!from || from[0] < 0 || from[0] >= height || from[1] < 0 || from[1] >= width) return 0;
        return image[(from[0] * width + from[1]) * channels + at % channels]!;
      });
    if (kinds.includes("color")) {
      const colors = alpha ? channels - 1 : channels;
      const isColor = (_: number, at: number) => at % channels < colors;
      const colored = (change: (value: number, at: number) => number) =>
        image.map((value, at) => isColor(value, at) ? change(value, at) : value);
      image = colored((value) => value + own.brightness);
      image = colored((value, at) => {
        const pixel = Math.floor(at / channels) * channels;
        const mean = meanOf(image.subarray(pixel, pixel + colors));
        return (value - mean) * own.saturation + mean;
      });
      const mean = meanOf(image.filter(isColor));
      image = colored((value) => (value - mean) * own.contrast + mean);
    }
    if (kinds.includes("flip") && own.flip === 1) image = moved((row, column) => [row, width - 1 - column]);
    if (kinds.includes("translation")) {
      image = moved((row, column) => [row + own.shift_y, column + own.shift_x]);
    }
    if (kinds.includes("cutout")) {
      const within = (place: number, start: number, length: number) =>
        place >= start && place < start + length;
      image = moved((row, column) =>
        within(row, own.cut_y, cutHeight) && within(column, own.cut_x, cutWidth) ? undefined : [row, column]
      );
    }
    output.set(image, n * each);
  }
  return output;
}

/** `drawAugmentation()` on the host. */
export function drawAugmentationReference(
  count: number,
  { size: [height, width], kinds = AUGMENTATION_KINDS, probability = 1, seed, stream = 0 }:
    & Omit<DrawAugmentationOptions, "counter" | "probability">
    & { probability?: number },
  counter: number,
): ImageParameters[] {
  return Array.from({ length: count }, (_, image): ImageParameters => {
    const bits = (word: number) => randomBits(seed, stream, counter, 16 * image + word);
    const unit = (word: number) => (bits(word) >>> 8) * 2 ** -24;
    const oneOf = (word: number, many: number) => Number(BigInt(bits(word)) * BigInt(many) >> 32n);
    const applied = (word: number) => unit(word) < Math.fround(probability);
    const row: ImageParameters = { ...AUGMENTATION_PARAMETERS };
    if (kinds.includes("color")) {
      if (applied(8)) row.brightness = unit(0) - 0.5;
      if (applied(9)) row.saturation = 2 * unit(1);
      if (applied(10)) row.contrast = unit(2) + 0.5;
    }
    if (kinds.includes("flip") && applied(11)) row.flip = bits(3) >>> 31;
    const [cutHeight, cutWidth] = [Math.round(height / 2), Math.round(width / 2)];
    if (kinds.includes("translation") && applied(12)) {
      const [most_y, most_x] = [Math.round(height / 8), Math.round(width / 8)];
      row.shift_y = oneOf(4, 2 * most_y + 1) - most_y;
      row.shift_x = oneOf(5, 2 * most_x + 1) - most_x;
    }
    if (kinds.includes("cutout") && applied(13)) {
      row.cut_y = oneOf(6, height + 1 - cutHeight % 2) - Math.floor(cutHeight / 2);
      row.cut_x = oneOf(7, width + 1 - cutWidth % 2) - Math.floor(cutWidth / 2);
    }
    return row;
  });
}
