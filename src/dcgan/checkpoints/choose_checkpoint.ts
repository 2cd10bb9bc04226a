import type { TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import { bestOf, readScores, SCORES_FILE } from "../scores/scores_file.ts";
import { type CheckpointPlace, checkpointsIn } from "./checkpoint_files.ts";
import { type ReadCheckpoint, readCheckpoint } from "./read_checkpoint.ts";

/** The checkpoint that a run is resumed from, or that pictures are drawn from. */
export interface ChosenCheckpoint extends ReadCheckpoint {
  /** What is wrong with those after it, a sentence each. */
  readonly warnings: readonly string[];
}

/** Which checkpoint of a run: the one with the best score, the latest that is whole, or the one of a step. */
export type CheckpointChoice = "best" | "last" | number;

/**
 * A checkpoint of a run.
 *
 * @param run The run folder.
 * @param from Which one.
 * @param option The option that said so, for messages.
 * @returns Undefined if the run has none at all.
 * @throws {ConfigError} naming the option, if the run has none of that step, or no scores.
 * @throws {Error} naming each, if none can be used.
 */
export async function chooseCheckpoint(
  run: string,
  config: TrainConfig,
  from: CheckpointChoice = "last",
  option: "from" | "step" = "from",
): Promise<ChosenCheckpoint | undefined> {
  const places = await checkpointsIn(`${run}/checkpoints`);
  if (from !== "last") {
    const step = from === "best" ? await bestStep(run, config, places) : from;
    const place = places.find((one) => one.step === step);
    if (place) return { ...await readCheckpoint(place, config), warnings: [] };
    const there = places.map((one) => one.step).reverse().join(", ");
    const problem = from === "best"
      ? `cannot be best, as no checkpoint of ${run} has a score. Give last, or a step`
      : there === ""
      ? `must be that of a checkpoint, but ${run} has none yet, found ${from}`
      : `must be that of a checkpoint in ${run} (${there}), found ${from}`;
    throw new ConfigError(`Cannot use ${run}`, [{ option, problem }]);
  }
  return await latestBefore(run, config);
}

/**
 * The latest checkpoint of a run that is whole.
 *
 * @param before It must be of an earlier step.
 * @returns Undefined if the run has none at all.
 * @throws {Error} naming each, if none can be used.
 */
export async function latestBefore(
  run: string,
  config: TrainConfig,
  before = Infinity,
): Promise<ChosenCheckpoint | undefined> {
  const problems: string[] = [];
  for (const place of await checkpointsIn(`${run}/checkpoints`)) {
    if (place.step >= before) continue;
    try {
      const read = await readCheckpoint(place, config);
      const warnings = problems.map((problem) => `${problem}. Step ${place.step} is used instead`);
      return { ...read, warnings };
    } catch (error) {
      problems.push(error instanceof Error ? error.message : `${error}`);
    }
  }
  if (problems.length === 0) return undefined;
  throw new Error(`Cannot use any checkpoint of ${run}: ${problems.join("; ")}`);
}

async function bestStep(
  run: string,
  config: TrainConfig,
  places: readonly CheckpointPlace[],
): Promise<number | undefined> {
  const steps = new Set(places.map(({ step }) => step));
  const scored = (await readScores(`${run}/${SCORES_FILE}`)).filter(({ step }) => steps.has(step));
  return bestOf(scored, config.scoreBy)?.step;
}
