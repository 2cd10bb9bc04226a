import type { History, HistoryCurve, NumberName } from "../numbers/history.ts";
import { PENALTIES, type PenaltyName } from "../numbers/step_numbers.ts";
import { type ScoreName, SCORES } from "../scores/score.ts";
import type { StepScores } from "../scores/scores_file.ts";
import { isLogistic, type LossName } from "../options/losses.ts";
import type { Curve } from "./curve.ts";
import type { Panel } from "./panel.ts";
import { logRangeOf, type Range, rangeOf } from "./range.ts";
import type { Color } from "./raster.ts";

/**
 * Okabe and Ito's colors, which people tell apart however they see color (Okabe & Ito, "Color Universal Design",
 * 2008). One color stands for one thing in all panels.
 */
const COLORS: Readonly<
  Record<
    "real" | "fake" | "mixed" | "generator" | "discriminator" | "augmentation" | "noise" | "sum",
    Color
  >
> = {
  real: [0, 114, 178],
  fake: [0, 158, 115],
  generator: [213, 94, 0],
  discriminator: [86, 180, 233],
  mixed: [230, 159, 0],
  augmentation: [204, 121, 167],
  noise: [120, 120, 120],
  sum: [0, 0, 0],
};

/** The same, for curves of any kind: neighbors are easy to tell apart. */
export const CURVE_COLORS: readonly Color[] = [
  COLORS.real,
  COLORS.generator,
  COLORS.fake,
  COLORS.augmentation,
  COLORS.discriminator,
  COLORS.mixed,
];

/** An axis from 0 to 1. */
const SHARES: Range = { low: -0.03, high: 1.03, outside: 0, farthest: undefined };

/** Losses whose discriminator is undecided at a logit of 0; with others, a probability of 0.5 means nothing. */
const UNDECIDED_AT_0: ReadonlySet<LossName> = new Set(["non-saturating", "minimax", "hinge"]);

/** The panels of a run with a loss, from top to bottom. */
export function panelsOf(history: History, loss: LossName): Panel[] {
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
      title: isLogistic(loss) ? "Probability of being real" : "Sigmoid of the logits",
      curves: probabilities,
      range: SHARES,
      ...UNDECIDED_AT_0.has(loss)
        ? { reference: { value: 0.5, label: "0.5: cannot tell real from fake" } }
        : {},
    },
    ...penaltyPanel(history),
    ...schedulePanel(history),
  ];
}

/** What gradient penalties add to the discriminator's loss, if there are any. */
function penaltyPanel(history: History): Panel[] {
  const colors = { r1Penalty: COLORS.real, r2Penalty: COLORS.fake, wganGpPenalty: COLORS.mixed };
  const each = Object.entries(PENALTIES).map(([name, label]) => ({
    label,
    color: colors[name as PenaltyName],
    values: history.curve(name as PenaltyName),
  })).filter(({ values }) => isThere(values));
  const sum = history.curve("penalties");
  if (!isThere(sum)) return [];
  // Steps of older runs have the sum alone
  const isOlder = each.every(({ values }) => countIn(values) < countIn(sum));
  const penalties = [
    ...each,
    ...(isOlder ? [{ label: "Sum of penalties", color: COLORS.sum, values: sum }] : []),
  ];
  return [{ title: "Gradient penalties", curves: penalties, range: lossRange(penalties, history.each > 1) }];
}

/** Values that change from step to step, each as a share of its largest, if there are any. */
function schedulePanel(history: History): Panel[] {
  const hasTwoRates = isThere(history.curve("dLearningRate"));
  const names = [
    ["r1", "R1", COLORS.real],
    ["r2", "R2", COLORS.fake],
    ["gradientPenalty", "WGAN-GP", COLORS.mixed],
    ["instanceNoise", "noise", COLORS.noise],
    ["augmentProbability", "augment", COLORS.augmentation],
    ["dLearningRate", "D rate", COLORS.discriminator],
    ["learningRate", hasTwoRates ? "G rate" : "learning rate", COLORS.generator],
  ] as const;
  const curves = names.flatMap(([name, label, color]): Curve[] => {
    const values = history.curve(name);
    const largest = values.high.reduce((most, value) => value > most ? value : most, 0);
    if (!isThere(values)) return [];
    const share = (part: Float64Array) => part.map((value) => value / (largest || 1));
    const { low, high, mean, weight } = values;
    const shares = { low: share(low), high: share(high), mean: share(mean), weight };
    return [{ label: `${label} ${Number(largest.toPrecision(2))}`, color, values: shares, exact: true }];
  });
  return curves.length === 0
    ? []
    : [{ title: "Schedules, as shares of the largest value", curves, range: SHARES }];
}

/** Values of a curve. */
function countIn({ weight }: HistoryCurve): number {
  return weight.reduce((sum, count) => sum + count, 0);
}

function isThere({ weight }: HistoryCurve): boolean {
  return weight.some((count) => count > 0);
}

/**
 * The norms of gradients, if there are any, for a logarithmic axis: they grow and vanish by powers of ten.
 *
 * @param clip The norm to which they are clipped; 0 if they are not.
 */
export function gradientNormPanel(history: History, clip: number): Panel | undefined {
  const curves: Curve[] = [
    {
      label: "Discriminator",
      color: COLORS.discriminator,
      values: history.curve("discriminatorGradientNorm"),
    },
    { label: "Generator", color: COLORS.generator, values: history.curve("generatorGradientNorm") },
  ];
  if (!curves.some(({ values }) => isThere(values))) return undefined;
  return {
    title: "Gradient norms",
    curves,
    range: logRangeOf(curves.flatMap(({ values }) => [values.low, values.high])),
    ...clip > 0 ? { reference: { value: clip, label: `longer ones are clipped to ${clip}` } } : {},
  };
}

/** The scores of some steps, with their errors. */
export function scorePanel(scored: readonly StepScores[], by: ScoreName): Panel {
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
