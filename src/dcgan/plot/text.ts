import { glyphOf } from "./glyphs.ts";
import type { Color, Raster } from "./raster.ts";
import { type Path, strokePaths } from "./stroke.ts";

/** Units of the typeface in a capital's height, and between two letters. */
const UNITS = { capital: 14, gap: 4 };

/** How {@linkcode drawText} writes. */
export interface TextStyle {
  /** Color of the letters. */
  readonly color: Color;
  /**
   * Height of a capital in pixels.
   *
   * @default {10}
   */
  readonly height?: number;
  /**
   * Thickness of the pen in pixels.
   *
   * @default {1.3}
   */
  readonly thickness?: number;
  /**
   * Which part of the text is at the position given.
   *
   * @default {"left"}
   */
  readonly align?: "left" | "centre" | "right";
}

/** Pixels from the start of a text to its end. */
export function measureText(text: string, height = 10): number {
  const advances = [...text].map((character) => advanceOf(character, height));
  return Math.max(0, advances.reduce((sum, advance) => sum + advance, 0) - gapOf(height));
}

/** Writes one line of text; `baseline` is the row of pixels that the letters stand on. */
export function drawText(raster: Raster, text: string, x: number, baseline: number, style: TextStyle): void {
  const { color, height = 10, thickness = 1.3, align = "left" } = style;
  const unit = height / UNITS.capital;
  const part = { left: 0, centre: 0.5, right: 1 }[align];
  // Stems and baselines lie on the middle of pixels, which keeps them sharp.
  let pen = Math.round(x - part * measureText(text, height)) + 0.5;
  const paths: Path[] = [];
  for (const character of text) {
    for (const path of glyphOf(character).paths) {
      paths.push(path.map(([u, v]) => [pen + u * unit, baseline + 0.5 + (v - UNITS.capital) * unit]));
    }
    pen += advanceOf(character, height);
  }
  strokePaths(raster, paths, { color, thickness });
}

function advanceOf(character: string, height: number): number {
  return Math.round(glyphOf(character).width * height / UNITS.capital) + gapOf(height);
}

function gapOf(height: number): number {
  return Math.round(UNITS.gap * height / UNITS.capital);
}
