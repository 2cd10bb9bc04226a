import { toGray, toRgb, writeRgb } from "./convert.ts";
import { checkPicture, type Picture } from "./picture.ts";

/** For one axis: output `i` is the sum of `weights[i * taps + k] * input[starts[i] + k]`. */
interface Taps {
  readonly starts: Int32Array;
  readonly taps: number;
  readonly weights: Float64Array;
}

/**
 * The largest square of a picture: in its middle, or at `place` along its longer side, from 0 (left or top) to 1 (right
 * or bottom), rounded to the left or top.
 *
 * @throws {RangeError} if the place is not from 0 to 1.
 */
export function cropSquare(picture: Picture, place = 0.5): Picture {
  const { width, height, channels, data } = picture;
  const { side, left, top } = squareAt(picture, place);
  if (width === height) return picture;
  const out = new Uint8Array(side * side * channels);
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * width + left) * channels;
    out.set(data.subarray(from, from + side * channels), y * side * channels);
  }
  return { width: side, height: side, channels, data: out };
}

/** Edge and place of that square. */
function squareAt(
  { width, height }: Picture,
  place: number,
): { side: number; left: number; top: number } {
  if (!(place >= 0 && place <= 1)) {
    throw new RangeError(`The place of a square must be from 0 to 1, found ${place}`);
  }
  const side = Math.min(width, height);
  return { side, left: Math.floor((width - side) * place), top: Math.floor((height - side) * place) };
}

/**
 * Resizes a picture, each axis on its own. A smaller axis is averaged over area: every output pixel is the mean of the
 * input that it covers, pixels at the border counted by the exact part that is covered. A larger axis is interpolated
 * linearly between pixel centers. Values are taken as they are, in sRGB, and rounded once at the end.
 *
 * @param picture 1 or 3 channels; for 4, compose the alpha first.
 * @param width Pixels across of the result.
 * @param height Pixels down of the result.
 * @returns The picture itself if it has that size already.
 * @throws {RangeError} if a size is not a whole number above 0, or there are 4 channels.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { resizePicture } from "./mod.ts";
 *
 * const picture = { width: 3, height: 1, channels: 1, data: Uint8Array.of(0, 90, 240) } as const;
 * assertEquals(resizePicture(picture, 2, 1).data, Uint8Array.of(30, 190));
 * ```
 */
export function resizePicture(picture: Picture, width: number, height: number): Picture {
  const { channels, data } = picture;
  checkSizes(picture, width, height);
  if (channels === 4) {
    throw new RangeError("A picture with alpha cannot be resized; compose it with toRgb() first");
  }
  if (picture.width === width && picture.height === height) return picture;
  const length = picture.width * channels;
  const rowOf = (y: number) => data.subarray(y * length, (y + 1) * length);
  return resizeRows(rowOf, picture, width, height);
}

/** Throws unless a picture is one, and its new size can be. */
function checkSizes(picture: Picture, width: number, height: number): void {
  checkPicture(picture);
  for (const side of [width, height]) {
    if (!Number.isSafeInteger(side) || side < 1) {
      throw new RangeError(`A picture's new size must be whole numbers above 0, found ${width}x${height}`);
    }
  }
}

/**
 * Resizes a picture of which one row is there at a time.
 *
 * @param rowOf A row, from the top; it may reuse the memory of the row before.
 * @param from Size and channels of the picture.
 */
function resizeRows(
  rowOf: (y: number) => Uint8Array,
  from: Omit<Picture, "data">,
  width: number,
  height: number,
): Picture {
  const { channels } = from;
  const across = axisTaps(from.width, width);
  const down = axisTaps(from.height, height);
  const stride = width * channels;
  const narrow = new Float32Array(from.height * stride);
  for (let y = 0, to = 0; y < from.height; y++) {
    const row = rowOf(y);
    for (let x = 0; x < width; x++) {
      const first = across.starts[x]! * channels;
      for (let c = 0; c < channels; c++, to++) {
        let sum = 0;
        for (let k = 0, w = x * across.taps, from = first + c; k < across.taps; k++, w++, from += channels) {
          sum += across.weights[w]! * row[from]!;
        }
        narrow[to] = sum;
      }
    }
  }
  const out = new Uint8Array(height * stride);
  for (let y = 0, to = 0; y < height; y++) {
    const first = down.starts[y]! * stride;
    for (let i = 0; i < stride; i++, to++) {
      let sum = 0;
      for (let k = 0, w = y * down.taps, from = first + i; k < down.taps; k++, w++, from += stride) {
        sum += down.weights[w]! * narrow[from]!;
      }
      out[to] = Math.min(255, Math.floor(sum + 0.5));
    }
  }
  return { width, height, channels, data: out };
}

/** How a picture is made ready for training. */
export interface FitPictureOptions {
  /** Edge of the square result, in pixels. */
  size: number;
  /** 1 for gray, 3 for color. */
  channels: 1 | 3;
  /**
   * Where along the longer side the square is cut out: 0 is left or top, 1 right or bottom.
   *
   * @default {0.5}
   */
  crop?: number;
}

/**
 * Makes a picture ready for training: its largest square, alpha composed over white, averaged over area (or
 * interpolated if it is too small) to the size, and gray if that is wanted.
 *
 * @returns A picture of `size` x `size` x `channels`.
 */
export function fitPicture(picture: Picture, { size, channels, crop = 0.5 }: FitPictureOptions): Picture {
  const color = fitColor(picture, size, crop);
  return channels === 1 ? toGray(color) : color;
}

/** Goes row by row, so that a picture of many megapixels is not copied once for each thing that is done to it. */
function fitColor(picture: Picture, size: number, crop: number): Picture {
  checkSizes(picture, size, size);
  const { width, channels, data } = picture;
  const { side, left, top } = squareAt(picture, crop);
  if (side === size) return toRgb(cropSquare(picture, crop));
  const row = new Uint8Array(3 * side);
  const rowOf = (y: number) => {
    writeRgb(data, ((top + y) * width + left) * channels, channels, row);
    return row;
  };
  return resizeRows(rowOf, { width: side, height: side, channels: 3 }, size, size);
}

let latest: { from: number; to: number; taps: Taps } | undefined;

function axisTaps(from: number, to: number): Taps {
  // Both axes of a square, and all pictures of one size, ask for the same
  if (latest?.from !== from || latest.to !== to) {
    latest = { from, to, taps: to < from ? areaTaps(from, to) : linearTaps(from, to) };
  }
  return latest.taps;
}

/** Output `i` covers the input from `i * from / to` to `(i + 1) * from / to`. */
function areaTaps(from: number, to: number): Taps {
  const taps = Math.min(from, Math.ceil(from / to) + 1);
  const starts = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  for (let i = 0; i < to; i++) {
    // Counted in parts of 1 / to of an input pixel, all numbers are whole and so exact
    const begin = i * from;
    const end = begin + from;
    const start = Math.min(Math.floor(begin / to), from - taps);
    starts[i] = start;
    for (let k = 0; k < taps; k++) {
      const covered = Math.min(end, (start + k + 1) * to) - Math.max(begin, (start + k) * to);
      weights[i * taps + k] = Math.max(0, covered) / from;
    }
  }
  return { starts, taps, weights };
}

/** Output `i` looks at the input at `(i + 1/2) * from / to - 1/2`, held at the border. */
function linearTaps(from: number, to: number): Taps {
  const taps = Math.min(from, 2);
  const starts = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((2 * i + 1) * from - to) / (2 * to)));
    const start = Math.min(Math.floor(at), from - taps);
    starts[i] = start;
    weights[i * taps] = 1 - (at - start);
    if (taps === 2) weights[i * taps + 1] = at - start;
  }
  return { starts, taps, weights };
}
