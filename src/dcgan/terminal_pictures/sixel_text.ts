import type { Picture } from "../../pictures/mod.ts";

/** Rows of pixels that a row of sixels has. */
const ROWS = 6;

/** Colors of a picture: how many levels red, green and blue have. */
const COLORS = [6, 7, 6] as const;

/** Levels of a gray picture. */
const GRAYS = 64;

/** Bayer's matrix of ordered dithering, 4x4: what is between two levels becomes a pattern of both. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5] as const;

/** Repeats that are shorter as a number and a letter than as letters. */
const LEAST_RUN = 4;

/**
 * A picture of 3 channels as sixels (DEC STD 070): its size, its colors as percent of red, green and blue,
 * and for each six rows a pass for each color in them. Takes at most 7 letters a pixel, and the colors.
 */
export function sixelText(picture: Picture): string {
  const { width, height } = picture;
  const { indices, palette } = quantize(picture);
  const colors = palette.map((color, i) => `#${i};2;${color.map(percent).join(";")}`);
  const bands: string[] = [];
  for (let top = 0; top < height; top += ROWS) {
    bands.push(bandText(indices.subarray(top * width, Math.min(height, top + ROWS) * width), width));
  }
  return `\x1bPq"1;1;${width};${height}${colors.join("")}${bands.join("-")}\x1b\\`;
}

/** Six rows: the sixels of each color, one over the other. */
function bandText(indices: Uint8Array, width: number): string {
  const passes = new Map<number, Uint8Array>();
  indices.forEach((color, at) => {
    let pass = passes.get(color);
    if (!pass) passes.set(color, pass = new Uint8Array(width));
    pass[at % width]! |= 1 << Math.floor(at / width);
  });
  return [...passes].map(([color, pass]) => `#${color}${runsText(pass)}`).join("$");
}

/** Sixels as letters from `?` on, repeats as their number; empty ones at the end are left out. */
function runsText(sixels: Uint8Array): string {
  let text = "";
  for (let at = 0, end = 0; at < sixels.length; at = end) {
    while (end < sixels.length && sixels[end] === sixels[at]) end++;
    if (end === sixels.length && sixels[at] === 0) break;
    const letter = String.fromCharCode(0x3f + sixels[at]!);
    text += end - at < LEAST_RUN ? letter.repeat(end - at) : `!${end - at}${letter}`;
  }
  return text;
}

/** A place in a palette for each pixel. */
function quantize({ width, channels, data }: Picture): { indices: Uint8Array; palette: number[][] } {
  const isGray = data.every((value, i) => value === data[i - i % channels]);
  const levels = isGray ? [GRAYS] : COLORS;
  const indices = new Uint8Array(data.length / channels);
  for (let at = 0; at < indices.length; at++) {
    const threshold = (BAYER[Math.floor(at / width) % 4 * 4 + at % width % 4]! + 0.5) / BAYER.length;
    let index = 0;
    for (let channel = 0; channel < levels.length; channel++) {
      const steps = levels[channel]! - 1;
      index = index * levels[channel]! + Math.floor(data[at * channels + channel]! / 255 * steps + threshold);
    }
    indices[at] = index;
  }
  return { indices, palette: isGray ? grays() : colors() };
}

function grays(): number[][] {
  return Array.from({ length: GRAYS }, (_, i) => Array(3).fill(i / (GRAYS - 1)));
}

function colors(): number[][] {
  const [reds, greens, blues] = COLORS;
  return Array.from({ length: reds * greens * blues }, (_, i) => [
    Math.floor(i / (greens * blues)) / (reds - 1),
    Math.floor(i / blues) % greens / (greens - 1),
    i % blues / (blues - 1),
  ]);
}

function percent(value: number): number {
  return Math.round(100 * value);
}
