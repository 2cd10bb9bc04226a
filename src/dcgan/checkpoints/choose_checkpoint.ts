import type { TrainConfig } from "../options/config.ts";
import { ConfigError } from "../options/config_issue.ts";
import { checkpointsIn } from "./checkpoint_files.ts";
import { type ReadCheckpoint, readCheckpoint } from "./read_checkpoint.ts";

/** The checkpoint that a run is resumed from, or that pictures are drawn from. */
export interface ChosenCheckpoint extends ReadCheckpoint {
  /** What is wrong with those after it, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The latest intact checkpoint of a run, or the one of a step.
 *
 * @param run The run folder.
 * @param step Its checkpoint and no other.
 * @returns Undefined if the run has none at all.
 * @throws {ConfigError} naming `step`, if the run has none of that step.
 * @throws {Error} naming each, if none can be used.
 */
export async function chooseCheckpoint(
  run: string,
  config: TrainConfig,
  step?: number,
): Promise<ChosenCheckpoint | undefined> {
  const places = await checkpointsIn(`${run}/checkpoints`);
  if (step !== undefined) {
    const place = places.find((one) => one.step === step);
    if (place) return { ...await readCheckpoint(place, config), warnings: [] };
    const there = places.map((one) => one.step).reverse().join(", ");
    const problem = there === ""
      ? `must be that of a checkpoint, but ${run} has none yet, found ${step}`
      : `must be that of a checkpoint in ${run} (${there}), found ${step}`;
    throw new ConfigError(`Cannot use ${run}`, [{ option: "step", problem }]);
  }
  const problems: string[] = [];
  for (const place of places) {
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
