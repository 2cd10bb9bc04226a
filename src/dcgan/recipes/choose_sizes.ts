import { batchUnit } from "../options/batch_issues.ts";
import { type ImageSize, sidesOf } from "../../pictures/mod.ts";
import { doublingsOf } from "../networks/architecture.ts";
import type { TrainOptions } from "../options/options.ts";
import { USUAL_SIZE } from "../options/table/image_size.ts";
import { withPreset } from "./presets.ts";
import { FIRST, WIDTHS } from "./widths.ts";
import {
  type AdapterFacts,
  AUTO_MINUTES,
  type DatasetFacts,
  secondsForSteps,
  stepsOf,
} from "./recipe_facts.ts";

/** Steps that the sizes must leave time for. */
const WANTED_STEPS = 800;

/** Edges of images that `auto` chooses from, largest first. */
const EDGES: readonly number[] = [64, 56, 32, 28, 16, 14];

/** Options whose sizes are chosen. */
export interface ChosenSizes {
  /** All of them. */
  readonly options: TrainOptions;
  /** Seconds of a step with them, if steps were timed. */
  readonly perStep?: number;
  /** The edge that the pictures allow, if it takes too long. */
  readonly tooSlow?: ImageSize;
}

/**
 * Chooses edge, widths and batch, as far as they are open: the largest images, and of these the widest
 * networks and the largest batch, with which the steps fit in the time. What may fit, by what was timed
 * before, is timed itself, dearest first, until one does: small networks take longer than their work. If none
 * does, the last is taken.
 */
export async function chooseSizes(
  given: TrainOptions,
  facts: DatasetFacts,
  adapter: AdapterFacts,
): Promise<ChosenSizes> {
  const { size = nativeEdge(facts), ngf, ndf, batch, minutes = AUTO_MINUTES } = given;
  if (ngf !== undefined && ndf !== undefined && batch !== undefined) {
    return { options: completed({ ...given, size }) };
  }
  const half = given.size === undefined ? EDGES.find((edge) => 2 * edge === size) : undefined;
  const candidates = [size, ...(half === undefined ? [] : [half])].flatMap((edge) => sizesAt(given, edge));
  const able = candidates.filter((one) => adapter.fits(one));
  const last = able.at(-1) ?? candidates.at(-1)!;
  const limit = secondsForSteps(minutes);
  const isInTime = (one: TrainOptions, perStep: number) =>
    perStep * (stepsOf(one, facts) ?? WANTED_STEPS) <= limit;

  const timed = new Map<TrainOptions, number>();
  const time = async (one: TrainOptions): Promise<number> => {
    const perStep = timed.get(one) ?? await adapter.measure(one);
    timed.set(one, perStep);
    return perStep;
  };
  await time(able.includes(candidates[FIRST]!) ? candidates[FIRST]! : last);
  for (const one of able) {
    // The least that one of them foretells, as what is timed is right
    const estimate = Math.min(
      ...timed.entries().map(([other, perStep]) => perStep * cost(one) / cost(other)),
    );
    if (one !== last && !timed.has(one) && !isInTime(one, estimate)) continue;
    const perStep = await time(one);
    if (one === last || isInTime(one, perStep)) return { options: one, perStep, ...slowerThan(one, size) };
  }
  return { options: last, perStep: await time(last), ...slowerThan(last, size) };
}

/** The edge that images would have had, if they are smaller. */
function slowerThan(one: TrainOptions, size: ImageSize): Pick<ChosenSizes, "tooSlow"> {
  return one.size === size ? {} : { tooSlow: size };
}

/** Options with those that their preset sets whatever data and adapter. */
export function completed(given: TrainOptions): Omit<TrainOptions, "preset" | "minutes"> {
  const { preset: _, minutes: __, ...options } = withPreset(given);
  return options;
}

/** What may be chosen for images of an edge, dearest first: no layer has more maps than it may. */
function sizesAt(given: TrainOptions, size: ImageSize): TrainOptions[] {
  const { ngf, ndf, batch, maxMaps = Infinity } = given;
  const unit = batchUnit(given);
  return WIDTHS.map((sizes) => ({
    ...completed({ ...given, size }),
    ngf: ngf ?? Math.min(sizes.ngf, maxMaps),
    ndf: ndf ?? Math.min(sizes.ndf, maxMaps),
    batch: batch ?? unit * Math.ceil(sizes.batch / unit),
  }));
}

/** The largest edge that is not larger than the pictures. */
function nativeEdge({ nativeSize = Infinity }: DatasetFacts): number {
  return EDGES.find((edge) => edge <= nativeSize) ?? EDGES.at(-1)!;
}

/**
 * Roughly what a step costs: most of it is products of maps with maps, equally much on each layer between
 * others. The discriminator goes forward and back about 11 times, penalties included, and the generator 3
 * times. After nearest upsampling its layers have twice as many maps on either side, and as many products for
 * each pair of maps as transposed convolutions, so they do 4 times as much.
 */
function cost({ size = USUAL_SIZE, base, ngf, ndf, batch, upsampling }: TrainOptions): number {
  const { width, height } = sidesOf(size);
  const layers = Math.max(1, doublingsOf({ size, base }).count - 1);
  const generator = (upsampling === "nearest" ? 4 : 1) * ngf! ** 2;
  return batch! * (3 * generator + 11 * ndf! ** 2) * width * height * layers;
}
