import type { Picture } from "../../pictures/mod.ts";

/** Red, green and blue from 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** A part of a raster, in pixels: `left` and `top` belong to it, `right` and `bottom` do not. */
export interface Box {
  /** First column. */
  readonly left: number;
  /** First row. */
  readonly top: number;
  /** Column after the last. */
  readonly right: number;
  /** Row after the last. */
  readonly bottom: number;
}

/** Pixels to draw on. Positions are in pixels from the top left corner; the centre of the first pixel is at 0.5, 0.5. */
export class Raster implements Picture {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** Red, green, blue. */
  readonly channels = 3;
  /** `height * width * 3` values. */
  readonly data: Uint8Array;

  /** A raster of one color. */
  constructor(width: number, height: number, background: Color) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3);
    for (let at = 0; at < this.data.length; at += 3) this.data.set(background, at);
  }

  /** The whole of it. */
  get box(): Box {
    return { left: 0, top: 0, right: this.width, bottom: this.height };
  }

  /** Lays a color over a pixel; opacity 1 replaces what was there. */
  blend(x: number, y: number, [red, green, blue]: Color, opacity: number): void {
    const at = (y * this.width + x) * 3;
    const { data } = this;
    data[at] = Math.round(data[at]! + (red - data[at]!) * opacity);
    data[at + 1] = Math.round(data[at + 1]! + (green - data[at + 1]!) * opacity);
    data[at + 2] = Math.round(data[at + 2]! + (blue - data[at + 2]!) * opacity);
  }

  /** Fills whole pixels. */
  fill({ left, top, right, bottom }: Box, color: Color): void {
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) this.blend(x, y, color, 1);
    }
  }

  /** Fills one column of pixels between two heights, its ends by the share of the pixel that they cover. */
  fillColumn(x: number, top: number, bottom: number, color: Color, opacity: number, clip: Box): void {
    if (x < clip.left || x >= clip.right) return;
    const from = Math.max(top, clip.top);
    const to = Math.min(bottom, clip.bottom);
    for (let y = Math.floor(from); y < to; y++) {
      const covered = Math.min(to, y + 1) - Math.max(from, y);
      if (covered > 0) this.blend(x, y, color, opacity * covered);
    }
  }
}
