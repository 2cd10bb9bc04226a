import { openDataset } from "../../plugins/datasets/mod.ts";
import { evaluate } from "../../src/dcgan/evaluate.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { chooseRecipe } from "../../src/dcgan/recipes/choose_recipe.ts";
import { train } from "../../src/dcgan/train.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { exists, measuredFacts, once } from "../recipes/plans.ts";
import { halve, type Round } from "./halving.ts";

/** No scores and samples while it trains. */
const QUIET = { scoreEvery: 0, sampleEvery: 0, checkpointEvery: 0 } as const satisfies TrainOptions;

/** What is compared. */
export interface DialOptions {
  /** Dataset. */
  readonly data: string;
  /** Its folder, if it is not in the cache. */
  readonly dataRoot?: string;
  /** What is tried by hand. */
  readonly configurations: readonly TrainOptions[];
  /** Minutes that each may take in all. */
  readonly minutes: number;
  /** Seed of all runs. */
  readonly seed: number;
  /** Shares of the budget, and how many go through each. */
  readonly rounds: readonly Round[];
  /** Samples that a run is scored by. */
  readonly scored: number;
  /** Times that each step is timed: the least counts, as others were disturbed. */
  readonly timings: number;
  /** Only time the steps. */
  readonly planOnly: boolean;
  /** Folder of everything; what is there is not done again. */
  readonly out: string;
}

/** A candidate, and how it did. */
export interface DialRow {
  /** What `--minutes` chose, or the place of the configuration. */
  readonly name: string;
  /** Its options, with the steps that fit in all of the time. */
  readonly options: TrainOptions;
  /** Sliced Wasserstein distance after each round that it was in. */
  readonly distances: readonly number[];
}

/** A candidate, timed. */
interface Planned {
  readonly name: string;
  readonly options: TrainOptions & { readonly steps: number };
}

/**
 * Compares what `auto` makes of a number of minutes with configurations tried by hand, at equal time: steps are timed
 * once and written down, the best of the tried ones go on through successive halving, and `auto` goes all the way.
 */
export async function compareDial(
  device: Device,
  options: DialOptions,
  say: (line: string) => void,
): Promise<DialRow[]> {
  const { rounds, planOnly, out } = options;
  const planned = await once(`${out}/plan.json`, () => plan(device, options));
  const [auto, ...tried] = planned as [Planned, ...Planned[]];
  const distances = await halve(tried, [auto], planOnly ? [] : rounds, async (one, share) => {
    const distance = await trained(device, one, share, options);
    say(`${one.name}: ${distance.toFixed(1)} after ${share} of ${one.options.steps} steps`);
    return distance;
  });
  return planned.map((one) => ({ ...one, distances: distances.get(one)! }));
}

/** What `auto` chooses, and the configurations for images of that size, with the steps that fit in the time. */
async function plan(
  device: Device,
  { data, dataRoot, configurations, minutes, timings }: DialOptions,
): Promise<Planned[]> {
  const [root, folder] = dataRoot === undefined ? [{}, {}] : [{ data: dataRoot }, { dataRoot }];
  await using dataset = await openDataset(data, { size: 64, ...root });
  const { facts, adapter } = await measuredFacts(device, dataset, timings);
  const choose = async (name: string, given: TrainOptions) => {
    const { options } = await chooseRecipe({ ...given, data, ...folder, minutes }, facts, adapter);
    return { name, options: { ...options, steps: options.steps! } };
  };
  const auto = await choose("auto", { preset: "auto" });
  const planned: Planned[] = [auto];
  for (const [at, configuration] of configurations.entries()) {
    planned.push(await choose(String(at + 1), { ...configuration, size: auto.options.size! }));
  }
  return planned;
}

/** Trains a candidate on to a share of its steps and scores it, unless that was done before. */
function trained(
  device: Device,
  { name, options }: Planned,
  share: number,
  { out, seed, scored }: DialOptions,
): Promise<number> {
  const run = `${out}/${name}`;
  const steps = Math.max(1, Math.round(share * options.steps));
  return once(`${run}/distance-${steps}.json`, async () => {
    const isBegun = await exists(`${run}/checkpoints`);
    const given = isBegun ? { resume: run, steps } : { ...options, ...QUIET, seed, steps, out: run };
    for await (const _ of train(device, given));
    const { scores } = await evaluate(device, run, { count: scored, features: false, from: "last" });
    return scores.swd!.value;
  });
}
