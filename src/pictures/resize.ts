import { checkPicture, hasAlpha, type Picture } from "./picture.ts";

/** For one axis: output `i` is the sum of `weights[i * taps + k] * input[starts[i] + k]`. */
interface Taps {
  readonly starts: Int32Array;
  readonly taps: number;
  readonly weights: Float64Array;
}

/**
 * Resizes a picture, each axis on its own. A smaller axis is averaged over area: every output pixel is the
 * mean of the input that it covers, pixels at the border counted by the exact part that is covered. A larger
 * axis is interpolated linearly between pixel centers. Values are taken as they are, in sRGB, and rounded
 * once at the end.
 *
 * @param picture 1 or 3 channels; with alpha, compose it first, or see {@linkcode fitPicture}.
 * @param width Pixels across of the result.
 * @param height Pixels down of the result.
 * @returns The picture itself if it has that size already.
 * @throws {RangeError} if a size is not a whole number above 0, or there is alpha.
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
  if (hasAlpha(channels)) {
    throw new RangeError("A picture with alpha cannot be resized; compose it with toRgb() first");
  }
  if (picture.width === width && picture.height === height) return picture;
  const length = picture.width * channels;
  const rowOf = (y: number) => data.subarray(y * length, (y + 1) * length);
  return { width, height, channels, data: rounded(resizeRows(rowOf, picture, width, height)) };
}

/** Throws unless a picture is one, and its new size can be. */
export function checkSizes(picture: Picture, width: number, height: number): void {
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
 * @returns The values of the result, not rounded.
 */
export function resizeRows(
  rowOf: (y: number) => Uint8Array | Float32Array,
  from: Omit<Picture, "data">,
  width: number,
  height: number,
): Float64Array {
  const { channels } = from;
  const across = axisTaps("across", from.width, width);
  const down = axisTaps("down", from.height, height);
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
  const out = new Float64Array(height * stride);
  for (let y = 0, to = 0; y < height; y++) {
    const first = down.starts[y]! * stride;
    for (let i = 0; i < stride; i++, to++) {
      let sum = 0;
      for (let k = 0, w = y * down.taps, from = first + i; k < down.taps; k++, w++, from += stride) {
        sum += down.weights[w]! * narrow[from]!;
      }
      out[to] = sum;
    }
  }
  return out;
}

/** Values as bytes. */
export function rounded(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = Math.min(255, Math.floor(values[i]! + 0.5));
  return bytes;
}

/** The latest of each axis: all pictures of one size ask for the same. */
const latest: { [axis in "across" | "down"]?: { from: number; to: number; taps: Taps } } = {};

function axisTaps(axis: keyof typeof latest, from: number, to: number): Taps {
  const known = latest[axis];
  if (known?.from === from && known.to === to) return known.taps;
  const taps = to < from ? areaTaps(from, to) : linearTaps(from, to);
  latest[axis] = { from, to, taps };
  return taps;
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
