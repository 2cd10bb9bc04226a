import {
  enlarge,
  gridProblem,
  type ImageSize,
  imageSizeOf,
  type Picture,
  sidesOf,
  toRgb,
} from "../../pictures/mod.ts";
import { type Box, type Color, Raster } from "../plot/raster.ts";
import { drawText, measureText } from "../plot/text.ts";
import type { PictureShape } from "../sampling/write_samples.ts";

/** Shorter side that small pictures are enlarged to, by a whole factor: smaller ones could hardly be seen. */
const LEAST_SIDE = 56;

/** Pixels between pictures and around them. */
const GAP = 6;

/** Height of capitals, and of a line of text. */
const TEXT = { capital: 8, line: 14 };

const WHITE: Color = [255, 255, 255];
const INK: Color = [60, 60, 60];

/** How a {@linkcode Sheet} is laid out. */
export interface SheetLayout {
  /** Pictures side by side. */
  readonly columns: number;
  /** Rows of pictures. */
  readonly rows: number;
  /** Texts left of the rows; the longest says how wide that column is. */
  readonly left?: readonly string[];
  /** Texts above the columns. */
  readonly above?: readonly string[];
  /**
   * Lines of text under each picture.
   *
   * @default {0}
   */
  readonly captions?: number;
}

/** Pictures of one shape in rows and columns, with texts beside them. */
export class Sheet {
  readonly #raster: Raster;
  readonly #shape: PictureShape;
  readonly #scale: number;
  readonly #left: number;
  readonly #top: number;
  readonly #captions: number;

  /**
   * An empty sheet.
   *
   * @param action What cannot be done if it were too large, to follow "Cannot".
   * @throws {RangeError} if it would have more pixels than a grid of pictures may have.
   */
  constructor(shape: PictureShape, layout: SheetLayout, action: string) {
    const { columns, rows, left = [], above = [], captions = 0 } = layout;
    this.#shape = shape;
    this.#captions = captions;
    this.#scale = scaleOf(shape);
    const { width, height } = this.#cell;
    const problem = gridProblem(columns * rows, imageSizeOf({ width, height }));
    if (problem) throw new RangeError(`Cannot ${action}: pictures in it ${problem}. Ask for fewer`);
    const widest = left.reduce((most, text) => Math.max(most, measureText(text, TEXT.capital)), 0);
    this.#left = widest === 0 ? 0 : widest + GAP;
    this.#top = above.length === 0 ? 0 : TEXT.line;
    this.#raster = new Raster(
      this.#left + columns * width + GAP,
      this.#top + rows * height + GAP,
      WHITE,
    );
    for (const [row, text] of left.entries()) {
      const { top, bottom } = this.#boxOf(0, row);
      this.#write(text, this.#left, Math.round((top + bottom + TEXT.capital) / 2), "right");
    }
    for (const [column, text] of above.entries()) {
      const { left, right } = this.#boxOf(column, 0);
      this.#write(text, (left + right) / 2, this.#top, "centre");
    }
  }

  /** Pixels of a picture with its captions and one gap. */
  get #cell(): { width: number; height: number } {
    return {
      width: this.#shape.width * this.#scale + GAP,
      height: this.#shape.height * this.#scale + GAP + this.#captions * TEXT.line,
    };
  }

  /** Puts a picture at a place, with a line of text for each of `captions` under it. */
  place(data: Uint8Array, column: number, row: number, captions: readonly string[] = []): void {
    const box = this.#boxOf(column, row);
    const large = enlarge(toRgb({ ...this.#shape, data }), this.#scale);
    const wide = large.width * 3;
    for (let y = 0; y < large.height; y++) {
      const to = ((box.top + y) * this.#raster.width + box.left) * 3;
      this.#raster.data.set(large.data.subarray(y * wide, (y + 1) * wide), to);
    }
    for (const [line, text] of captions.slice(0, this.#captions).entries()) {
      this.#write(text, (box.left + box.right) / 2, box.bottom + (line + 1) * TEXT.line - 3, "centre");
    }
  }

  /** Draws a frame around a picture. */
  frame(column: number, row: number, color: Color = INK): void {
    const { left, top, right, bottom } = this.#boxOf(column, row);
    const around = { left: left - 2, top: top - 2, right: right + 2, bottom: bottom + 2 };
    this.#raster.fill({ ...around, bottom: top }, color);
    this.#raster.fill({ ...around, top: bottom }, color);
    this.#raster.fill({ ...around, right: left }, color);
    this.#raster.fill({ ...around, left: right }, color);
  }

  /** Writes a text in the middle of a place where there is no picture, such as a sign. */
  sign(text: string, column: number, row: number): void {
    const { left, top, right, bottom } = this.#boxOf(column, row);
    this.#write(text, (left + right) / 2, Math.round((top + bottom + TEXT.capital) / 2), "centre");
  }

  /** All of it. */
  get picture(): Picture {
    return this.#raster;
  }

  #boxOf(column: number, row: number): Box {
    const { width, height } = this.#cell;
    const left = this.#left + GAP + column * width;
    const top = this.#top + GAP + row * height;
    return {
      left,
      top,
      right: left + this.#shape.width * this.#scale,
      bottom: top + this.#shape.height * this.#scale,
    };
  }

  #write(text: string, x: number, baseline: number, align: "left" | "centre" | "right"): void {
    drawText(this.#raster, text, x, baseline, { color: INK, height: TEXT.capital, thickness: 1.1, align });
  }
}

function scaleOf({ width, height }: PictureShape): number {
  return Math.max(1, Math.ceil(LEAST_SIDE / Math.min(width, height)));
}

/** The shape of a generator's pictures, for a sheet. */
export function sheetShape(
  { size, channels }: { readonly size: ImageSize; readonly channels: number },
): PictureShape {
  return { ...sidesOf(size), channels: channels as Picture["channels"] };
}
