import { type Column, smooth, toColumns } from "./columns.ts";
import type { HistoryCurve } from "../numbers/history.ts";
import type { Range } from "./range.ts";
import type { Box, Color, Raster } from "./raster.ts";
import { type Path, type Point, strokePaths } from "./stroke.ts";

/** One line of a panel. */
export interface Curve {
  /** Name in the legend. */
  readonly label: string;
  /** Color of the line. */
  readonly color: Color;
  /** Its values at each place; those that are not finite leave gaps. */
  readonly values: HistoryCurve;
  /**
   * Drawn as it is however long, since it has no noise.
   *
   * @default {false}
   */
  readonly exact?: boolean;
}

/** Where values and steps lie in a raster. */
export interface Scale {
  /** The frame; nothing is drawn outside. */
  readonly box: Box;
  /** Column of each place, ascending. */
  readonly places: Float64Array;
  /** Row of a value. */
  readonly toY: (value: number) => number;
  /** Values outside are drawn, and averaged, as if they were at its end: one spike must not bend its neighbors. */
  readonly range: Range;
}

/** Curves with fewer steps than this are drawn as they are; others pale, with their smoothed course over them. */
const SMOOTHED_FROM = 100;

/** Standard deviation of smoothing as a share of the number of places. */
const SMOOTHING = 1 / 80;

/** Curves of at most this many steps have a dot at each. */
const DOTTED_TO = 40;

const PALE = 0.28;

/** Whether a run of this many steps is drawn smoothed. */
export function isSmoothed(steps: number): boolean {
  return steps >= SMOOTHED_FROM;
}

/** Steps within one standard deviation on both sides of a smoothed value. */
export function smoothingWindow(steps: number): number {
  return Math.max(2, Math.round(2 * SMOOTHING * steps));
}

/** Draws what lies behind the lines: every value, pale. Nothing for short runs, whose lines show every value. */
export function drawValues(raster: Raster, { color, values, exact = false }: Curve, scale: Scale): void {
  const { box, places, toY, range } = scale;
  if (exact || !isSmoothed(places.length)) return;
  const gather = isCrowded(places, box);
  const columns = toColumns(places, clamp(values, range), gather);
  if (gather) {
    drawBand(raster, columns, scale, color);
  } else {
    const paths = runsOf(columns.map(({ x, mean }) => [x, toY(mean)]));
    strokePaths(raster, paths, { color, thickness: 1, opacity: PALE, clip: box });
  }
}

/** Draws the line: every value of a short run, the smoothed course of a long one. */
export function drawLine(
  raster: Raster,
  { color, values, exact = false }: Curve,
  { box, places, toY, range }: Scale,
): void {
  const columns = toColumns(places, clamp(values, range), isCrowded(places, box));
  const means = columns.map(({ mean }) => mean);
  const course = !exact && isSmoothed(places.length) ? smooth(means, SMOOTHING * columns.length) : means;
  const paths = runsOf(columns.map(({ x }, i) => [x, toY(course[i]!)]));
  strokePaths(raster, paths, { color, thickness: 2, clip: box });
  const dots = places.length <= DOTTED_TO ? paths.flat() : paths.filter(({ length }) => length === 1).flat();
  strokePaths(raster, dots.map((dot) => [dot]), { color, thickness: 6, clip: box });
}

function clamp(values: HistoryCurve, { low, high }: Range): HistoryCurve {
  const each = (part: Float64Array) =>
    part.map((value) => Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : value);
  return { low: each(values.low), high: each(values.high), mean: each(values.mean), weight: values.weight };
}

/** More steps than columns of pixels. */
function isCrowded(places: Float64Array, { left, right }: Box): boolean {
  return places.length > right - left;
}

/** Fills from the least to the greatest value of each column, joined to the column before. */
function drawBand(raster: Raster, columns: readonly Column[], { box, toY }: Scale, color: Color): void {
  for (const [i, { x, low, high }] of columns.entries()) {
    if (Number.isNaN(low)) continue;
    const before = columns[i - 1];
    const joined = before && !Number.isNaN(before.low) ? before : { low, high };
    const top = toY(Math.max(high, joined.low)) - 0.5;
    const bottom = toY(Math.min(low, joined.high)) + 0.5;
    raster.fillColumn(Math.floor(x), top, bottom, color, PALE, box);
  }
}

/** Cuts a line where it has no position. */
function runsOf(points: readonly Point[]): Path[] {
  const runs: Point[][] = [[]];
  for (const point of points) {
    if (Number.isFinite(point[1])) runs.at(-1)!.push(point);
    else if (runs.at(-1)!.length > 0) runs.push([]);
  }
  return runs.filter(({ length }) => length > 0);
}
