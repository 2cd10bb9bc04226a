import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { type Device, expectKnownOptions } from "../../gpu/mod.ts";
import { classWarnings } from "../batches/choose_label.ts";
import { openBatches } from "../batches/open_batches.ts";
import { checkedTrainer } from "../kernels/checked_trainer.ts";
import { tuneKernels } from "../kernels/tuning.ts";
import { History } from "../numbers/history.ts";
import { checkOptions, type TrainConfig } from "../options/config.ts";
import type { TrainOptions } from "../options/options.ts";
import { startWarnings } from "../kernels/start_warnings.ts";
import { openTelemetry, type Telemetry } from "../telemetry/telemetry.ts";
import { Trainer } from "../trainer.ts";
import type { TrainHooks } from "../parts/trainer_parts.ts";
import type { Leader } from "../ranks/leader.ts";
import { expectAllRanks, withShards } from "../ranks/shared_options.ts";
import { applyWeights } from "../weights/apply_weights.ts";
import { openStartingWeights } from "../weights/open_starting_weights.ts";
import { withStartingOptions } from "../weights/starting_options.ts";
import { startedFrom } from "../weights/starting_weights.ts";
import type { TrainEvent } from "./events.ts";
import { type FirstPictures, readFirstPictures } from "./first_pictures.ts";
import { runId } from "./identity.ts";
import { NewRun } from "./folder/new_run.ts";
import { checkResumable, jumpWarnings, openRun, restoreRun, resumedConfig } from "./resume.ts";
import type { RunFolder } from "./folder/run_folder.ts";
import { openSettings } from "./settings.ts";
import { keptKernels, rememberedKernels } from "./start.ts";

/** A run with everything open, fresh or resumed, before its next step. Disposing it closes everything. */
export interface RunPlan extends AsyncDisposable {
  /** What it trains on. */
  readonly device: Device;
  /** Its settings. A rollback changes the learning rate. */
  config: TrainConfig;
  /** Where it is written. */
  readonly folder: RunFolder;
  /** Its networks and their step. */
  readonly trainer: Trainer;
  /** Its images. */
  readonly dataset: OpenDataset;
  /** The first of them. */
  readonly first: FirstPictures;
  /** The numbers of earlier steps. A rollback forgets the last of them. */
  history: History;
  /** Step of the checkpoint that it is resumed from; -1 without one. */
  readonly saved: number;
  /** What the user should know, to be reported with the next event. */
  readonly warnings: string[];
  /** Whether some of its steps are to be timed. */
  readonly profile: boolean;
  /** What OpenTelemetry is told; undefined if Deno does not export telemetry. */
  readonly telemetry: Telemetry | undefined;
  /** Whether it keeps a report. */
  readonly report: boolean;
  /** Ends it early. */
  readonly signal: AbortSignal | undefined;
  /** What a script does as it goes on. */
  readonly hooks: TrainHooks;
  /** What tells other ranks, if there are some. */
  readonly leader: Leader | undefined;
  /** Deletes the folder of a fresh run that learned nothing: its name is free for the next try. */
  discard(): Promise<void>;
}

/**
 * Plans a run: checks the options, opens the dataset, builds the trainer, and creates the run folder, or
 * restores the run that is resumed. Nothing on disk changes before all else has succeeded.
 *
 * @returns The plan. Until then, what happens is reported as events.
 */
export async function* planRun(
  device: Device,
  given: TrainOptions,
  hooks: TrainHooks = {},
  leader?: Leader,
): AsyncGenerator<TrainEvent, RunPlan, void> {
  checkOptions(given);
  expectKnownOptions<TrainHooks>("train()", hooks, {
    begin: true,
    stepsAhead: true,
    checkpointDue: true,
    beforeStep: true,
    ranks: true,
  });
  const { ranks } = hooks;
  expectAllRanks(hooks);
  await using opened = new AsyncDisposableStack();
  const resumed = given.resume === undefined ? undefined : await openRun(given.resume, given);
  opened.use(resumed?.lock);
  const weights = await openStartingWeights(given, resumed);
  const fresh = withShards(weights ? withStartingOptions(given, weights) : given, ranks);
  const options = resumed?.options ?? fresh;
  const { signal } = options;
  const warnings: string[] = [...resumed?.warnings ?? [], ...weights?.warnings ?? []];
  const { config: resolved, dataset: found } = opened.use(yield* openSettings(device, options, warnings));
  const telemetry = opened.use(await openTelemetry(resolved));
  const dataset = telemetry?.watch(found) ?? found;
  if (resumed) checkResumable(resumed, resolved);
  if (options.tune) {
    for await (const event of tuneKernels(device, resolved)) {
      signal?.throwIfAborted();
      yield event;
    }
  }
  warnings.push(...classWarnings(dataset, resolved));
  // The others wait for a step that was begun, also where it is the last
  const batches = opened.use(openBatches(device, dataset, resolved, leader ? undefined : signal, ranks));
  const kept = keptKernels(device, resumed?.config, resolved);
  const kernels = kept ?? await rememberedKernels(device, options.tune, warnings);
  const parts = {
    ...(hooks.beforeStep ? { beforeStep: hooks.beforeStep.bind(hooks) } : {}),
    ...(ranks ? { ranks } : {}),
  };
  const checked = await checkedTrainer(
    device,
    kernels,
    (kernels) => new Trainer(device, { ...resolved, kernels }, batches, parts),
  );
  const trainer = opened.use(checked.trainer);
  if (weights) warnings.push(...applyWeights(weights, trainer, resolved));
  warnings.push(...startWarnings(device, checked, kept ? resumed?.folder.path : undefined));
  const first = await readFirstPictures(dataset, resolved, signal);
  const begun = weights ? { startedFrom: startedFrom(weights) } : {};
  const settled = { ...resolved, pictures: first.fingerprint, ...begun };
  const named = resumed ? resumedConfig(resumed, settled) : { ...settled, run: runId(settled) };
  const config = { ...named, kernels: trainer.kernels };
  const created = resumed ? undefined : opened.use(await NewRun.begin(config));
  warnings.push(...resumed ? await restoreRun(resumed, config, trainer) : created!.warnings);
  if (resumed) warnings.push(...jumpWarnings(resumed.config, config, resumed.step));
  const all = opened.move();
  return {
    device,
    config,
    folder: resumed?.folder ?? created!.folder,
    trainer,
    dataset,
    first,
    history: resumed?.metrics.history ?? new History(),
    saved: resumed?.saved ?? -1,
    warnings,
    profile: options.profile ?? false,
    telemetry,
    report: options.report ?? true,
    signal,
    discard: async () => await created?.discard(),
    hooks,
    leader,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
