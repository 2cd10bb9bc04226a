import type { History } from "../numbers/history.ts";
import type { TrainConfig } from "../options/config.ts";
import { toColumns } from "../plot/columns.ts";
import type { Curve } from "../plot/curve.ts";
import type { Panel } from "../plot/panel.ts";
import { gradientNormPanel, panelsOf, scorePanel } from "../plot/panels.ts";
import type { Range } from "../plot/range.ts";
import { type ScoreName, SCORES } from "../scores/score.ts";
import type { StepScores } from "../scores/scores_file.ts";

/** Places of a curve at most; of longer ones neighbors share a place, with their least and greatest value. */
const MOST_PLACES = 1000;

/** Panels, from the first, whose curves have a value at each step: losses and probabilities. */
const ALWAYS = 2;

/** Digits that count. */
const DIGITS = 4;

/** A value at each place; null where there is none. */
type Values = readonly (number | null)[];

/** A curve of the page. */
export interface ChartCurve {
  /** Name in the legend. */
  readonly label: string;
  /** Red, green and blue of 0 to 255, for a white page. */
  readonly color: readonly number[];
  /** Means. */
  readonly values: Values;
  /** The least and greatest values, if places are shared or values have errors. */
  readonly band?: { readonly low: Values; readonly high: Values };
  /** Whether it has no noise, and so is not smoothed. */
  readonly exact: boolean;
}

/** A chart of the page. */
export interface Chart {
  /** What it shows. */
  readonly title: string;
  /** Step of each place. */
  readonly steps: readonly number[];
  /** Its curves. */
  readonly curves: readonly ChartCurve[];
  /** Whether its values have a logarithmic axis. */
  readonly log?: true;
  /** Lowest and highest value shown. */
  readonly range: readonly [low: number, high: number];
  /** The value farthest outside of that, if there is one. */
  readonly outside?: number;
  /** Steps with a value that is not finite, if there are any: they leave gaps. */
  readonly gaps?: number;
  /** A dashed line across, and what it means. */
  readonly reference?: { readonly value: number; readonly label: string };
}

/** The charts of a run, from top to bottom. */
export function chartsOf(
  history: History,
  scored: readonly StepScores[],
  { loss, scoreBy, clip }: Pick<TrainConfig, "loss" | "scoreBy" | "clip">,
): Chart[] {
  const steps = history.steps();
  const isShared = history.each > 1 || steps.length > MOST_PLACES;
  const charts = panelsOf(history, loss).map((panel, i) => ({
    ...chartOf(panel, steps, isShared, history.ends?.[1]),
    // The others have values in some steps only
    ...i < ALWAYS ? gapsOf(panel, history.count) : {},
  }));
  const norms = gradientNormPanel(history, clip);
  return [
    ...charts.slice(0, ALWAYS),
    ...norms ? [{ ...chartOf(norms, steps, isShared, history.ends?.[1]), log: true } as const] : [],
    ...charts.slice(ALWAYS),
    ...scoreChart(scored, [scoreBy], (panel) => panel.title),
    ...scoreChart(scored, ["patchGap", "rawPatchGap"], () => "Patch gap (0 is perfect)"),
    ...scoreChart(scored, ["deviation", "nearest"], () => "Variety and copies (near 1 is good)"),
  ];
}

/** The curves of a panel lack values that every step has. */
function gapsOf({ curves }: Panel, count: number): { gaps?: number } {
  const most = Math.max(
    ...curves.map(({ values }) => count - values.weight.reduce((sum, one) => sum + one, 0)),
  );
  return most > 0 ? { gaps: most } : {};
}

/** Scores of some kinds in one chart, if there are any. */
function scoreChart(
  scored: readonly StepScores[],
  names: readonly ScoreName[],
  titleOf: (panel: Panel) => string,
): Chart[] {
  const have = scored.filter(({ scores }) => names.some((name) => Number.isFinite(scores[name]?.value)));
  // One score is no curve: the table has it
  if (have.length < 2) return [];
  const none = { value: NaN, error: NaN };
  const whole = have.map((one) => ({
    ...one,
    scores: { ...Object.fromEntries(names.map((name) => [name, none])), ...one.scores },
  }));
  const panels = names.map((name) => scorePanel(whole, name));
  const curves = panels.flatMap((panel, i) =>
    panel.curves.map((curve) => ({
      ...curve,
      label: SCORES[names[i]!].title,
      color: COLORS[i]!,
      exact: true,
    }))
  );
  const low = Math.min(...panels.map(({ range }) => range.low));
  const high = Math.max(...panels.map(({ range }) => range.high));
  const panel: Panel = {
    title: titleOf(panels[0]!),
    curves,
    range: { low, high, outside: 0, farthest: undefined },
  };
  return [chartOf(panel, Float64Array.from(whole, ({ step }) => step), true)];
}

/** Okabe and Ito's, as in the plot. */
const COLORS = [[213, 94, 0], [0, 114, 178]] as const;

/** A panel of the plot as data. */
function chartOf(
  { title, curves, range, reference }: Panel,
  places: Float64Array,
  isShared: boolean,
  end = Infinity,
): Chart {
  // The middle of the last place may lie behind the last step
  const steps = places.map((step) => Math.min(step, end));
  const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 0];
  const gather = steps.length > MOST_PLACES;
  const scale = (last - first) / (MOST_PLACES - 1) || 1;
  const at = gather ? steps.map((step) => (step - first) / scale) : steps;
  const columns = curves.map(({ values }) => toColumns(at, values, gather));
  const toStep = (x: number): number => gather ? Math.min(end, Math.round(first + x * scale)) : x;
  return {
    title,
    steps: (columns[0] ?? []).map(({ x }) => toStep(x)),
    curves: curves.map((curve, i) => {
      const points = columns[i]!;
      const band = {
        low: rounded(points.map(({ low }) => low)),
        high: rounded(points.map(({ high }) => high)),
      };
      return {
        ...named(curve),
        values: rounded(points.map(({ mean }) => mean)),
        ...isShared ? { band } : {},
      };
    }),
    range: shown(range),
    ...range.farthest === undefined ? {} : { outside: round(range.farthest)! },
    ...reference ? { reference } : {},
  };
}

function named({ label, color, exact = false }: Curve): Pick<ChartCurve, "label" | "color" | "exact"> {
  return { label, color, exact };
}

function shown({ low, high }: Range): [number, number] {
  return [round(low) ?? 0, round(high) ?? 1];
}

function rounded(values: readonly number[]): (number | null)[] {
  return values.map(round);
}

function round(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
}
