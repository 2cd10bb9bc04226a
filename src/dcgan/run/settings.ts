import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { Device } from "../../gpu/mod.ts";
import { chooseLabel } from "../batches/choose_label.ts";
import { type Channels, imageSizeOf } from "../../pictures/mod.ts";
import { openingEvents } from "../batches/opening_listener.ts";
import { expectFits } from "../networks/adapter_limits.ts";
import { checkOptions, resolveConfig, type TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import { warmupIssues } from "../options/optimizer_issues.ts";
import { scheduleIssues } from "../schedules/scheduled_option.ts";
import type { TrainOptions } from "../options/options.ts";
import { chooseRecipe, choosesSize, timesSteps } from "../recipes/choose_recipe.ts";
import { factsOf } from "../recipes/recipe_facts.ts";
import { classLabelsOf } from "../scores/features/labeled_pictures.ts";
import type { DatasetEvent, RecipeEvent, TimingEvent } from "./events.ts";
import { freeFolder, openTrainingSet } from "./start.ts";

/** What is decided before anything is made: a run's settings, nothing left open, and its dataset. */
export interface Settings extends AsyncDisposable {
  /** The settings. */
  readonly config: TrainConfig;
  /** The images, open. */
  readonly dataset: OpenDataset;
}

/**
 * Opens the dataset of a run and settles its options: what a preset chooses by data and adapter is chosen
 * here.
 *
 * @returns Settings and dataset. Until then, what happens is reported as events.
 */
export async function* openSettings(
  device: Device,
  options: TrainOptions,
  warnings: string[],
): AsyncGenerator<DatasetEvent | TimingEvent | RecipeEvent, Settings, void> {
  await using opened = new AsyncDisposableStack();
  const { signal } = options;
  if (options.precision === "f16") device.expectF16();
  const { epochs: _, ...sizes } = options;
  // Of a run that is resumed, all options are known only now
  checkOptions(sizes);
  const wanted = resolveConfig(sizes);
  // What auto will choose is not known yet
  if (options.preset !== "auto") expectFits(device, wanted);
  const opening = openingEvents((listener) => openTrainingSet(wanted, options, listener, warnings));
  let dataset = opened.use(yield* opening);
  const facts = {
    channels: dataset.shape[2] as Channels,
    length: dataset.length,
    label: chooseLabel(dataset, options.conditional),
    ...(choosesSize(options) ? { nativeSize: await dataset.nativeSize(signal) } : {}),
  };
  if (timesSteps(options)) yield { type: "timing" };
  const recipe = await chooseRecipe(options, facts, factsOf(device, facts, signal));
  signal?.throwIfAborted();
  if (recipe.reasons.length > 0) yield { type: "recipe", reasons: recipe.reasons };
  const config = resolveConfig(recipe.options, {
    ...facts,
    out: options.out ?? await freeFolder(wanted.data),
  });
  const [height, width] = dataset.shape;
  if (imageSizeOf({ width, height }) !== config.size) {
    await dataset.close();
    // It says the same again
    const again = openingEvents(({ progress }) =>
      openTrainingSet(config, options, { progress, report: () => {} }, warnings)
    );
    dataset = opened.use(yield* again);
  }
  // Its steps were not known before
  const issues = [...warmupIssues(config), ...scheduleIssues(config)];
  if (issues.length > 0) throw new ConfigError("Cannot train with these options", issues);
  checkScoreable(config, dataset);
  const all = opened.move();
  return { config, dataset, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Refuses to score by features that there is nothing to learn from. */
function checkScoreable({ scoreBy, scoreEvery, data }: TrainConfig, dataset: OpenDataset): void {
  if (scoreBy === "swd" || scoreEvery === 0 || classLabelsOf(dataset).length > 0) return;
  const problem = `must be "swd", as ${JSON.stringify(data)} has no classes, found ${
    JSON.stringify(scoreBy)
  }`;
  throw new ConfigError("Cannot train with these options", [{ option: "scoreBy", problem }]);
}
