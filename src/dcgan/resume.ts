import type { CheckpointPlace } from "./checkpoint.ts";
import { ConfigError, type TrainConfig } from "./config.ts";
import type { StepMetrics } from "./events.ts";
import type { KernelVariants } from "./kernel_variants.ts";
import type { ResumableOption, TrainOptions } from "./options.ts";
import { RunFolder } from "./run_folder.ts";

/** A run that goes on. */
export interface ResumedRun {
  /** Its options, with those that were given for the rest of it. */
  readonly options: TrainOptions;
  /** Its folder. */
  readonly folder: RunFolder;
  /** Where it goes on from. */
  readonly checkpoint: CheckpointPlace;
  /** The numbers of its steps up to there. */
  readonly history: readonly StepMetrics[];
  /** Which variants of its kernels it runs. */
  readonly kernels: KernelVariants | undefined;
}

const resumableOptions: Readonly<Record<ResumableOption, true>> = {
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
 * Opens a run to go on with it. What it has told of steps after its latest checkpoint, it will tell again.
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
  const history = await folder.keepMetrics(checkpoint.step);
  return { options: { ...options, out: path }, folder, checkpoint, history, kernels: config.kernels };
}

/** A run's options, with what may be given anew. */
function optionsOf({ version: _, kernels: __, ...settings }: TrainConfig, given: TrainOptions): TrainOptions {
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
 * Refuses to go on with a run that has done its steps.
 *
 * @throws {ConfigError} naming `steps`.
 */
export function checkStepsLeft({ folder, checkpoint }: ResumedRun, steps: number): void {
  if (steps > checkpoint.step) return;
  const problem = `must be more than the ${checkpoint.step} that ${folder.path} has done: found ${steps}`;
  throw new ConfigError(`Cannot go on with ${folder.path}`, [{ option: "steps", problem }]);
}
