import { expectKnownOptions } from "../../gpu/mod.ts";
import type { Picture } from "../../pictures/mod.ts";
import type { HistoryCurve } from "../numbers/history.ts";
import { drawPanel } from "./panel.ts";
import { CURVE_COLORS } from "./panels.ts";
import { boxesOf, checkSize, MARGIN } from "./plot.ts";
import { rangeOf } from "./range.ts";
import { Raster } from "./raster.ts";

/** Options of {@linkcode plotCurves}. */
export interface PlotCurvesOptions {
  /**
   * Pixels across, 720 at least.
   *
   * @default {960}
   */
  width?: number;
  /**
   * Pixels down, 240 at least.
   *
   * @default {360}
   */
  height?: number;
  /**
   * The heading, printable ASCII.
   *
   * @default {""}
   */
  title?: string;
}

/** Curves at most, as there are so many colors that everybody tells apart. */
const MOST_CURVES = CURVE_COLORS.length;

/**
 * Draws numbers of your own over the steps: a curve for each key of the rows. The key `step`, if rows have it, is the
 * axis; without it, steps are counted from 1. A row that lacks a key, or has NaN there, leaves a gap.
 *
 * Up to 99 rows are drawn as they are, and more of them pale, with their smoothed course over them. Values far above all
 * others are left outside of the axis, and the plot says so.
 *
 * @param rows A row for each step, in ascending order; none is allowed.
 * @returns Red, green and blue; the same bytes for the same numbers on every machine.
 * @throws {RangeError} if there are more than 6 curves, steps do not ascend, or the picture would be smaller than
 * 720x240 or larger than 8192x8192.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plotCurves, showImages } from "@x/dcgan";
 *
 * const rows = [1, 2, 3].map((step) => ({ step, generator: 3 / step, discriminator: step / 3 }));
 * const picture = plotCurves(rows, { title: "Losses" });
 * assertEquals([picture.width, picture.height], [960, 360]);
 * await showImages(picture); // at the end of a notebook's cell, it shows the plot
 * ```
 */
export function plotCurves(
  rows: readonly Readonly<Record<string, number | undefined>>[],
  options: PlotCurvesOptions = {},
): Picture {
  expectKnownOptions("plotCurves()", options, { width: true, height: true, title: true });
  const { width = 960, height = 360, title = "" } = options;
  checkSize("width", width, 720);
  checkSize("height", height, 240);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== "step");
  if (names.length > MOST_CURVES) {
    throw new RangeError(
      `Cannot draw a plot: rows must have ${MOST_CURVES} keys besides "step" at most, found ${names.length}`,
    );
  }
  const steps = Float64Array.from(rows, (row, i) => row.step ?? i + 1);
  const wrong = steps.findIndex((step, i) => !(step > (steps[i - 1] ?? -Infinity)));
  if (wrong >= 0) {
    throw new RangeError(`Cannot draw a plot: steps must ascend, found ${steps[wrong]} in row ${wrong}`);
  }
  const curves = names.map((label, i) => ({
    label,
    color: CURVE_COLORS[i]!,
    values: curveOf(rows.map((row) => row[label] ?? NaN)),
  }));
  const range = rangeOf(curves.map(({ values }) => values.mean));
  const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 1];
  const ends = first === last ? { first: first - 1, last: last + 1 } : { first, last };
  const raster = new Raster(width, height, [255, 255, 255]);
  const [box] = boxesOf({ ...MARGIN, top: 42 }, { width, height }, 1);
  drawPanel(raster, box!, { title, curves, range }, { steps, ...ends, labelled: true });
  return raster;
}

function curveOf(numbers: readonly number[]): HistoryCurve {
  const mean = Float64Array.from(numbers, (value) => Number.isFinite(value) ? value : NaN);
  return { mean, low: mean, high: mean, weight: mean.map((value) => Number.isNaN(value) ? 0 : 1) };
}
