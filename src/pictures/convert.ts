import { hasAlpha, type Picture } from "./picture.ts";

/**
 * The picture with 3 channels. Alpha is composed over white, `round(alpha * value + (1 - alpha) * 255)`; gray
 * is repeated.
 *
 * @returns The picture itself if it has 3 channels already.
 */
export function toRgb(picture: Picture): Picture {
  const { width, height, channels, data } = picture;
  if (channels === 3) return picture;
  const out = new Uint8Array(width * height * 3);
  writeRgb(data, 0, channels, out);
  return { width, height, channels: 3, data: out };
}

/**
 * Makes pixels of 1 to 4 channels into pixels of 3, as {@linkcode toRgb} does, until `out` is full.
 *
 * @param from Where the first pixel is.
 */
export function writeRgb(
  data: Uint8Array,
  from: number,
  channels: Picture["channels"],
  out: Uint8Array,
): void {
  if (channels === 3) {
    out.set(data.subarray(from, from + out.length));
    return;
  }
  // Where green and blue are, from red on
  const [green, blue] = channels === 4 ? [1, 2] : [0, 0];
  for (let to = 0; to < out.length; from += channels, to += 3) {
    out[to] = data[from]!;
    out[to + 1] = data[from + green]!;
    out[to + 2] = data[from + blue]!;
    const alpha = hasAlpha(channels) ? data[from + channels - 1]! : 255;
    if (alpha === 255) continue;
    const white = 255 * (255 - alpha);
    for (let c = 0; c < 3; c++) out[to + c] = Math.round((alpha * out[to + c]! + white) / 255);
  }
}

/**
 * The picture with 1 channel: Rec. 601 luma, `round(0.299 red + 0.587 green + 0.114 blue)`. Alpha is composed
 * over white first.
 *
 * @returns The picture itself if it has 1 channel already.
 */
export function toGray(picture: Picture): Picture {
  if (picture.channels === 1) return picture;
  const { width, height, data } = toRgb(picture);
  const out = new Uint8Array(width * height);
  for (let from = 0, to = 0; to < out.length; from += 3, to++) {
    out[to] = Math.round((299 * data[from]! + 587 * data[from + 1]! + 114 * data[from + 2]!) / 1000);
  }
  return { width, height, channels: 1, data: out };
}

/** The picture with 4 channels: gray is repeated, and everything opaque if there was no alpha. */
export function toRgba(picture: Picture): Picture {
  if (picture.channels === 4) return picture;
  const { width, height, channels, data } = picture;
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
  const out = new Uint8Array(width * height * 4);
  for (let from = 0, to = 0; to < out.length; from += channels, to += 4) {
    out[to] = data[from]!;
    out[to + 1] = data[from + green]!;
    out[to + 2] = data[from + blue]!;
    out[to + 3] = hasAlpha(channels) ? data[from + channels - 1]! : 255;
  }
  return { width, height, channels: 4, data: out };
}
