import { type Curve, drawLine, drawValues, type Scale } from "./curve.ts";
import type { Range } from "./range.ts";
import type { Box, Color, Raster } from "./raster.ts";
import { type Point, strokePaths } from "./stroke.ts";
import { drawText, measureText } from "./text.ts";
import { formatNumber, roundTicks, type Ticks } from "./ticks.ts";

/** Colors of everything except curves. */
export const INK: Readonly<Record<"text" | "faint" | "frame" | "grid", Color>> = {
  text: [38, 38, 38],
  faint: [110, 110, 110],
  frame: [120, 120, 120],
  grid: [228, 228, 228],
};

/** One diagram: curves over the same steps, with axes, a title and a legend above. */
export interface Panel {
  /** What it shows. */
  readonly title: string;
  /** Lines, the most important last. */
  readonly curves: readonly Curve[];
  /** Values from bottom to top. */
  readonly range: Range;
  /** A dashed line across, and what it means. */
  readonly reference?: { readonly value: number; readonly label: string };
}

/** The axis of steps, which panels share. */
export interface StepAxis {
  /** Step of each value, ascending. */
  readonly steps: Float64Array;
  /** Step at the left edge. */
  readonly first: number;
  /** Step at the right edge. */
  readonly last: number;
  /** Name, and numbers at the grid lines, below the panel. */
  readonly labelled: boolean;
}

/** Pixels between the frame and the first step. */
const INSET = 8.5;

/** Pixels between one grid line and the next, at least. */
const TICK_SPACING = { x: 90, y: 40 };

/** Draws a panel into the frame given; title, legend and labels lie around it. */
export function drawPanel(raster: Raster, box: Box, panel: Panel, axis: StepAxis): void {
  const { curves, range, reference } = panel;
  const toX = scaleTo(axis.first, axis.last, box.left + INSET, box.right - INSET);
  const toY = scaleTo(range.low, range.high, box.bottom, box.top);
  const most = (pixels: number, spacing: number): number => Math.max(2, Math.floor(pixels / spacing));
  const rows = roundTicks(range.low, range.high, most(box.bottom - box.top, TICK_SPACING.y));
  const columns = roundTicks(axis.first, axis.last, most(box.right - box.left, TICK_SPACING.x), 1);
  drawGrid(raster, box, columns.values.map(toX), rows.values.map(toY));
  if (reference) drawDashes(raster, box, toY(reference.value));
  const scale: Scale = { box, places: axis.steps.map(toX), toY, range };
  for (const curve of curves) drawValues(raster, curve, scale);
  for (const curve of curves) drawLine(raster, curve, scale);
  if (reference && axis.steps.length > 0) labelReference(raster, box, toY(reference.value), reference.label);
  drawFrame(raster, box);
  labelRows(raster, box, rows, toY);
  if (axis.labelled) labelColumns(raster, box, columns, toX);
  drawText(raster, panel.title, box.left, box.top - 12, { color: INK.text, height: 11, thickness: 1.8 });
  drawLegend(raster, box, curves);
  if (axis.steps.length === 0) drawEmpty(raster, box);
  drawOutside(raster, box, range);
}

function scaleTo(low: number, high: number, from: number, to: number): (value: number) => number {
  return (value) => from + (value - low) / (high - low) * (to - from);
}

function drawGrid(raster: Raster, box: Box, columns: readonly number[], rows: readonly number[]): void {
  for (const x of columns) {
    const left = Math.floor(x);
    raster.fill({ ...box, left, right: left + 1 }, INK.grid);
  }
  for (const y of rows) {
    const top = Math.floor(y);
    raster.fill({ ...box, top, bottom: top + 1 }, INK.grid);
  }
}

function drawDashes(raster: Raster, box: Box, y: number): void {
  const top = Math.floor(y);
  for (let left = box.left; left < box.right; left += 10) {
    raster.fill({ left, top, right: Math.min(left + 6, box.right), bottom: top + 1 }, INK.faint);
  }
}

/** At the right, over the line and whatever lies there. */
function labelReference(raster: Raster, box: Box, y: number, label: string): void {
  const style = { color: INK.faint, align: "right" } as const;
  drawText(raster, label, box.right - 12, y - 5, { ...style, color: [255, 255, 255], thickness: 7 });
  drawText(raster, label, box.right - 12, y - 5, style);
}

function drawFrame(raster: Raster, { left, top, right, bottom }: Box): void {
  raster.fill({ left: left - 1, top, right: left, bottom: bottom + 1 }, INK.frame);
  raster.fill({ left: left - 1, top: bottom, right, bottom: bottom + 1 }, INK.frame);
}

function labelRows(
  raster: Raster,
  box: Box,
  { values, labels }: Ticks,
  toY: (value: number) => number,
): void {
  for (const [i, value] of values.entries()) {
    const y = Math.floor(toY(value));
    raster.fill({ left: box.left - 6, top: y, right: box.left - 1, bottom: y + 1 }, INK.frame);
    drawText(raster, labels[i]!, box.left - 11, y + 5, { color: INK.text, align: "right" });
  }
}

function labelColumns(
  raster: Raster,
  box: Box,
  { values, labels }: Ticks,
  toX: (value: number) => number,
): void {
  for (const [i, value] of values.entries()) {
    const x = Math.floor(toX(value));
    raster.fill({ left: x, top: box.bottom + 1, right: x + 1, bottom: box.bottom + 6 }, INK.frame);
    drawText(raster, labels[i]!, x, box.bottom + 21, { color: INK.text, align: "centre" });
  }
  const middle = (box.left + box.right) / 2;
  drawText(raster, "Step", middle, box.bottom + 43, { color: INK.text, align: "centre" });
}

/** From right to left above the frame: name, and a piece of line before it. */
function drawLegend(raster: Raster, box: Box, curves: readonly Curve[]): void {
  let right = box.right;
  for (const { label, color } of curves.toReversed()) {
    drawText(raster, label, right, box.top - 12, { color: INK.text, align: "right" });
    right -= measureText(label) + 8;
    const sample: Point[] = [[right - 20, box.top - 16.5], [right, box.top - 16.5]];
    strokePaths(raster, [sample], { color, thickness: 3 });
    right -= 20 + 18;
  }
}

function drawEmpty(raster: Raster, box: Box): void {
  const x = (box.left + box.right) / 2;
  drawText(raster, "No steps yet", x, box.top + (box.bottom - box.top) / 3, {
    color: INK.faint,
    align: "centre",
  });
}

/** Says that the axis does not show everything. */
function drawOutside(raster: Raster, box: Box, { outside, farthest }: Range): void {
  if (farthest === undefined) return;
  const count = outside === undefined
    ? "values"
    : `${formatNumber(outside, 0)} ${outside === 1 ? "value" : "values"}`;
  const note = `${count} outside, as far as ${formatNumber(farthest, Math.abs(farthest) < 100 ? 1 : 0)}`;
  const style = { color: INK.text, align: "right" } as const;
  drawText(raster, note, box.right - 12, box.top + 20, { ...style, color: [255, 255, 255], thickness: 7 });
  drawText(raster, note, box.right - 12, box.top + 20, style);
}
