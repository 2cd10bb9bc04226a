import { type CheckpointPlace, restoreCheckpoint } from "./checkpoint.ts";
import { ConfigError, type TrainConfig } from "./config.ts";
import type { KernelVariants } from "./kernel_variants.ts";
import type { ResumableOption, TrainOptions } from "./options.ts";
import { type MetricsLog, RunFolder } from "./run_folder.ts";
import { RunLock } from "./run_lock.ts";
import type { Trainer } from "./trainer.ts";

/** A run that goes on. Nothing of it is changed before {@linkcode restoreRun}. */
export interface ResumedRun {
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
 * @param path Its folder.
 * @param given What was asked for.
 * @throws {ConfigError} if an option was given that makes it another run.
 * @throws {Error} if there is no run, or no checkpoint yet.
 */
export async function openRun(path: string, given: TrainOptions): Promise<ResumedRun> {
  const folder = RunFolder.at(path);
  const config = await folder.readConfig();
  const options = optionsOf(config, given);
  const checkpoint = await folder.latestCheckpoint();
  const history = await folder.readMetrics(checkpoint.step);
  const { kernels, images } = config;
  return { options: { ...options, out: path }, folder, checkpoint, history, kernels, images };
}

/** A run's options, with what may be given anew. */
function optionsOf(
  { version: _, kernels: __, images: ___, ...settings }: TrainConfig,
  given: TrainOptions,
): TrainOptions {
  const { resume, signal, ...values } = given;
  const issues = Object.entries(values).flatMap(([option, value]) => {
    const own = settings[option as keyof typeof settings];
    if (value === undefined || option in resumableOptions || sameValue(value, own)) return [];
    const problem =
      `cannot change in a run that goes on: it is ${JSON.stringify(own) ?? "not there"} in ${resume}, ` +
      `found ${JSON.stringify(value)}`;
    return [{ option, problem }];
  });
  if (issues.length > 0) throw new ConfigError(`Cannot go on with ${resume}`, issues);
  const { steps, ...others } = settings;
  return {
    ...others,
    ...(given.epochs === undefined ? { steps } : {}),
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    ...(signal === undefined ? {} : { signal }),
  };
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
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
 * @returns Keeps other processes from the folder.
 * @throws {RangeError} if the run is still going on.
 * @throws {Error} if the checkpoint cannot be used; saying what to do.
 */
export async function restoreRun(run: ResumedRun, config: TrainConfig, trainer: Trainer): Promise<RunLock> {
  const { folder, checkpoint, history } = run;
  using owned = new DisposableStack();
  const lock = owned.use(await RunLock.take(folder.path));
  try {
    await restoreCheckpoint(checkpoint, trainer);
  } catch (cause) {
    throw new Error(
      `${(cause as Error).message}; to go on from the checkpoint before it, delete ${checkpoint.path}`,
      { cause },
    );
  }
  await folder.writeMetrics(history);
  await folder.writeConfig(config);
  owned.move();
  return lock;
}
