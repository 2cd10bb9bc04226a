import type { Device } from "../../gpu/mod.ts";
import type { TrainOptions } from "../options/options.ts";
import { resolveConfig } from "../options/config.ts";
import { secondsOfStep } from "./seconds_of_step.ts";
import { withPreset } from "./presets.ts";

/** Minutes that `auto` trains for if nothing else is said. */
export const AUTO_MINUTES = 10;

/** Share of the time that is for steps: the rest is for kernels, scores, samples and checkpoints. */
const STEP_SHARE = 0.9;

/** Fewest steps after which small networks draw recognizable images. */
const WANTED_STEPS = 2000;

/** Most steps that `auto` takes. */
const MOST_STEPS = 20_000;

/** Most passes over the dataset that `auto` takes, but for a few thousand steps: a small set is learned by heart. */
const MOST_PASSES = 400;

/** Widths and batches that `auto` chooses from, cheapest first. */
const SIZES = [
  { maps: 16, batch: 16 },
  { maps: 32, batch: 16 },
  { maps: 32, batch: 32 },
  { maps: 64, batch: 32 },
  { maps: 64, batch: 64 },
] as const;

/** Which of them is measured first. */
const FIRST = SIZES[1];

/** How much of the generator's last weights its average covers: a fifth of the run, at the end. */
const AVERAGED_STEPS = 5;

/** What is known of a run's data. */
export interface DatasetFacts {
  /** Images. */
  readonly length: number;
  /** Channels of an image. */
  readonly channels: 1 | 3;
}

/** Options that a preset completed, and why. */
export interface ChosenRecipe {
  /** All that was given, and what was chosen. */
  readonly options: TrainOptions;
  /** What was chosen, and why, a sentence each; none if nothing was. */
  readonly reasons: readonly string[];
}

/** Seconds of a step with these options. */
export type MeasureStep = (options: TrainOptions) => Promise<number>;

/** Measures on a device. */
export function measureOn(device: Device, { channels }: DatasetFacts): MeasureStep {
  return (options) => secondsOfStep(device, resolveConfig(options, { channels }));
}

/**
 * Completes options by their preset, as far as it depends on the data and on the adapter. `auto` chooses the widest
 * networks and the largest batch with which some thousand steps fit in the time, how many steps those are, and the length
 * of the average. With any preset, `minutes` becomes a number of steps.
 *
 * What was given stays as it is. If all of it was given, nothing is measured.
 */
export async function chooseRecipe(
  given: TrainOptions,
  facts: DatasetFacts,
  measure: MeasureStep,
): Promise<ChosenRecipe> {
  const { preset = "pytorch", resume } = given;
  const isAuto = preset === "auto";
  if (resume !== undefined || (!isAuto && given.minutes === undefined)) {
    return { options: given, reasons: [] };
  }
  const { steps, epochs, minutes = AUTO_MINUTES } = given;
  const hasLength = steps !== undefined || epochs !== undefined;
  const seconds = 60 * minutes * STEP_SHARE;
  const reasons: string[] = [];
  let options = withPreset(given);
  if (isAuto) {
    const size = options.size ?? 64;
    reasons.push(
      `${facts.length} images of ${size}x${size}x${facts.channels}: ${lossText(options)}`,
    );
  }
  let perStep: number | undefined;
  if (isAuto && (given.ngf === undefined || given.ndf === undefined || given.batch === undefined)) {
    const sized = ({ maps, batch }: typeof SIZES[number]): TrainOptions => ({
      ...options,
      ngf: given.ngf ?? maps,
      ndf: given.ndf ?? maps,
      batch: given.batch ?? batch,
    });
    const first = await measure(sized(FIRST));
    const wanted = steps ?? WANTED_STEPS;
    const fitting = SIZES.filter((one) => wanted * first * cost(sized(one)) / cost(sized(FIRST)) <= seconds);
    const chosen = fitting.at(-1) ?? SIZES[0];
    options = sized(chosen);
    perStep = chosen === FIRST ? first : undefined;
    reasons.push(
      `A step with ${FIRST.maps} feature maps and batch ${FIRST.batch} takes ${rounded(first)} s here: ` +
        `ngf ${options.ngf}, ndf ${options.ndf}, batch ${options.batch}`,
    );
  }
  if (!hasLength) {
    perStep ??= await measure(options);
    const inTime = Math.floor(seconds / perStep);
    const most = isAuto ? mostSteps(facts.length, options.batch ?? 64) : Infinity;
    options.steps = Math.max(1, Math.min(inTime, most));
    reasons.push(
      `${options.steps} steps, as ` +
        (options.steps < inTime
          ? `more of ${facts.length} images would be learned by heart`
          : `so many fit in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`),
    );
  }
  if (isAuto && given.ema === undefined) {
    const length = options.steps ?? Math.ceil(epochs! * facts.length / (options.batch ?? 64));
    options.ema = averageOver(length);
    reasons.push(`Samples are drawn from a moving average of the weights (ema ${options.ema})`);
  }
  const { preset: _, minutes: __, ...rest } = options;
  return { options: rest, reasons };
}

/** Roughly what a step costs: most of it is products of maps with maps. */
function cost({ ngf, ndf, batch }: TrainOptions): number {
  return batch! * (ngf! ** 2 + ndf! ** 2);
}

function mostSteps(images: number, batch: number): number {
  return Math.min(MOST_STEPS, Math.max(2 * WANTED_STEPS, Math.ceil(MOST_PASSES * images / batch)));
}

/** The decay with which the average covers the last part of a run. */
function averageOver(steps: number): number {
  const decay = Math.min(0.9995, Math.max(0.99, 1 - AVERAGED_STEPS / steps));
  return Math.round(decay * 1e4) / 1e4;
}

function lossText(
  { loss = "non-saturating", r1 = 0, r2 = 0, dNorm = "batch", learningRate = 2e-4 }: TrainOptions,
): string {
  const penalties = r1 || r2 ? ` with gradient penalties (r1 ${r1}, r2 ${r2})` : "";
  const norm = dNorm === "none" ? "no norm" : "batch norm";
  return `loss ${loss}${penalties}, ${norm} in the discriminator, learning rate ${learningRate}`;
}

function rounded(seconds: number): string {
  return `${Number(seconds.toPrecision(2))}`;
}
