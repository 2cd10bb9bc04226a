import { PictureError } from "../picture.ts";
import { Color, type PngParts } from "../headers/png_header.ts";

/**
 * A part of the picture that is stored on its own: every `dx`-th pixel of every `dy`-th row, from `x` and `y`
 * on.
 */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const wholePass: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];

/** The seven passes of an interlaced PNG. */
const interlacedPasses: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/** What of a header decides how long its pixels are. */
type Layout = Pick<PngParts, "width" | "height" | "depth" | "color" | "interlaced">;

/** Bytes of a picture's pixels once they are unpacked, the filter bytes counted. */
export function rawLength(layout: Layout): number {
  return passesOf(layout).reduce((sum, pass) => {
    const { width, height } = sizeOf(pass, layout);
    return sum + height * (1 + rowLength(width, layout));
  }, 0);
}

/** The passes that hold any pixels. */
function passesOf(layout: Layout): Pass[] {
  return (layout.interlaced ? interlacedPasses : wholePass).filter((pass) => {
    const { width, height } = sizeOf(pass, layout);
    return width > 0 && height > 0;
  });
}

function sizeOf({ x, y, dx, dy }: Pass, { width, height }: Layout): { width: number; height: number } {
  return { width: Math.ceil((width - x) / dx), height: Math.ceil((height - y) / dy) };
}

function rowLength(width: number, { depth, color }: Layout): number {
  return Math.ceil(width * depth * samplesOf(color) / 8);
}

/** Samples of a pixel. */
function samplesOf(color: number): number {
  return { [Color.color]: 3, [Color.colorWithAlpha]: 4, [Color.grayWithAlpha]: 2 }[color] ?? 1;
}

/** Makes pixels of the rows of a PNG as they are unpacked, whatever pieces they come in. */
export class PngRows {
  readonly #parts: PngParts;
  readonly #out: Uint8Array;
  readonly #passes: readonly Pass[];
  /** Bytes from a sample to the same one of the pixel to the left. */
  readonly #step: number;
  /** The row that is filled, with its filter byte in front, and the one above it. */
  #row: Uint8Array;
  #above: Uint8Array;
  #filled = 0;
  #pass = 0;
  /** Number of the row within its pass. */
  #line = 0;

  constructor(parts: PngParts, out: Uint8Array) {
    this.#parts = parts;
    this.#out = out;
    this.#passes = passesOf(parts);
    this.#step = Math.max(1, parts.depth * samplesOf(parts.color) / 8);
    this.#row = new Uint8Array();
    this.#above = new Uint8Array();
    this.#startPass();
  }

  /** Whether all rows were there. */
  get areWhole(): boolean {
    return this.#pass === this.#passes.length;
  }

  /** Takes what was unpacked next; what is left after the last row is passed over. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.areWhole;) {
      const count = Math.min(bytes.length - at, this.#row.length - this.#filled);
      this.#row.set(bytes.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === this.#row.length) this.#endRow();
    }
  }

  #startPass(): void {
    const pass = this.#passes[this.#pass];
    if (pass === undefined) return;
    const length = 1 + rowLength(sizeOf(pass, this.#parts).width, this.#parts);
    this.#row = new Uint8Array(length);
    this.#above = new Uint8Array(length);
    this.#line = 0;
  }

  #endRow(): void {
    const pass = this.#passes[this.#pass]!;
    const { width, height } = sizeOf(pass, this.#parts);
    unfilter(this.#row, this.#above, this.#step);
    const { x, y, dx, dy } = pass;
    const first = 4 * ((y + this.#line * dy) * this.#parts.width + x);
    writeRow(this.#parts, this.#row.subarray(1), width, this.#out, first, 4 * dx);
    [this.#row, this.#above] = [this.#above, this.#row];
    this.#filled = 0;
    if (++this.#line < height) return;
    this.#pass++;
    this.#startPass();
  }
}

/** Undoes what made the row easier to pack. Both rows have a filter byte in front. */
function unfilter(row: Uint8Array, above: Uint8Array, step: number): void {
  const { length } = row;
  switch (row[0]) {
    case 0:
      return;
    case 1:
      for (let i = 1 + step; i < length; i++) row[i] = row[i]! + row[i - step]!;
      return;
    case 2:
      for (let i = 1; i < length; i++) row[i] = row[i]! + above[i]!;
      return;
    case 3:
      for (let i = 1; i <= step && i < length; i++) row[i] = row[i]! + (above[i]! >> 1);
      for (let i = 1 + step; i < length; i++) row[i] = row[i]! + (row[i - step]! + above[i]! >> 1);
      return;
    case 4:
      for (let i = 1; i <= step && i < length; i++) row[i] = row[i]! + above[i]!;
      for (let i = 1 + step; i < length; i++) {
        const left = row[i - step]!;
        const up = above[i]!;
        const corner = above[i - step]!;
        const toLeft = Math.abs(up - corner);
        const toUp = Math.abs(left - corner);
        const toCorner = Math.abs(left + up - 2 * corner);
        row[i] = row[i]! + (toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
      }
      return;
    default:
      throw new PictureError(`a row has filter ${row[0]}, which there is not`);
  }
}

/** Writes a row's pixels as red, green, blue and alpha, from `to` on and `step` bytes apart. */
function writeRow(
  { depth, color, palette, transparent }: PngParts,
  row: Uint8Array,
  width: number,
  out: Uint8Array,
  to: number,
  step: number,
): void {
  // Of 16 bits the upper 8 are taken
  const wide = depth === 16 ? 2 : 1;
  switch (color) {
    case Color.palette:
      for (let x = 0; x < width; x++, to += step) {
        const index = sampleAt(row, x, depth);
        out[to] = palette![3 * index] ?? 0;
        out[to + 1] = palette![3 * index + 1] ?? 0;
        out[to + 2] = palette![3 * index + 2] ?? 0;
        out[to + 3] = transparent?.[index] ?? 255;
      }
      return;
    case Color.gray: {
      const most = 2 ** Math.min(8, depth) - 1;
      const clear = transparent && transparent.length >= 2 ? transparent[0]! * 256 + transparent[1]! : -1;
      for (let x = 0; x < width; x++, to += step) {
        const level = depth === 16 ? row[2 * x]! : sampleAt(row, x, depth);
        out[to] = out[to + 1] = out[to + 2] = level * 255 / most;
        out[to + 3] = clear === (depth === 16 ? level * 256 + row[2 * x + 1]! : level) ? 0 : 255;
      }
      return;
    }
    default: {
      const samples = samplesOf(color);
      const [green, blue] = samples < 3 ? [0, 0] : [wide, 2 * wide];
      const alpha = samples % 2 === 0 ? (samples - 1) * wide : undefined;
      const clear = color === Color.color && transparent && transparent.length >= 6 ? transparent : undefined;
      for (let x = 0, from = 0; x < width; x++, from += samples * wide, to += step) {
        out[to] = row[from]!;
        out[to + 1] = row[from + green]!;
        out[to + 2] = row[from + blue]!;
        if (alpha !== undefined) out[to + 3] = row[from + alpha]!;
        else out[to + 3] = clear && isClear(row, from, wide, clear) ? 0 : 255;
      }
    }
  }
}

/** A sample of up to 8 bits, the first in the uppermost bits. */
function sampleAt(row: Uint8Array, x: number, depth: number): number {
  if (depth === 8) return row[x]!;
  const bit = x * depth;
  return row[bit >> 3]! >> 8 - depth - (bit & 7) & (1 << depth) - 1;
}

/** Whether a pixel has the one color that is transparent, given with 16 bits a channel. */
function isClear(row: Uint8Array, from: number, wide: number, clear: Uint8Array): boolean {
  for (let c = 0; c < 3; c++) {
    const upper = wide === 2 ? row[from + 2 * c]! : 0;
    const lower = row[from + c * wide + wide - 1]!;
    if (clear[2 * c] !== upper || clear[2 * c + 1] !== lower) return false;
  }
  return true;
}
