import { latestBefore } from "../../checkpoints/choose_checkpoint.ts";
import { asNonFinite } from "../../numbers/bad_numbers.ts";
import { MetricsFile } from "../../numbers/metrics_file.ts";
import type { RunPlan } from "../plan.ts";
import { metricsWarnings, restoreRun } from "../resume.ts";
import { withChanges } from "./changes.ts";

/** How often a run rolls back before it stops. */
export const MOST_ROLLBACKS = 5;

/**
 * Sets a run back to its last good checkpoint, with half the learning rate: from there it is the same as one that is
 * resumed with this rate.
 *
 * @param run Gets a new config and history, and warnings.
 * @param thrown What ended its steps.
 * @param before How often it was set back before.
 * @throws {unknown} what ended its steps, if that was not a number that became NaN or infinite, or if the run does not
 * want to roll back, has done so too often, or has no good checkpoint.
 */
export async function rollBack(run: RunPlan, thrown: unknown, before: number): Promise<void> {
  const { folder, trainer, config: { onNan, learningRate } } = run;
  const error = asNonFinite(thrown, trainer.steps);
  if (!error || onNan !== "rollback" || before >= MOST_ROLLBACKS) throw thrown;
  const checkpoint = await latestBefore(folder.path, run.config, error.step).catch(() => undefined);
  if (!checkpoint) throw thrown;
  const { step } = checkpoint.place;
  const metrics = await new MetricsFile(folder.metricsPath).read(step);
  const rate = learningRate / 2;
  const config = withChanges(run.config, step, { ...run.config, learningRate: rate });
  const told = await restoreRun({ folder, checkpoint, step, metrics }, config, trainer);
  run.config = config;
  run.history = metrics.history;
  run.warnings.push(
    `Rolled back to the checkpoint of step ${step} and halved the learning rate to ${rate}, as at step ${error.step} ` +
      `${error.what} (rollback ${before + 1} of at most ${MOST_ROLLBACKS})`,
    ...checkpoint.warnings,
    ...metricsWarnings(metrics, folder.metricsPath),
    ...told,
  );
}
