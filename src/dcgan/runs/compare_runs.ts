import { CONFIG_FACTS, type TrainConfig } from "../options/config.ts";
import { RunFolder } from "../run/folder/run_folder.ts";
import type { Scores } from "../scores/score.ts";
import { readScores, SCORES_FILE, type StepScores } from "../scores/scores_file.ts";
import { type DamagedRun, readRun, type RunSummary } from "./run_summary.ts";
import { lastMeans, meansAt, type StepMeans } from "./step_means.ts";

/** An option that runs do not have in common. */
export interface DifferingOption {
  /** Its name. */
  readonly option: string;
  /** Its value in each run, in the order of the runs; undefined if it was not given. */
  readonly values: readonly unknown[];
}

/** How a run did at a step. */
export interface RunAtStep {
  /** The step; undefined if the run has no numbers. */
  readonly step: number | undefined;
  /** Means of the numbers of up to 100 steps up to there. */
  readonly means: StepMeans | undefined;
  /** Its scores there, if it was scored. At the end: its last scores, whose step `scoredStep` says. */
  readonly scores: Scores | undefined;
  /** Step of the scores. */
  readonly scoredStep: number | undefined;
}

/** Runs side by side. */
export interface RunComparison {
  /** The runs, in the order in which they were named. */
  readonly runs: readonly RunSummary[];
  /** Options that differ. */
  readonly options: readonly DifferingOption[];
  /**
   * How each run did at steps that all of them have: up to four that are scored in all, or the last if none
   * is.
   */
  readonly atEqualSteps: readonly { readonly step: number; readonly runs: readonly RunAtStep[] }[];
  /** How each run did at its own end. */
  readonly atEnd: readonly RunAtStep[];
  /** Runs that cannot be read, and are not among the others. */
  readonly damaged: readonly DamagedRun[];
}

/** Steps that are compared at most, besides the end. */
const MOST_STEPS = 4;

/** Fields of a config that say nothing of how runs differ. */
const OTHERS: readonly string[] = [...CONFIG_FACTS.filter((name) => name !== "images"), "out"];

/**
 * Puts runs side by side: the options that differ, and scores and numbers at equal steps and at the end.
 *
 * @param folders At least two run folders.
 * @throws {RangeError} if fewer are given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareRuns, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const folder = await Deno.makeTempDir();
 * const options = { size: 16, ngf: 8, ndf: 8, batch: 4, steps: 2, scoreEvery: 0 } as const;
 * for (const seed of [1, 2]) {
 *   await Array.fromAsync(train(device, { ...options, seed, out: `${folder}/${seed}` }));
 * }
 * const { options: differing, atEnd } = await compareRuns([`${folder}/1`, `${folder}/2`]);
 * assertEquals(differing, [{ option: "seed", values: [1, 2] }]);
 * assertEquals(atEnd.map(({ step }) => step), [2, 2]);
 * ```
 */
export async function compareRuns(folders: readonly string[]): Promise<RunComparison> {
  if (folders.length < 2) {
    throw new RangeError(`Cannot compare runs: at least two must be given, found ${folders.length}`);
  }
  const all = await Promise.all(folders.map((folder) => readRun(folder.replace(/(?<=.)[\\/]+$/, ""))));
  const runs = all.filter((run) => run.state !== "damaged");
  const scored = await Promise.all(runs.map(({ run }) => readScores(`${run}/${SCORES_FILE}`)));
  const steps = equalSteps(runs, scored);
  const metrics = runs.map(({ run }) => RunFolder.at(run).metricsPath);
  const means = await Promise.all(metrics.map((path) => meansAt(path, steps)));
  const ends = await Promise.all(metrics.map(lastMeans));
  return {
    runs,
    options: differingOptions(runs.map(({ config }) => config)),
    atEqualSteps: steps.map((step, at) => ({
      step,
      runs: runs.map((_, i) => atStep(step, means[i]![at], scored[i]!.find((one) => one.step === step))),
    })),
    atEnd: runs.map(({ step }, i) => atStep(step === 0 ? undefined : step, ends[i], scored[i]!.at(-1))),
    damaged: all.filter((run) => run.state === "damaged"),
  };
}

function atStep(
  step: number | undefined,
  means: StepMeans | undefined,
  found: StepScores | undefined,
): RunAtStep {
  return { step, means, scores: found?.scores, scoredStep: found?.step };
}

function differingOptions(configs: readonly TrainConfig[]): DifferingOption[] {
  const names = [...new Set(configs.flatMap((config) => Object.keys(config)))];
  return names.filter((name) => !OTHERS.includes(name)).flatMap((option) => {
    const values = configs.map((config): unknown => config[option as keyof TrainConfig]);
    const isSame = new Set(values.map((value) => JSON.stringify(value))).size <= 1;
    return isSame ? [] : [{ option, values }];
  });
}

/** Steps at which runs can be compared: evenly among those scored in all, the last one included. */
function equalSteps(runs: readonly RunSummary[], scored: readonly (readonly StepScores[])[]): number[] {
  if (runs.length === 0) return [];
  const common = scored[0]!.map(({ step }) => step)
    .filter((step) => scored.every((scores) => scores.some((one) => one.step === step)));
  if (common.length === 0) {
    const last = Math.min(...runs.map(({ step }) => step));
    return last > 0 ? [last] : [];
  }
  const count = Math.min(MOST_STEPS, common.length);
  return Array.from({ length: count }, (_, i) => common[Math.ceil((i + 1) * common.length / count) - 1]!);
}
