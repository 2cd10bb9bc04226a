import { checkpointsIn } from "../checkpoints/checkpoint_files.ts";
import type { TrainConfig } from "../options/config.ts";
import { NonFiniteSamplesError } from "../sampling/generate.ts";
import { NonFiniteError } from "./non_finite.ts";
import type { RunFolder } from "../run/folder/run_folder.ts";
import type { Trainer } from "../trainer.ts";
import type { StepNumbers } from "./step_numbers.ts";

/** The numbers of the steps since the last reading, up to one that went wrong. */
export async function readNumbers(
  trainer: Trainer,
): Promise<{ readonly numbers: readonly StepNumbers[]; readonly bad?: NonFiniteError }> {
  try {
    return { numbers: await trainer.metrics() };
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    return { numbers: error.before, bad: error };
  }
}

/** An error that says that numbers went bad, as what it is; undefined for any other. */
export function asNonFinite(error: unknown, step: number): NonFiniteError | undefined {
  if (error instanceof NonFiniteError) return error;
  if (!(error instanceof NonFiniteSamplesError)) return undefined;
  const what = "the generator draws images with values that are NaN or infinite";
  return new NonFiniteError({ kind: "samples", step, what });
}

/** What ended a run: where its numbers went bad, with the checkpoint to resume from. */
export async function explainEnd(
  error: unknown,
  step: number,
  config: TrainConfig,
  folder: RunFolder,
): Promise<unknown> {
  const bad = asNonFinite(error, step);
  if (!bad) return error;
  const [latest] = await checkpointsIn(folder.checkpoints);
  return bad.in({ ...config, checkpoint: latest?.path });
}
