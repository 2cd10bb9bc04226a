import { host } from "../../host/host.ts";
import type { TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import type { TrainOptions } from "../options/options.ts";
import { applyCheckpoint } from "../checkpoints/apply_checkpoint.ts";
import { chooseCheckpoint, type ChosenCheckpoint } from "../checkpoints/choose_checkpoint.ts";
import { rateWarnings } from "../optimizers/learning_rates.ts";
import { scheduleWarnings } from "../schedules/run_schedules.ts";
import { beginningOf, wantsSamePictures, withChanges } from "./changes/changes.ts";
import { resumedOptions } from "./changes/resumed_options.ts";
import { cleanRun } from "./folder/clean.ts";
import { runId } from "./identity.ts";
import { MetricsFile, type MetricsRead } from "../numbers/metrics_file.ts";
import { keepScores, SCORES_FILE } from "../scores/scores_file.ts";
import { setAside } from "../checkpoints/set_aside.ts";
import { RunFolder } from "./folder/run_folder.ts";
import { RunLock } from "./folder/run_lock.ts";
import type { Trainer } from "../trainer.ts";
import { checkRunModule } from "./run_module.ts";

/** What is read of a run to resume it. */
export interface RunRead {
  /** Its options, with those that were given for the rest of it. */
  readonly options: TrainOptions;
  /** Its folder. */
  readonly folder: RunFolder;
  /** Its config as it was. */
  readonly config: TrainConfig;
  /**
   * What it resumes from, until {@linkcode restoreRun} has taken it; undefined if it stopped before its first
   * checkpoint, and starts over.
   */
  checkpoint: ChosenCheckpoint | undefined;
  /** Steps that were done by then. */
  readonly step: number;
  /** The same; -1 if there is no checkpoint. */
  readonly saved: number;
  /** The numbers of its steps up to there. */
  readonly metrics: MetricsRead;
  /** What the user should know. */
  readonly warnings: readonly string[];
}

/** A run to resume. Nothing of it is changed before {@linkcode restoreRun}. */
export interface ResumedRun extends RunRead {
  /** Keeps other processes from its folder. */
  readonly lock: RunLock;
}

/**
 * Reads what a run is, to resume it, and keeps other processes from its folder.
 *
 * @param place Its folder.
 * @param given What was asked for.
 * @throws {RangeError} if the run is still running.
 * @throws as {@linkcode readRunToResume}.
 */
export async function openRun(place: string, given: TrainOptions): Promise<ResumedRun> {
  const path = withoutEnd(place);
  // A lock file is created in run folders only
  await RunFolder.at(path).expectRun();
  using owned = new DisposableStack();
  const lock = owned.use(await RunLock.take(path));
  // Read once, and under the lock: what is checked is what is trained
  const run = await readRunToResume(path, given);
  owned.move();
  return { ...run, lock };
}

/**
 * Reads what a run is and what it would be if it was resumed. Writes nothing.
 *
 * @param place Its folder.
 * @param given What was asked for.
 * @throws {ConfigError} if an option was given that makes it another run.
 * @throws {Error} if there is not a run, or none of its checkpoints can be used.
 */
export async function readRunToResume(place: string, given: TrainOptions): Promise<RunRead> {
  const path = withoutEnd(place);
  const folder = RunFolder.at(path);
  await folder.expectRun();
  const config = await folder.readConfig();
  checkRunModule(config, path, given.data);
  const options = resumedOptions(config, path, given);
  checkUnchanged(config, path);
  const checkpoint = await chooseCheckpoint(path, config, given.step, "step");
  const step = checkpoint?.place.step ?? 0;
  const metrics = await new MetricsFile(folder.metricsPath).read(step);
  const warnings = [
    ...checkpoint?.warnings ?? [`${path} has no checkpoint yet. It starts over at its first step`],
    ...metricsWarnings(metrics, folder.metricsPath),
  ];
  const saved = checkpoint?.place.step ?? -1;
  const length = given.more === undefined ? {} : { steps: step + given.more };
  return {
    options: { ...options, ...length, out: path },
    folder,
    config,
    checkpoint,
    step,
    saved,
    metrics,
    warnings,
  };
}

/**
 * The config of a resumed run from its next step on, with what it changes of the old one.
 *
 * @param settled Its settings from now on, with the checksum of the images that were found.
 * @throws {ConfigError} naming `steps` or `data`, if the run cannot continue with them.
 */
export function resumedConfig(run: RunRead, settled: TrainConfig): TrainConfig {
  checkPictures(run, settled);
  const { startedFrom } = run.config;
  const begun = startedFrom ? { ...settled, startedFrom } : settled;
  const config = withChanges(run.config, run.step, begun);
  return { ...config, run: run.config.run ?? runId(beginningOf(config) ?? config) };
}

/** What to say of values that jump where a run is resumed. */
export function jumpWarnings(before: TrainConfig, after: TrainConfig, step: number): string[] {
  return [rateWarnings, scheduleWarnings].flatMap((warn) => warn(before, after, step));
}

/** A path without slashes at its end. */
function withoutEnd(path: string): string {
  return path.replace(/(?<=.)[\\/]+$/, "");
}

/** Refuses a config that is not the one that the run began with, or that its changes have made of it. */
function checkUnchanged(config: TrainConfig, path: string): void {
  const beginning = beginningOf(config);
  if (config.run === undefined || (beginning && config.run === runId(beginning))) return;
  throw new RangeError(
    `Cannot resume ${path}: its config.json must be that of run ${config.run}, found a changed or damaged one. ` +
      `Restore the old one, or start a new run with --out`,
  );
}

/** What to say, in one sentence, about a metrics file that lacks a good line for some step. */
export function metricsWarnings({ last, missing, wrong }: MetricsRead, path: string): string[] {
  const lines = wrong === 0
    ? ""
    : `${wrong} of its lines ${wrong === 1 ? "is" : "are"} damaged or repeated, and left out from here on`;
  if (missing === 0) return lines === "" ? [] : [`${path}: ${lines}`];
  const steps = `${missing} of the ${last} ${last === 1 ? "step" : "steps"} before the checkpoint`;
  return [
    `${path} lacks ${steps}, and so will metrics.png` + (lines === "" ? "" : `; ${lines}`),
  ];
}

/**
 * Refuses to resume if there is nothing left to do, or with another number of images.
 *
 * @throws {ConfigError} naming `steps` or `data`.
 */
export function checkResumable({ folder, config: before, step }: RunRead, config: TrainConfig): void {
  if (config.steps <= step) {
    refuse(
      folder,
      "steps",
      `must be more than the ${step} that ${folder.path} has trained, found ${config.steps}. ` +
        `To train it longer, give --more`,
    );
  }
  if (JSON.stringify(config.classes) !== JSON.stringify(before.classes)) {
    const listed = (classes: readonly string[] = []) => JSON.stringify(classes);
    refuse(
      folder,
      "data",
      `must have the classes that ${folder.path} started with, ${listed(before.classes)}, found ${
        listed(config.classes)
      }`,
    );
  }
  // Which pictures a step gets follows from their number
  const { images } = before;
  if (images !== undefined && config.images !== images && wantsSamePictures(before, config)) {
    refuse(
      folder,
      "data",
      `must be the ${images} images that ${folder.path} started with, found ${config.images}`,
    );
  }
}

/**
 * Refuses to resume with different images, even if they are as many, unless the options of the dataset
 * changed.
 *
 * @param config The run's config from now on, with the checksum of the images that were found.
 * @throws {ConfigError} naming `data`.
 */
function checkPictures({ folder, config: before }: RunRead, config: TrainConfig): void {
  const { pictures } = before;
  if (pictures === undefined || pictures === config.pictures || !wantsSamePictures(before, config)) return;
  refuse(
    folder,
    "data",
    `must be the images that ${folder.path} started with, found as many different ones. ` +
      `Give the old ones, or start a new run with --out`,
  );
}

function refuse({ path }: RunFolder, option: string, problem: string): never {
  throw new ConfigError(`Cannot resume ${path}`, [{ option, problem }]);
}

/**
 * Sets a trainer and the folder to the step that a run resumes from: what the run has reported of later
 * steps, it will report again.
 *
 * @returns What the user should know.
 * @throws {Error} if the checkpoint cannot be used.
 */
export async function restoreRun(
  run: Pick<RunRead, "folder" | "checkpoint" | "step" | "metrics">,
  config: TrainConfig,
  trainer: Trainer,
): Promise<string[]> {
  const { folder, checkpoint, step, metrics } = run;
  const warnings: string[] = [];
  if (checkpoint) applyCheckpoint(checkpoint, trainer);
  trainer.optimizers.setRates(config);
  // Its tensors are on the GPU now
  run.checkpoint = undefined;
  const moved = await setAside(folder.path, step);
  if (moved !== undefined) warnings.push(moved);
  await cleanRun(folder.path, checkpoint?.place, (message) => warnings.push(message));
  await new MetricsFile(folder.metricsPath).keep(metrics);
  await keepScores(`${folder.path}/${SCORES_FILE}`, step);
  await folder.writeConfig(config);
  await host().mkdir(`${folder.path}/samples`, { recursive: true });
  return warnings;
}
