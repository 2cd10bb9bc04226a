import type { Picture } from "../../../../src/pictures/mod.ts";
import { blend, type Color } from "./palette.ts";

/**
 * Signed distance from a point to the edge of a shape, negative inside; near the edge it must be about right.
 */
export type Shape = (x: number, y: number) => number;

/** Left, top, right and bottom of an area; the whole picture goes from 0 to 1. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** A color, or how it changes along a line. */
export type Paint = Color | Gradient;

/** A color that changes from one point to another, and stays as it is beyond them. */
export interface Gradient {
  /** Where it starts. */
  readonly from: readonly [x: number, y: number];
  /** Where it ends. */
  readonly to: readonly [x: number, y: number];
  /** Color at the start. */
  readonly start: Color;
  /** Color at the end. */
  readonly end: Color;
}

/** Options of {@linkcode Canvas.draw}. */
export interface DrawOptions {
  /**
   * How much it covers, from 0 to 1.
   *
   * @default {1}
   */
  alpha?: number;
  /**
   * Width of the edge where it fades out; never under a pixel, which makes edges smooth (anti-aliased).
   *
   * @default {0}
   */
  soft?: number;
}

/**
 * A square picture that shapes are painted on, one over the other. Uses no function that platforms round
 * differently.
 */
export class Canvas {
  /** Edge in pixels. */
  readonly size: number;
  readonly #levels: Float32Array;

  constructor(size: number) {
    this.size = size;
    this.#levels = new Float32Array(size * size * 3);
  }

  /** Paints a shape, as far as it lies in the box. */
  draw(shape: Shape, [left, top, right, bottom]: Box, paint: Paint, options: DrawOptions = {}): void {
    const { size } = this;
    const { alpha = 1, soft = 0 } = options;
    const pixel = 1 / size;
    const scale = 1 / Math.max(soft, pixel);
    const levels = this.#levels;
    // A pixel counts as soon as its corner may be covered
    const x0 = Math.max(0, Math.floor((left - soft) * size - 1));
    const x1 = Math.min(size, Math.ceil((right + soft) * size + 1));
    const y0 = Math.max(0, Math.floor((top - soft) * size - 1));
    const y1 = Math.min(size, Math.ceil((bottom + soft) * size + 1));
    const { origin, slopeX, slopeY, start, change } = slopeOf(paint);
    for (let row = y0; row < y1; row++) {
      const y = (row + 0.5) * pixel;
      for (let column = x0; column < x1; column++) {
        const x = (column + 0.5) * pixel;
        const inside = 0.5 - shape(x, y) * scale;
        if (inside <= 0) continue;
        const cover = inside < 1 ? inside * alpha : alpha;
        const along = origin + x * slopeX + y * slopeY;
        const t = along < 0 ? 0 : along > 1 ? 1 : along;
        const at = (row * size + column) * 3;
        levels[at] = levels[at]! + (start[0] + change[0] * t - levels[at]!) * cover;
        levels[at + 1] = levels[at + 1]! + (start[1] + change[1] * t - levels[at + 1]!) * cover;
        levels[at + 2] = levels[at + 2]! + (start[2] + change[2] * t - levels[at + 2]!) * cover;
      }
    }
  }

  /** The picture in color. */
  picture(): Picture {
    const { size } = this;
    const data = new Uint8Array(size * size * 3);
    this.write(data, 3);
    return { width: size, height: size, channels: 3, data };
  }

  /**
   * Writes the picture, rows from the top.
   *
   * @param into `size * size * channels` bytes.
   * @param channels 3 for color, 1 for gray (Rec. 601 luma).
   */
  write(into: Uint8Array, channels: 1 | 3): void {
    const levels = this.#levels;
    if (channels === 3) {
      for (let i = 0; i < levels.length; i++) into[i] = levels[i]! + 0.5;
      return;
    }
    for (let i = 0, at = 0; at < levels.length; i++, at += 3) {
      into[i] = 0.299 * levels[at]! + 0.587 * levels[at + 1]! + 0.114 * levels[at + 2]! + 0.5;
    }
  }
}

/** A paint as `start + change * t`, `t` a linear function of the place. */
function slopeOf(paint: Paint) {
  if (!("from" in paint)) {
    return { origin: 0, slopeX: 0, slopeY: 0, start: paint, change: [0, 0, 0] as const };
  }
  const { from, to, start, end } = paint;
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const length = dx * dx + dy * dy;
  const slopeX = dx / length;
  const slopeY = dy / length;
  const change: Color = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
  return { origin: -from[0] * slopeX - from[1] * slopeY, slopeX, slopeY, start, change };
}

const WHITE: Color = [255, 252, 244];
const SHADOW: Color = [58, 30, 60];

/** A gradient over a box that makes a color lighter at its top left and darker at its bottom right. */
export function lit(color: Color, [left, top, right, bottom]: Box, amount = 1): Gradient {
  return {
    from: [left, top],
    to: [left + (right - left) * 0.8, bottom],
    start: blend(color, WHITE, 0.2 * amount),
    end: blend(color, SHADOW, 0.22 * amount),
  };
}
