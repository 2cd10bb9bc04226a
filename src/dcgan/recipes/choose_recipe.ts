import { type ImageSize, sizeText } from "../../pictures/mod.ts";
import type { TrainOptions } from "../options/options.ts";
import { isOff, textOf } from "../schedules/scheduled_values.ts";
import { chooseSizes, completed } from "./choose_sizes.ts";
import {
  type AdapterFacts,
  AUTO_MINUTES,
  type DatasetFacts,
  imagesOf,
  secondsForSteps,
  stepsOf,
} from "./recipe_facts.ts";

/** Fewer than this often draw little but noise. */
const FEW_STEPS = 400;

/** Most steps that `auto` takes. */
const MOST_STEPS = 20_000;

/**
 * Most passes over the dataset that `auto` takes, but for a few thousand steps: samples of a small set may
 * become copies.
 */
const MOST_PASSES = 400;

/** Steps that it takes however small the dataset is, if there is time. */
const LEAST_MOST_STEPS = 4000;

/** How much of the generator's last weights its average covers: a fifth of the run, at the end. */
const AVERAGED_STEPS = 5;

/** Options that a preset completed, and why. */
export interface ChosenRecipe {
  /** All that was given, and what was chosen. */
  readonly options: TrainOptions;
  /** What was chosen, and why, a sentence each; none if nothing was. */
  readonly reasons: readonly string[];
}

/** Whether the size of the images is chosen by that of the pictures. */
export function choosesSize({ preset, resume, size }: TrainOptions): boolean {
  return preset === "auto" && resume === undefined && size === undefined;
}

/** Whether steps are timed to complete these options. */
export function timesSteps(
  { preset, resume, minutes, ngf, ndf, batch, steps, epochs }: TrainOptions,
): boolean {
  if (resume !== undefined) return false;
  if (minutes !== undefined) return true;
  return preset === "auto" && ([ngf, ndf, batch].includes(undefined) || (steps ?? epochs) === undefined);
}

/**
 * Completes options by their preset, as far as it depends on the data and on the adapter. `auto` chooses
 * images that are no larger than the pictures of the data; then the widest networks and the largest batch
 * that fit the adapter, and with which some thousand steps fit in the time, with smaller images if not even
 * the least do; then how many steps those are, and the length of the average. With any preset, `minutes`
 * becomes a number of steps.
 *
 * What was given stays as it is. If all of it was given, nothing is measured.
 */
export async function chooseRecipe(
  given: TrainOptions,
  facts: DatasetFacts,
  adapter: AdapterFacts,
): Promise<ChosenRecipe> {
  const { preset = "pytorch", resume, minutes } = given;
  const isAuto = preset === "auto";
  if (resume !== undefined || (!isAuto && minutes === undefined)) return { options: given, reasons: [] };
  const reasons: string[] = [];
  const sizes = isAuto ? await chooseSizes(given, facts, adapter) : undefined;
  const options = { ...sizes?.options ?? completed(given) };
  let perStep = sizes?.perStep;
  if (isAuto) {
    reasons.push(lossReason(given, options, facts));
    if (perStep !== undefined) reasons.push(sizesReason(options, perStep, sizes?.tooSlow));
  }
  if (options.steps === undefined && options.epochs === undefined) {
    perStep ??= await adapter.measure(options);
    chooseSteps(options, perStep, minutes ?? AUTO_MINUTES, isAuto ? facts : undefined, reasons);
  }
  if (isAuto && given.ema === undefined) {
    options.ema = averageOver(stepsOf(options, facts)!);
    reasons.push(`Samples are drawn from a moving average of the weights (ema ${options.ema})`);
  }
  return { options, reasons };
}

/** Sets the steps to those that fit in the time, or of `auto`, which has facts, to fewer. */
function chooseSteps(
  options: TrainOptions,
  perStep: number,
  minutes: number,
  facts: DatasetFacts | undefined,
  reasons: string[],
): void {
  const inTime = Math.max(1, Math.floor(secondsForSteps(minutes) / perStep));
  const passes = facts && Math.ceil(MOST_PASSES * facts.length / imagesOf(options));
  const most = passes === undefined ? Infinity : Math.min(MOST_STEPS, Math.max(LEAST_MOST_STEPS, passes));
  const steps = Math.min(inTime, most);
  const why = steps === inTime
    ? `so many fit in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`
    : steps === MOST_STEPS
    ? "more seldom help; --steps gives more"
    : `with more, samples may become copies of the ${facts!.length} images`;
  const few = steps < FEW_STEPS
    ? ". They are few: more --minutes or a smaller --size draw better images"
    : "";
  options.steps = steps;
  reasons.push(`${steps} steps, as ${why}${few}`);
}

/** The decay with which the average covers the last part of a run. */
function averageOver(steps: number): number {
  const decay = Math.min(0.9995, Math.max(0.99, 1 - AVERAGED_STEPS / steps));
  return Math.round(decay * 1e4) / 1e4;
}

function lossReason(given: TrainOptions, options: TrainOptions, facts: DatasetFacts): string {
  const { length, channels, nativeSize } = facts;
  const { size, loss = "non-saturating", r1 = 0, r2 = 0, gradientPenalty = 0, schedule } = options;
  const { dNorm = "batch", learningRate = 2e-4 } = options;
  const mixed = isOff(gradientPenalty) ? [] : [`WGAN-GP ${textOf(gradientPenalty)}`];
  const kinds = [...(isOff(r1) && isOff(r2) ? [] : [`r1 ${textOf(r1)}, r2 ${textOf(r2)}`]), ...mixed];
  const penalties = kinds.length > 0 ? ` with gradient penalties (${kinds.join(", ")})` : "";
  const norm = { none: "no norm", batch: "batch norm", spectral: "spectral norm" }[dNorm];
  const decay = schedule === undefined || schedule === "constant" ? "" : `, ${schedule} schedule`;
  const taken = given.size === undefined && nativeSize !== undefined
    ? `${length} pictures of ${nativeSize} pixels, as images`
    : `${length} images`;
  return `${taken} of ${
    sizeText(size!)
  }x${channels}: loss ${loss}${penalties}, ${norm} in the discriminator, ` +
    `learning rate ${textOf(learningRate)}${decay}`;
}

function sizesReason(
  { size, ngf, ndf, batch }: TrainOptions,
  perStep: number,
  tooSlow: ImageSize | undefined,
): string {
  const seconds = Number(perStep.toPrecision(2));
  const smaller = tooSlow === undefined
    ? ""
    : `; at ${sizeText(tooSlow)} too few steps fit in the time (give more --minutes, or --size ${tooSlow})`;
  return `ngf ${ngf}, ndf ${ndf}, batch ${batch}: a step at ${
    sizeText(size!)
  } takes ${seconds} s here${smaller}`;
}
