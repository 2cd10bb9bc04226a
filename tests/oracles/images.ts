import type { AvgPool2dOptions } from "../../src/gpu/ops/images/avg_pool2d.ts";
import type { GatherImagesOptions } from "../../src/gpu/ops/images/gather_images.ts";
import type { ImageShape } from "../../src/gpu/ops/images/image_shape.ts";
import type { WindowOptions } from "../../src/gpu/ops/images/windows.ts";
import { permuted } from "../../src/gpu/random/permutation.ts";
import { randomBits } from "../../src/gpu/random/philox.ts";

/** `normalizeImages()` on the host. */
export function normalizeImagesReference(bytes: Uint8Array): Float64Array {
  return Float64Array.from(bytes, (value) => value / 127.5 - 1);
}

/** `quantizeImages()` on the host, in the same 32-bit steps. */
export function quantizeImagesReference(x: Float64Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(x, (value) => {
    const level = Math.fround(Math.fround(Math.min(Math.max(value, -1), 1) + 1) * 127.5);
    const below = Math.floor(level);
    return level - below > 0.5 || (level - below === 0.5 && below % 2 === 1) ? below + 1 : below;
  });
}

/** `gatherImages()` on the host: the batch of a step out of pictures of one shape. */
export function gatherImagesReference(
  images: Uint8Array,
  [length, height, width, channels]: readonly [number, number, number, number],
  step: number,
  { shuffle, flip }: GatherImagesOptions = {},
): Float64Array {
  const each = height * width * channels;
  const batch = shuffle?.batch ?? length;
  const output = new Float64Array(batch * each);
  for (let position = 0; position < batch; position++) {
    const place = step * batch + position;
    const epoch = Math.floor(place / length);
    const picture = shuffle ? permuted(place % length, length, { seed: shuffle.seed, epoch }) : position;
    const mirrored = flip !== undefined && randomBits(flip.seed, flip.stream ?? 0, step, position) % 2 === 1;
    for (let at = 0; at < each; at++) {
      const channel = at % channels;
      const x = Math.floor(at / channels) % width;
      const source = mirrored ? at - channel - x * channels + (width - 1 - x) * channels + channel : at;
      output[position * each + at] = images[picture * each + source]! / 127.5 - 1;
    }
  }
  return output;
}

/** `upsampleNearest()` on the host. */
export function upsampleNearestReference(x: Float64Array, images: ImageShape, scale: number): Float64Array {
  const { batch, height, width, channels } = images;
  const y = new Float64Array(x.length * scale * scale);
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let row = 0; row < height * scale; row++) {
      for (let column = 0; column < width * scale; column++) {
        const pixel = (n * height + Math.floor(row / scale)) * width + Math.floor(column / scale);
        for (let c = 0; c < channels; c++) y[at++] = x[pixel * channels + c]!;
      }
    }
  }
  return y;
}

/** `avgPool2d()` on the host. */
export function avgPool2dReference(
  x: Float64Array,
  images: ImageShape,
  options: AvgPool2dOptions,
): Float64Array {
  const { batch, height, width, channels } = images;
  const { kernel: size, stride = size, padding = 0 } = options;
  const [rows, columns] = [height, width].map((extent) =>
    Math.floor((extent + 2 * padding - size) / stride) + 1
  ) as [number, number];
  const y = new Float64Array(batch * rows * columns * channels);
  for (let place = 0; place < y.length; place++) {
    const channel = place % channels;
    const column = Math.floor(place / channels) % columns;
    const row = Math.floor(place / channels / columns) % rows;
    const image = Math.floor(place / channels / columns / rows);
    let [sum, inside] = [0, 0];
    for (let dy = 0; dy < size; dy++) {
      for (let dx = 0; dx < size; dx++) {
        const [v, u] = [row * stride - padding + dy, column * stride - padding + dx];
        if (v < 0 || v >= height || u < 0 || u >= width) continue;
        sum += x[((image * height + v) * width + u) * channels + channel]!;
        inside++;
      }
    }
    y[place] = sum / (options.countIncludePad ?? true ? size * size : inside);
  }
  return y;
}

/** `globalAvgPool2d()` on the host. */
export function globalAvgPool2dReference(x: Float64Array, images: ImageShape): Float64Array {
  const { batch, height, width, channels } = images;
  const pixels = height * width;
  const y = new Float64Array(batch * channels);
  for (const [index, value] of x.entries()) {
    y[Math.floor(index / channels / pixels) * channels + index % channels]! += value / pixels;
  }
  return y;
}

/** `maxPool2d()` on the host. */
export function maxPool2dReference(
  x: Float64Array,
  { batch, height, width, channels }: ImageShape,
  { kernel, stride = kernel, padding = 0 }: WindowOptions,
): Float64Array {
  const extent = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  const [rows, columns] = [extent(height), extent(width)];
  const y = new Float64Array(batch * rows * columns * channels).fill(-Infinity);
  for (const at of y.keys()) {
    const [channel, pixel] = [at % channels, Math.floor(at / channels)];
    const [column, row] = [pixel % columns, Math.floor(pixel / columns) % rows];
    const image = Math.floor(pixel / columns / rows);
    for (let i = row * stride - padding; i < row * stride - padding + kernel; i++) {
      for (let j = column * stride - padding; j < column * stride - padding + kernel; j++) {
        if (i < 0 || i >= height || j < 0 || j >= width) continue;
        y[at] = Math.max(y[at]!, x[((image * height + i) * width + j) * channels + channel]!);
      }
    }
  }
  return y;
}

/** `resizeBilinear()` on the host. */
export function resizeBilinearReference(
  x: Float64Array,
  { batch, height, width, channels }: ImageShape,
  [rows, columns]: readonly [number, number],
): Float64Array {
  const near = (i: number, from: number, to: number) => {
    const s = Math.max(0, (i + 0.5) * from / to - 0.5);
    const first = Math.floor(s);
    return [[first, 1 - (s - first)], [Math.min(first + 1, from - 1), s - first]] as const;
  };
  const y = new Float64Array(batch * rows * columns * channels);
  for (const at of y.keys()) {
    const [channel, pixel] = [at % channels, Math.floor(at / channels)];
    const image = Math.floor(pixel / columns / rows);
    for (const [i, down] of near(Math.floor(pixel / columns) % rows, height, rows)) {
      for (const [j, across] of near(pixel % columns, width, columns)) {
        y[at]! += down * across * x[((image * height + i) * width + j) * channels + channel]!;
      }
    }
  }
  return y;
}
