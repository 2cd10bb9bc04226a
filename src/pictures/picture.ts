/**
 * Channels of a picture: 1 gray, 2 gray and alpha, 3 color, 4 color and alpha. Alpha is not multiplied in.
 */
export type Channels = 1 | 2 | 3 | 4;

/** Whether the last of so many channels is alpha. */
export function hasAlpha(channels: number): boolean {
  return channels === 2 || channels === 4;
}

/** A picture in memory: rows from top to bottom, pixels from left to right, channels side by side (HWC). */
export interface Picture {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** 1: gray; 2: gray and alpha; 3: red, green, blue; 4: red, green, blue and alpha. */
  readonly channels: Channels;
  /** `height * width * channels` values from 0 to 255, in sRGB as files have them. */
  readonly data: Uint8Array;
}

/** Thrown if bytes are not a usable picture; the message says why in one sentence. */
export class PictureError extends Error {
  /** Name of the class. */
  override name = "PictureError";
}

/**
 * Throws unless a picture's numbers agree with each other.
 *
 * @throws {RangeError} if width or height is not a whole number above 0, the channels are not 1 to 4, or the
 * data has another length.
 */
export function checkPicture({ width, height, channels, data }: Picture): void {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1) {
    throw new RangeError(
      `A picture's width and height must be whole numbers above 0, found ${width}x${height}`,
    );
  }
  if (![1, 2, 3, 4].includes(channels)) {
    throw new RangeError(`A picture must have 1 to 4 channels, found ${channels}`);
  }
  const expected = width * height * channels;
  if (data.length !== expected) {
    throw new RangeError(
      `A picture of ${width}x${height} with ${channels} channels must have ${expected} values, found ${data.length}`,
    );
  }
}
