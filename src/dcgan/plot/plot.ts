/**
 * The training curves as a picture, drawn pixel by pixel: no canvas, no fonts of the system, the same bytes anywhere.
 *
 * @module
 */
import { expectKnownOptions } from "../../gpu/mod.ts";
import type { Picture } from "../../pictures/mod.ts";
import type { LossName } from "../options/losses.ts";
import type { StepMetrics } from "../run/events.ts";
import type { ScoreName } from "../scores/score.ts";
import type { StepScores } from "../scores/scores_file.ts";
import { isSmoothed, smoothingWindow } from "./curve.ts";
import { drawPanel, INK, type StepAxis } from "./panel.ts";
import { panelsOf, scorePanel } from "./panels.ts";
import { type Box, Raster } from "./raster.ts";
import { drawText } from "./text.ts";
import { formatNumber } from "./ticks.ts";
import { History } from "../numbers/history.ts";

/** Options of {@linkcode plotMetrics}. */
export interface PlotOptions {
  /**
   * Pixels across, 720 at least.
   *
   * @default {960}
   */
  width?: number;
  /**
   * Pixels down, 400 at least.
   *
   * @default {720, and 260 more for each panel besides the first two}
   */
  height?: number;
  /**
   * The heading, printable ASCII.
   *
   * @default {"Training"}
   */
  title?: string;
  /**
   * Scores of some steps, for a panel of their own.
   *
   * @default {[]}
   */
  scores?: readonly StepScores[];
  /**
   * The score that the panel shows.
   *
   * @default {"swd"}
   */
  scoreBy?: ScoreName;
  /**
   * The loss of the run. With `rpgan`, `wasserstein` and `least-squares`, 0.5 is no border, and is not marked.
   *
   * @default {"non-saturating"}
   */
  loss?: LossName;
}

const SMALLEST = { width: 720, height: 400 };
const LARGEST = 8192;

/** Pixels of a panel with what lies around it, and of the rest of a picture. */
const [PANEL_HEIGHT, REST] = [260, 200];

/** Pixels around and between the panels. */
export const MARGIN = { top: 84, left: 70, right: 28, between: 56, bottom: 62 };

/**
 * Draws the losses and the discriminator's probabilities over the steps, and, where a run has them, gradient penalties,
 * learning rates and other values that change, and scores.
 *
 * Up to 99 steps are drawn as they are. Longer runs are drawn pale, with their smoothed course over them; if there
 * are more steps than pixels, the pale part is a band from the least to the greatest value of each column. Values that
 * are not finite leave gaps. Losses far above all others are left outside of the axis, and the panel says so.
 *
 * @param metrics The steps in ascending order; none is allowed.
 * @returns Red, green and blue; the same bytes for the same numbers on every machine.
 * @throws {RangeError} if the picture would be smaller than 720x400 or larger than 8192x8192.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { encodePng, plotMetrics } from "@x/dcgan";
 *
 * const step = { epoch: 0, generatorLoss: 1.9, discriminatorLossReal: 0.4, discriminatorLossFake: 0.3 };
 * const metrics = [1, 2, 3].map((n) => ({ ...step, step: n, dReal: 0.7, dFake: 0.3, dFakeAfter: 0.2 }));
 * const file = await encodePng(plotMetrics(metrics, { title: "Three steps" }));
 * assert(file.length > 0);
 * ```
 */
export function plotMetrics(metrics: readonly StepMetrics[], options: PlotOptions = {}): Picture {
  return plotHistory(History.of(metrics), options);
}

/** The same of the history of a run. */
export function plotHistory(history: History, options: PlotOptions = {}): Picture {
  expectKnownOptions("plotMetrics()", options, {
    width: true,
    height: true,
    title: true,
    scores: true,
    scoreBy: true,
    loss: true,
  });
  const { width = 960, title = "Training", scores = [], scoreBy = "swd", loss = "non-saturating" } = options;
  const scored = scores.filter((one) => Number.isFinite(one.scores[scoreBy]?.value));
  const axis = axisOf(history);
  const panels = [
    ...panelsOf(history, loss).map((panel) => ({ panel, axis })),
    ...scored.length === 0 ? [] : [{
      panel: scorePanel(scored, scoreBy),
      axis: { ...axis, steps: Float64Array.from(scored, ({ step }) => step) },
    }],
  ];
  const { height = PANEL_HEIGHT * panels.length + REST } = options;
  checkSize("width", width, SMALLEST.width);
  checkSize("height", height, SMALLEST.height);
  const raster = new Raster(width, height, [255, 255, 255]);
  drawText(raster, title, MARGIN.left, 32, { color: INK.text, height: 14, thickness: 2 });
  drawText(raster, summaryOf(history.count), width - MARGIN.right, 32, {
    color: INK.faint,
    align: "right",
  });
  for (const [i, box] of boxesOf(MARGIN, { width, height }, panels.length).entries()) {
    const { panel, axis } = panels[i]!;
    drawPanel(raster, box, panel, { ...axis, labelled: i === panels.length - 1 });
  }
  return raster;
}

/** From the first step to the last; a single one lies in the middle. */
function axisOf(history: History): Omit<StepAxis, "labelled"> {
  const steps = history.steps();
  const [first, last] = history.ends ?? [0, 1];
  return first === last ? { steps, first: first - 1, last: last + 1 } : { steps, first, last };
}

/** The frames of panels, from top to bottom. */
export function boxesOf(
  { top, left, right, between, bottom }: Readonly<typeof MARGIN>,
  { width, height }: { readonly width: number; readonly height: number },
  count: number,
): Box[] {
  const tall = Math.floor((height - top - (count - 1) * between - bottom) / count);
  return Array.from({ length: count }, (_, i) => {
    const start = top + i * (tall + between);
    return { left, top: start, right: width - right, bottom: start + tall };
  });
}

function summaryOf(steps: number): string {
  const count = `${formatNumber(steps, 0)} ${steps === 1 ? "step" : "steps"}`;
  return isSmoothed(steps) ? `${count}, smoothed over ${formatNumber(smoothingWindow(steps), 0)}` : count;
}

/** Throws if a side is out of range. */
export function checkSize(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least || value > LARGEST) {
    throw new RangeError(
      `Cannot draw a plot: ${name} must be a whole number from ${least} to ${LARGEST}, found ${value}`,
    );
  }
}
