import { toGray, toRgb, toRgba, writeRgb } from "./convert.ts";
import { type ImageSides, type ImageSize, sidesOf } from "./image_size.ts";
import { type Channels, hasAlpha, type Picture } from "./picture.ts";
import { checkSizes, resizeRows, rounded } from "./resize.ts";

/** A part of a picture. */
interface Area extends ImageSides {
  /** Pixels to its left. */
  readonly left: number;
  /** Pixels above it. */
  readonly top: number;
}

/**
 * The largest part of a picture whose sides have a ratio: in its middle, or at `place` along the side that is
 * cut, from 0 (left or top) to 1 (right or bottom), rounded to the left or top.
 *
 * @param ratio Sides of that ratio: of any square for the largest square.
 * @throws {RangeError} if the place is not from 0 to 1.
 */
export function cropPicture(picture: Picture, ratio: ImageSides, place = 0.5): Picture {
  const { channels, data } = picture;
  const { width, height, left, top } = areaOf(picture, ratio, place);
  if (width === picture.width && height === picture.height) return picture;
  const row = width * channels;
  const out = new Uint8Array(height * row);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * channels;
    out.set(data.subarray(from, from + row), y * row);
  }
  return { width, height, channels, data: out };
}

/** Where that part is. */
function areaOf(picture: ImageSides, ratio: ImageSides, place: number): Area {
  if (!(place >= 0 && place <= 1)) {
    throw new RangeError(`The place of a crop must be from 0 to 1, found ${place}`);
  }
  const { width, height } = largestOf(picture, ratio);
  return {
    width,
    height,
    left: Math.floor((picture.width - width) * place),
    top: Math.floor((picture.height - height) * place),
  };
}

function largestOf({ width, height }: ImageSides, ratio: ImageSides): ImageSides {
  const fits = (side: number) => Math.max(1, Math.round(side));
  return width * ratio.height > height * ratio.width
    ? { width: fits(height * ratio.width / ratio.height), height }
    : { width, height: fits(width * ratio.height / ratio.width) };
}

/** How a picture is made ready for training. */
export interface FitPictureOptions {
  /** Width and height of the result. */
  size: ImageSize;
  /** Channels of the result: 1 for gray, 3 for color, and one more with alpha. */
  channels: Channels;
  /**
   * Where along the side that is cut the result is taken from: 0 is left or top, 1 right or bottom.
   *
   * @default {0.5}
   */
  crop?: number;
}

/**
 * Makes a picture ready for training: its largest part of the size's ratio, averaged over area (or
 * interpolated if it is too small) to the size, and gray if that is wanted. Alpha is composed over white, or
 * kept if it is wanted: then each pixel counts by its alpha, and those that nothing is seen of become white.
 *
 * @returns A picture of that size with these channels.
 */
export function fitPicture(picture: Picture, { size, channels, crop = 0.5 }: FitPictureOptions): Picture {
  const sides = sidesOf(size);
  checkSizes(picture, sides.width, sides.height);
  const area = areaOf(picture, sides, crop);
  if (!hasAlpha(channels)) {
    const color = fitColor(picture, sides, area, crop);
    return channels === 1 ? toGray(color) : color;
  }
  const color = fitAlpha(picture, sides, area);
  return channels === 4 ? color : withGray(color);
}

/**
 * Goes row by row, so that a picture of many megapixels is not copied once for each thing that is done to it.
 */
function fitColor(picture: Picture, { width, height }: ImageSides, area: Area, crop: number): Picture {
  if (area.width === width && area.height === height) return toRgb(cropPicture(picture, area, crop));
  const { channels, data } = picture;
  const row = new Uint8Array(3 * area.width);
  const rowOf = (y: number) => {
    writeRgb(data, ((area.top + y) * picture.width + area.left) * channels, channels, row);
    return row;
  };
  const from = { width: area.width, height: area.height, channels: 3 } as const;
  return { width, height, channels: 3, data: rounded(resizeRows(rowOf, from, width, height)) };
}

/** As above, of colors times their alpha. */
function fitAlpha(picture: Picture, { width, height }: ImageSides, area: Area): Picture {
  const { channels, data } = picture;
  const row = new Float32Array(4 * area.width);
  const rowOf = (y: number) => {
    const from = ((area.top + y) * picture.width + area.left) * channels;
    const pixels = data.subarray(from, from + area.width * channels);
    const rgba = toRgba({ width: area.width, height: 1, channels, data: pixels }).data;
    for (let at = 0; at < row.length; at += 4) {
      const alpha = rgba[at + 3]!;
      for (let c = 0; c < 3; c++) row[at + c] = alpha * rgba[at + c]!;
      row[at + 3] = alpha;
    }
    return row;
  };
  const from = { width: area.width, height: area.height, channels: 4 } as const;
  const values = resizeRows(rowOf, from, width, height);
  for (let at = 0; at < values.length; at += 4) {
    const alpha = values[at + 3]!;
    for (let c = 0; c < 3; c++) values[at + c] = alpha < 0.5 ? 255 : values[at + c]! / alpha;
  }
  return { width, height, channels: 4, data: rounded(values) };
}

/** Gray and alpha of a picture with color and alpha. */
function withGray({ width, height, data }: Picture): Picture {
  const pixels = width * height;
  const color = new Uint8Array(3 * pixels);
  for (let at = 0; at < pixels; at++) color.set(data.subarray(4 * at, 4 * at + 3), 3 * at);
  const gray = toGray({ width, height, channels: 3, data: color }).data;
  const out = new Uint8Array(2 * pixels);
  for (let at = 0; at < pixels; at++) {
    out[2 * at] = gray[at]!;
    out[2 * at + 1] = data[4 * at + 3]!;
  }
  return { width, height, channels: 2, data: out };
}
