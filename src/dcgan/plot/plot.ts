/**
 * The training curves as a picture, drawn pixel by pixel: no canvas, no fonts of the system, the same bytes anywhere.
 *
 * @module
 */
import { expectKnownOptions } from "../../gpu/mod.ts";
import type { Picture } from "../../pictures/mod.ts";
import type { StepMetrics } from "../run/events.ts";
import { type ScoreName, SCORES } from "../scores/score.ts";
import type { StepScores } from "../scores/scores_file.ts";
import { type Curve, isSmoothed, smoothingWindow } from "./curve.ts";
import { drawPanel, INK, type Panel, type StepAxis } from "./panel.ts";
import { type Range, rangeOf } from "./range.ts";
import { type Box, type Color, Raster } from "./raster.ts";
import { drawText } from "./text.ts";
import { formatNumber } from "./ticks.ts";
import { History, type NumberName } from "../numbers/history.ts";

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
   * @default {720, or 980 with scores}
   */
  height?: number;
  /**
   * The heading, printable ASCII.
   *
   * @default {"Training"}
   */
  title?: string;
  /**
   * Scores of some steps, for a third panel.
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
}

const SMALLEST = { width: 720, height: 400 };
const LARGEST = 8192;

/** Pixels around and between the two panels. */
const MARGIN = { top: 84, left: 70, right: 28, between: 56, bottom: 62 };

/**
 * Okabe and Ito's colors, which people tell apart however they see color (Okabe & Ito, "Color Universal Design",
 * 2008). One color stands for one thing in both panels.
 */
const COLORS: Readonly<Record<"real" | "fake" | "generator", Color>> = {
  real: [0, 114, 178],
  fake: [0, 158, 115],
  generator: [213, 94, 0],
};

/**
 * Draws the losses and the discriminator's probabilities over the steps.
 *
 * Up to 99 steps are drawn as they are. Longer runs are drawn pale, with their smoothed course over them; if there
 * are more steps than pixels, the pale part is a band from the least to the greatest value of each column. Values that
 * are not finite leave gaps. Losses far above all others are left outside of the axis, and the panel says so.
 *
 * @param metrics The steps in ascending order, or the history of a run; none is allowed.
 * @returns Red, green and blue; the same bytes for the same numbers on every machine.
 * @throws {RangeError} if the picture would be smaller than 720x400 or larger than 8192x8192.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { plotMetrics } from "./plot.ts";
 * import { encodePng } from "../../pictures/mod.ts";
 *
 * const step = { epoch: 0, generatorLoss: 1.9, discriminatorLossReal: 0.4, discriminatorLossFake: 0.3 };
 * const metrics = [1, 2, 3].map((n) => ({ ...step, step: n, dReal: 0.7, dFake: 0.3, dFakeAfter: 0.2 }));
 * const file = await encodePng(plotMetrics(metrics, { title: "Three steps" }));
 * assert(file.length > 0);
 * ```
 */
export function plotMetrics(
  metrics: readonly StepMetrics[] | History,
  options: PlotOptions = {},
): Picture {
  expectKnownOptions("plotMetrics()", options, {
    width: true,
    height: true,
    title: true,
    scores: true,
    scoreBy: true,
  });
  const { width = 960, title = "Training", scores = [], scoreBy = "swd" } = options;
  const scored = scores.filter((one) => Number.isFinite(one.scores[scoreBy]?.value));
  const { height = scored.length > 0 ? 980 : 720 } = options;
  checkSize("width", width, SMALLEST.width);
  checkSize("height", height, SMALLEST.height);
  const history = metrics instanceof History ? metrics : History.of(metrics);
  const raster = new Raster(width, height, [255, 255, 255]);
  const axis = axisOf(history);
  const panels = [
    ...panelsOf(history).map((panel) => ({ panel, axis })),
    ...scored.length === 0 ? [] : [{
      panel: scorePanel(scored, scoreBy),
      axis: { ...axis, steps: Float64Array.from(scored, ({ step }) => step) },
    }],
  ];
  drawText(raster, title, MARGIN.left, 32, { color: INK.text, height: 14, thickness: 2 });
  drawText(raster, summaryOf(history.count), width - MARGIN.right, 32, {
    color: INK.faint,
    align: "right",
  });
  for (const [i, box] of boxesOf(width, height, panels.length).entries()) {
    const { panel, axis } = panels[i]!;
    drawPanel(raster, box, panel, { ...axis, labelled: i === panels.length - 1 });
  }
  return raster;
}

function panelsOf(history: History): [Panel, Panel] {
  const curve = (name: NumberName, label: string, color: Color): Curve => ({
    label,
    color,
    values: history.curve(name),
  });
  const losses = [
    curve("discriminatorLossReal", "Discriminator, real", COLORS.real),
    curve("discriminatorLossFake", "Discriminator, fake", COLORS.fake),
    curve("generatorLoss", "Generator", COLORS.generator),
  ];
  const probabilities = [
    curve("dReal", "D(x)", COLORS.real),
    curve("dFake", "D(G(z)) before the update", COLORS.fake),
    curve("dFakeAfter", "D(G(z)) after", COLORS.generator),
  ];
  return [
    { title: "Losses", curves: losses, range: lossRange(losses, history.each > 1) },
    {
      title: "Probability of being real",
      curves: probabilities,
      range: { low: -0.03, high: 1.03, outside: 0, farthest: undefined },
      reference: { value: 0.5, label: "0.5: cannot tell real from fake" },
    },
  ];
}

function scorePanel(scored: readonly StepScores[], by: ScoreName): Panel {
  const { title, best } = SCORES[by];
  const mean = Float64Array.from(scored, ({ scores }) => scores[by]!.value);
  const error = Float64Array.from(scored, ({ scores }) => scores[by]!.error || 0);
  const [low, high] = [-1, 1].map((side) => mean.map((value, i) => value + side * error[i]!)) as [
    Float64Array,
    Float64Array,
  ];
  const values = { mean, low, high, weight: new Float64Array(mean.length).fill(1) };
  return {
    title: `Score of the samples (${best} is good)`,
    curves: [{ label: title.replace("é", "e"), color: COLORS.generator, values }],
    range: rangeOf([mean]),
  };
}

function lossRange(losses: readonly Curve[], isThinned: boolean): Range {
  if (!isThinned) return rangeOf(losses.map(({ values }) => values.mean));
  return rangeOf(losses.flatMap(({ values }) => [values.low, values.high]), true);
}

/** From the first step to the last; a single one lies in the middle. */
function axisOf(history: History): Omit<StepAxis, "labelled"> {
  const steps = history.steps();
  const [first, last] = history.ends ?? [0, 1];
  return first === last ? { steps, first: first - 1, last: last + 1 } : { steps, first, last };
}

function boxesOf(width: number, height: number, count: number): Box[] {
  const { top, left, bottom, between } = MARGIN;
  const tall = Math.floor((height - top - (count - 1) * between - bottom) / count);
  return Array.from({ length: count }, (_, i) => {
    const start = top + i * (tall + between);
    return { left, top: start, right: width - MARGIN.right, bottom: start + tall };
  });
}

function summaryOf(steps: number): string {
  const count = `${formatNumber(steps, 0)} ${steps === 1 ? "step" : "steps"}`;
  return isSmoothed(steps) ? `${count}, smoothed over ${formatNumber(smoothingWindow(steps), 0)}` : count;
}

function checkSize(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least || value > LARGEST) {
    throw new RangeError(
      `Cannot draw a plot: ${name} must be a whole number from ${least} to ${LARGEST}, found ${value}`,
    );
  }
}
