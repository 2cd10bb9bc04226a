import { openDataset } from "../../plugins/datasets/mod.ts";
import { evaluate, type Evaluation } from "../../src/dcgan/evaluate.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import { chooseRecipe } from "../../src/dcgan/recipes/choose_recipe.ts";
import type { PresetName } from "../../src/dcgan/recipes/presets.ts";
import { train } from "../../src/dcgan/train.ts";
import type { Device } from "../../src/gpu/mod.ts";
import type { Kind } from "./kinds.ts";
import { exists, measuredFacts, once } from "./plans.ts";
import { writeSideBySide } from "./side_by_side.ts";

/** What is compared. */
export interface ComparisonOptions {
  /** Folders. */
  readonly kinds: readonly Kind[];
  /** Names of presets. */
  readonly presets: readonly string[];
  /** Minutes of each run. */
  readonly minutes: number;
  /** Seeds of the runs; none only times the steps. */
  readonly seeds: readonly number[];
  /** Folder of everything. */
  readonly out: string;
  /** Samples that a run is scored by. */
  readonly scored: number;
  /** Times that a step is timed: the least counts, as others were disturbed. */
  readonly timings: number;
}

/** One run. */
export interface RecipeResult {
  /** Its kind of folder. */
  readonly kind: string;
  /** What that holds. */
  readonly about: string;
  /** Its preset. */
  readonly preset: string;
  /** Its seed; absent if it was only planned. */
  readonly seed?: number;
  /** What the preset chose. */
  readonly options: TrainOptions;
  /** Seconds that it took. */
  readonly seconds?: number;
  /** How good it is at its end. */
  readonly evaluation?: Pick<Evaluation, "scores" | "verdict" | "samples" | "pictures">;
}

/**
 * Trains each preset on each folder for as many steps as fit in the time. Steps are timed once and written down, so that
 * runs of the same number of steps can be done whatever else the machine does. All presets get images of the size that
 * `auto` chooses, as scores of different sizes do not compare.
 */
export async function compareRecipes(
  device: Device,
  { kinds, presets, minutes, seeds, out, scored, timings }: ComparisonOptions,
  say: (line: string) => void,
): Promise<RecipeResult[]> {
  const results: RecipeResult[] = [];
  for (const kind of kinds) {
    const data = `${out}/folders/${kind.name}`;
    if (!await exists(data)) {
      if (!await kind.exists()) {
        say(`${kind.name} is left out: what it is made of is not there`);
        continue;
      }
      await kind.make(data);
    }
    for (const preset of presets) {
      const options = await planned(
        device,
        { data, preset: preset as PresetName, minutes },
        `${out}/plans`,
        kind.name,
        timings,
      );
      const about = { kind: kind.name, about: kind.about, preset, options };
      if (seeds.length === 0) results.push(about);
      for (const seed of seeds) {
        const run = `${out}/${kind.name}-${preset}-${minutes}-${seed}`;
        say(`${run}: ${options.steps} steps`);
        results.push({ ...about, seed, ...await trained(device, { ...options, seed }, run, scored) });
      }
    }
    for (const seed of seeds) {
      const runs = presets.map((preset) => `${out}/${kind.name}-${preset}-${minutes}-${seed}`);
      await writeSideBySide(runs, `${out}/${kind.name}-${minutes}-${seed}.png`);
    }
  }
  return results;
}

/** The options that a preset becomes on a folder, as they were written down, or as they are found now. */
function planned(
  device: Device,
  { data, preset, minutes }: { data: string; preset: PresetName; minutes: number },
  folder: string,
  kind: string,
  timings: number,
): Promise<TrainOptions> {
  return once(`${folder}/${kind}-${preset}-${minutes}.json`, async () => {
    await using dataset = await openDataset(data, { size: 64 });
    const { facts, adapter } = await measuredFacts(device, dataset, timings);
    let given: TrainOptions = { data, preset, minutes };
    if (preset !== "auto") {
      const auto = await planned(device, { data, preset: "auto", minutes }, folder, kind, timings);
      given = { ...given, ...(auto.size === undefined ? {} : { size: auto.size }) };
    }
    return (await chooseRecipe(given, facts, adapter)).options;
  });
}

/** Trains and scores, unless that was done before. */
function trained(
  device: Device,
  options: TrainOptions,
  out: string,
  count: number,
): Promise<Pick<RecipeResult, "seconds" | "evaluation">> {
  return once(`${out}/evaluation.json`, async () => {
    let seconds = 0;
    for await (const event of train(device, { ...options, out })) {
      if (event.type === "end") ({ seconds } = event);
    }
    const { scores, verdict, samples, pictures } = await evaluate(device, out, { count, features: false });
    return { seconds, evaluation: { scores, verdict, samples, pictures } };
  });
}
