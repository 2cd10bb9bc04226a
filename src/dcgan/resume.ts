import { resolve } from "node:path";
import { type CheckpointPlace, checkpointsIn, restoreCheckpoint } from "./checkpoint.ts";
import { ConfigError, type ConfigIssue, type TrainConfig } from "./config.ts";
import type { KernelVariants } from "./kernel_variants.ts";
import type { ResumableOption, TrainOptions } from "./options.ts";
import { type MetricsLog, RunFolder } from "./run_folder.ts";
import { RunLock } from "./run_lock.ts";
import type { Trainer } from "./trainer.ts";
import { checkRunModule } from "./run_module.ts";

/** A run that goes on. Nothing of it is changed before {@linkcode restoreRun}. */
export interface ResumedRun {
  /** Keeps other processes from its folder. */
  readonly lock: RunLock;
  /** Its options, with those that were given for the rest of it. */
  readonly options: TrainOptions;
  /** Its folder. */
  readonly folder: RunFolder;
  /** Where it goes on from. */
  readonly checkpoint: CheckpointPlace;
  /** The numbers of its steps up to there. */
  readonly history: MetricsLog;
  /** Images that its dataset had; not known of older runs. */
  readonly images: number | undefined;
  /** Which variants of its kernels it runs. */
  readonly kernels: KernelVariants | undefined;
}

const resumableOptions: Readonly<Record<ResumableOption, true>> = {
  data: true,
  dataRoot: true,
  dataTimeout: true,
  mirror: true,
  offline: true,
  gpuDataMemory: true,
  steps: true,
  epochs: true,
  sampleEvery: true,
  checkpointEvery: true,
  logEvery: true,
  profile: true,
};

/**
 * Finds out what a run is, to go on with it.
 *
 * @param place Its folder.
 * @param given What was asked for.
 * @throws {ConfigError} if an option was given that makes it another run.
 * @throws {RangeError} if the run is still going on.
 * @throws {Error} if there is no run, or no checkpoint yet.
 */
export async function openRun(place: string, given: TrainOptions): Promise<ResumedRun> {
  const path = withoutEnd(place);
  const folder = RunFolder.at(path);
  // Whether it is a run at all, before anything is made in it
  checkRunModule(await folder.readConfig(), path, given.data);
  using owned = new DisposableStack();
  const lock = owned.use(await RunLock.take(path));
  const config = await folder.readConfig();
  const options = optionsOf(config, path, given);
  const checkpoint = await folder.latestCheckpoint();
  const history = await folder.readMetrics(checkpoint.step);
  owned.move();
  const { kernels, images } = config;
  return { lock, options: { ...options, out: path }, folder, checkpoint, history, kernels, images };
}

/** A path without slashes at its end. */
function withoutEnd(path: string): string {
  return path.replace(/(?<=.)[\\/]+$/, "");
}

/** Options of datasets of picture files that say how pictures are read, and not which. */
const readingOptions: readonly string[] = ["workers", "memory", "cache", "broken"];

/** A run's options, with what may be given anew. */
function optionsOf(
  { version: _, kernels: __, images: ___, ...settings }: TrainConfig,
  path: string,
  given: TrainOptions,
): TrainOptions {
  const { resume: ____, signal, dataOptions = {}, ...values } = given;
  const own: Readonly<Record<string, unknown>> = { ...settings, out: path };
  const issues: ConfigIssue[] = [];
  const compare = (option: string, before: unknown, value: unknown, name = ""): void => {
    if (JSON.stringify(value) === JSON.stringify(before)) return;
    const found = before === undefined ? "not given" : JSON.stringify(before);
    const problem = option === "tune"
      ? `cannot go with a run that goes on: it keeps the kernels of its config`
      : `cannot change in a run that goes on: ${name}it is ${found} in ${path}, found ${
        JSON.stringify(value)
      }`;
    issues.push({ option, problem });
  };
  for (const [option, value] of Object.entries(values)) {
    if (value === undefined || Object.hasOwn(resumableOptions, option)) continue;
    // Either is what goes without saying
    if (option === "tune" && value === false) continue;
    if (option === "out" && resolve(String(value)) === resolve(path)) continue;
    compare(option, own[option], value);
  }
  for (const [name, value] of Object.entries(dataOptions)) {
    if (!readingOptions.includes(name)) {
      compare("dataOptions", settings.dataOptions[name], value, `${name}: `);
    }
  }
  if (issues.length > 0) throw new ConfigError(`Cannot go on with ${path}`, issues);
  const { steps, ...others } = settings;
  return {
    ...others,
    ...(given.epochs === undefined ? { steps } : {}),
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    dataOptions: { ...settings.dataOptions, ...dataOptions },
    ...(signal === undefined ? {} : { signal }),
  };
}

/**
 * Refuses to go on where there is nothing left to do, or with another dataset.
 *
 * @throws {ConfigError} naming `steps` or `data`.
 */
export function checkResumable({ folder, checkpoint, images }: ResumedRun, config: TrainConfig): void {
  const refuse = (option: string, problem: string): never => {
    throw new ConfigError(`Cannot go on with ${folder.path}`, [{ option, problem }]);
  };
  if (config.steps <= checkpoint.step) {
    refuse(
      "steps",
      `must be more than the ${checkpoint.step} that ${folder.path} has done: found ${config.steps}`,
    );
  }
  // Which pictures a step gets follows from their number
  if (images !== undefined && config.images !== images) {
    refuse("data", `must be the ${images} images that ${folder.path} began with: found ${config.images}`);
  }
}

/**
 * Sets a trainer to where a run goes on from, and the folder as well: what the run has told of later steps, it will tell
 * again.
 *
 * @throws {Error} if the checkpoint cannot be used; where it is damaged, saying what to do.
 */
export async function restoreRun(run: ResumedRun, config: TrainConfig, trainer: Trainer): Promise<void> {
  const { folder, checkpoint, history } = run;
  try {
    await restoreCheckpoint(checkpoint, trainer);
  } catch (cause) {
    const [, before] = await checkpointsIn(folder.checkpoints);
    const isDamaged = cause instanceof SyntaxError || cause instanceof Deno.errors.NotFound;
    if (!isDamaged || !before) throw cause;
    const advice = `delete ${checkpoint.path} to go on from step ${before.step}`;
    throw new Error(`${cause.message}; ${advice}`, { cause });
  }
  await folder.writeMetrics(history);
  await folder.writeConfig(config);
}
