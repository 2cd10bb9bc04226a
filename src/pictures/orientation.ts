import type { Picture } from "./picture.ts";

/**
 * Turns and mirrors a picture by EXIF's orientation, so that it is upright.
 *
 * @param picture Any picture.
 * @param orientation From 1 (nothing to do) to 8, as EXIF counts: 3 is upside down, 6 and 8 lie on a side,
 * the even ones up to 4 and the odd ones from 5 are mirrored.
 * @returns The picture itself for 1, else a new one.
 */
export function orientPicture(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const { width, height, channels, data } = picture;
  const swapped = orientation >= 5;
  // As stored, the first row is at the bottom for 3, 4, 7, 8 once upright (at the side for 7 and 8), the
  // first column at the right for 2, 3, 6, 7
  const flipRows = orientation === 3 || orientation === 4 || orientation === 7 || orientation === 8;
  const flipColumns = orientation === 2 || orientation === 3 || orientation === 6 || orientation === 7;
  const outWidth = swapped ? height : width;
  const outHeight = swapped ? width : height;
  const out = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const column = flipColumns ? outWidth - 1 - x : x;
      const row = flipRows ? outHeight - 1 - y : y;
      const from = channels * (swapped ? column * width + row : row * width + column);
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return { width: outWidth, height: outHeight, channels, data: out };
}
