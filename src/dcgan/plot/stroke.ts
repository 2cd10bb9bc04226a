import type { Box, Color, Raster } from "./raster.ts";

/** A position in pixels. */
export type Point = readonly [x: number, y: number];

/** Points joined by straight lines; a single point is a dot. */
export type Path = readonly Point[];

/** How {@linkcode strokePaths} draws. */
export interface StrokeStyle {
  /** Color of the line. */
  readonly color: Color;
  /** Thickness in pixels; ends and joints are round. */
  readonly thickness: number;
  /**
   * 0 is invisible, 1 covers what is below.
   *
   * @default {1}
   */
  readonly opacity?: number;
  /** Nothing is drawn outside it; the whole raster if not given. */
  readonly clip?: Box;
}

/**
 * Draws lines with smooth edges: a pixel takes `thickness / 2 + 1/2 - distance` of the color, within 0 and 1, with the
 * distance from its centre to the nearest line. All paths are one shape: where they cross or join, nothing is laid on
 * twice.
 */
export function strokePaths(raster: Raster, paths: readonly Path[], style: StrokeStyle): void {
  const { color, thickness, opacity = 1, clip = raster.box } = style;
  const reach = thickness / 2 + 0.5;
  const area = within(around(paths.flat(), reach), clip);
  const width = area.right - area.left;
  if (width <= 0 || area.bottom <= area.top) return;
  const cover = new Float32Array(width * (area.bottom - area.top));
  for (const path of paths) {
    for (let i = 0; i < Math.max(1, path.length - 1); i++) {
      coverSegment(cover, area, path[i]!, path[i + 1] ?? path[i]!, reach);
    }
  }
  for (let y = area.top, at = 0; y < area.bottom; y++) {
    for (let x = area.left; x < area.right; x++, at++) {
      if (cover[at]! > 0) raster.blend(x, y, color, cover[at]! * opacity);
    }
  }
}

/** Raises the cover of each pixel near a segment to what the segment gives it. */
function coverSegment(cover: Float32Array, area: Box, from: Point, to: Point, reach: number): void {
  const { left, top, right, bottom } = within(around([from, to], reach), area);
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const squared = dx * dx + dy * dy || 1;
  for (let y = top; y < bottom; y++) {
    const py = y + 0.5 - from[1];
    for (let x = left; x < right; x++) {
      const px = x + 0.5 - from[0];
      const along = Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
      const covered = reach - Math.hypot(px - along * dx, py - along * dy);
      const at = (y - area.top) * (area.right - area.left) + x - area.left;
      if (covered > cover[at]!) cover[at] = Math.min(1, covered);
    }
  }
}

/** The pixels within `reach` of any of the points' bounds. */
function around(points: Path, reach: number): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return {
    left: Math.floor(left - reach),
    top: Math.floor(top - reach),
    right: Math.ceil(right + reach),
    bottom: Math.ceil(bottom + reach),
  };
}

function within(a: Box, b: Box): Box {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}
