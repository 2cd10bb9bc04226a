import type { Device } from "../../gpu/mod.ts";
import type { ImageSize, TrainOptions } from "../options/options.ts";
import { expectFits } from "../networks/adapter_limits.ts";
import { resolveConfig } from "../options/config.ts";
import { imagesInStep } from "../batches/images_in_step.ts";
import { batchUnit, DEFAULT_BATCH } from "../options/batch_issues.ts";
import { ConfigError } from "../options/config_issue.ts";
import { secondsOfStep } from "./seconds_of_step.ts";
import { withPreset } from "./presets.ts";

/** Minutes that `auto` trains for if nothing else is said. */
export const AUTO_MINUTES = 10;

/** Share of the time that is for steps: the rest is for kernels, scores, samples and checkpoints. */
const STEP_SHARE = 0.9;

/** Steps that the sizes must leave time for. */
const WANTED_STEPS = 800;

/** Fewer than this often draw little but noise. */
const FEW_STEPS = 400;

/** Most steps that `auto` takes. */
const MOST_STEPS = 20_000;

/** Most passes over the dataset that `auto` takes, but for a few thousand steps: samples of a small set may become copies. */
const MOST_PASSES = 400;

/** Steps that it takes however small the dataset is, if there is time. */
const LEAST_MOST_STEPS = 4000;

/**
 * Widths and batches that `auto` chooses from, cheapest first. The generator is half as wide: with nearest upsampling its
 * layers have twice as many maps at the same edge.
 */
const SIZES = [
  { ngf: 8, ndf: 16, batch: 16 },
  { ngf: 16, ndf: 32, batch: 16 },
  { ngf: 16, ndf: 32, batch: 32 },
  { ngf: 32, ndf: 64, batch: 32 },
  { ngf: 32, ndf: 64, batch: 64 },
] as const;

/** Place of the one that is measured. */
const FIRST = 1;

/** Edges of images that `auto` chooses from, largest first. */
const EDGES: readonly ImageSize[] = [64, 56, 32, 28, 16, 14];

/** How much of the generator's last weights its average covers: a fifth of the run, at the end. */
const AVERAGED_STEPS = 5;

/** What is known of a run's data. */
export interface DatasetFacts {
  /** Images. */
  readonly length: number;
  /** Channels of an image. */
  readonly channels: 1 | 3;
  /** Shorter side of its pictures as they are stored, if that is known. */
  readonly nativeSize?: number | undefined;
}

/** Options that a preset completed, and why. */
export interface ChosenRecipe {
  /** All that was given, and what was chosen. */
  readonly options: TrainOptions;
  /** What was chosen, and why, a sentence each; none if nothing was. */
  readonly reasons: readonly string[];
}

/** What an adapter can do. */
export interface AdapterFacts {
  /** Whether networks and batches with these options fit its memory limits. */
  fits(options: TrainOptions): boolean;
  /** Seconds of a step with these options. */
  measure(options: TrainOptions): Promise<number>;
}

/** What a device's adapter can do with images of a dataset. Once the signal aborts, it measures no more. */
export function factsOf(device: Device, { channels }: DatasetFacts, signal?: AbortSignal): AdapterFacts {
  const resolve = (options: TrainOptions) => resolveConfig(options, { channels });
  return {
    fits(options) {
      try {
        expectFits(device, resolve(options));
        return true;
      } catch (error) {
        if (error instanceof ConfigError) return false;
        throw error;
      }
    },
    measure: (options) => secondsOfStep(device, resolve(options), signal),
  };
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
 * Completes options by their preset, as far as it depends on the data and on the adapter. `auto` chooses images that are
 * no larger than the pictures of the data; then the widest networks and the largest batch that fit the adapter, and with
 * which some thousand steps fit in the time, with smaller images if not even the least do; then how many steps those are,
 * and the length of the average. With any preset, `minutes` becomes a number of steps.
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
  const options = completed(given);
  const reasons: string[] = [];
  let perStep: number | undefined;
  if (isAuto) {
    perStep = await chooseSizes(given, options, facts, adapter, reasons);
    reasons.unshift(lossReason(given, options, facts));
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

/** Options with those that their preset sets whatever data and adapter. */
function completed(given: TrainOptions): Omit<TrainOptions, "preset" | "minutes"> {
  const { preset: _, minutes: __, ...options } = withPreset(given);
  return options;
}

/** Sets edge, widths and batch, as far as they are open. Returns the seconds of a step, if it was measured with them. */
async function chooseSizes(
  given: TrainOptions,
  options: TrainOptions,
  facts: DatasetFacts,
  adapter: AdapterFacts,
  reasons: string[],
): Promise<number | undefined> {
  const { size, ngf, ndf, batch, minutes = AUTO_MINUTES } = given;
  const edge = size ?? nativeEdge(facts);
  Object.assign(options, completed({ ...given, size: edge }));
  if (ngf !== undefined && ndf !== undefined && batch !== undefined) return undefined;
  const half = EDGES.find((one) => 2 * one === edge);
  const unit = batchUnit(options);
  const edges = size === undefined && half !== undefined ? [half, edge] : [edge];
  const candidates = edges.flatMap((one) =>
    SIZES.map((sizes) => ({
      ...completed({ ...given, size: one }),
      ngf: ngf ?? sizes.ngf,
      ndf: ndf ?? sizes.ndf,
      batch: batch ?? unit * Math.ceil(sizes.batch / unit),
    }))
  );
  const able = candidates.filter((one) => adapter.fits(one));
  const whole = candidates.filter((one) => one.size === edge);
  const probe = able.includes(whole[FIRST]!) ? whole[FIRST]! : whole[0]!;
  const seconds = await adapter.measure(probe);
  const inTime = able.filter((one) => {
    const perStep = seconds * cost(one) / cost(probe);
    return perStep * (stepsOf(one, facts) ?? WANTED_STEPS) <= 60 * minutes * STEP_SHARE;
  });
  const chosen = inTime.at(-1) ?? candidates[0]!;
  Object.assign(options, chosen);
  const smaller = chosen.size === edge ? "" : `, and images of ${chosen.size}x${chosen.size}`;
  reasons.push(
    `A step with ngf ${probe.ngf}, ndf ${probe.ndf} and batch ${probe.batch} takes ${
      rounded(seconds)
    } s here: ` +
      `this run has ngf ${chosen.ngf}, ndf ${chosen.ndf}, batch ${chosen.batch}${smaller}`,
  );
  return chosen === probe ? seconds : undefined;
}

/** Sets the steps to those that fit in the time, or of `auto`, which has facts, to fewer. */
function chooseSteps(
  options: TrainOptions,
  perStep: number,
  minutes: number,
  facts: DatasetFacts | undefined,
  reasons: string[],
): void {
  const inTime = Math.max(1, Math.floor(60 * minutes * STEP_SHARE / perStep));
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

/** Steps of a run, if they are known. */
function stepsOf({ steps, epochs, ...rest }: TrainOptions, { length }: DatasetFacts): number | undefined {
  return epochs === undefined ? steps : Math.max(1, Math.ceil(epochs * length / imagesOf(rest)));
}

function imagesOf({ batch = DEFAULT_BATCH, dSteps = 1 }: TrainOptions): number {
  return imagesInStep({ batch, dSteps });
}

/** The largest edge that is not larger than the pictures. */
function nativeEdge({ nativeSize = Infinity }: DatasetFacts): ImageSize {
  return EDGES.find((edge) => edge <= nativeSize) ?? EDGES.at(-1)!;
}

/**
 * Roughly what a step costs: most of it is products of maps with maps, equally much on each layer between others. The
 * discriminator goes forward and back about 11 times, penalties included, and the generator 3 times; its convolutions
 * after nearest upsampling do 9 times what transposed ones do.
 */
function cost({ size, ngf, ndf, batch, upsampling }: TrainOptions): number {
  const layers = Math.max(1, Math.floor(Math.log2(size! / 4)) - 1);
  const generator = (upsampling === "nearest" ? 9 : 1) * ngf! ** 2;
  return batch! * (3 * generator + 11 * ndf! ** 2) * size! ** 2 * layers;
}

/** The decay with which the average covers the last part of a run. */
function averageOver(steps: number): number {
  const decay = Math.min(0.9995, Math.max(0.99, 1 - AVERAGED_STEPS / steps));
  return Math.round(decay * 1e4) / 1e4;
}

function lossReason(given: TrainOptions, options: TrainOptions, facts: DatasetFacts): string {
  const { length, channels, nativeSize } = facts;
  const { size, loss = "non-saturating", r1 = 0, r2 = 0, dNorm = "batch", learningRate = 2e-4, schedule } =
    options;
  const penalties = r1 || r2 ? ` with gradient penalties (r1 ${r1}, r2 ${r2})` : "";
  const norm = { none: "no norm", batch: "batch norm", spectral: "spectral norm" }[dNorm];
  const decay = schedule === undefined || schedule === "constant" ? "" : `, ${schedule} schedule`;
  const taken = given.size === undefined && nativeSize !== undefined
    ? `${length} pictures of ${nativeSize} pixels, as images`
    : `${length} images`;
  return `${taken} of ${size}x${size}x${channels}: loss ${loss}${penalties}, ${norm} in the discriminator, ` +
    `learning rate ${learningRate}${decay}`;
}

function rounded(seconds: number): string {
  return `${Number(seconds.toPrecision(2))}`;
}
