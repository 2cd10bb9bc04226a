import { latestBefore } from "../../checkpoints/choose_checkpoint.ts";
import { asNonFinite } from "../../numbers/bad_numbers.ts";
import { MetricsFile } from "../../numbers/metrics_file.ts";
import type { RunPlan } from "../plan.ts";
import { metricsWarnings, restoreRun } from "../resume.ts";
import { mapEnds, textOf } from "../../schedules/scheduled_values.ts";
import { withChanges } from "./changes.ts";

/** How often a run rolls back before it stops. */
export const MOST_ROLLBACKS = 5;

/** What rolled a run back so far. */
export interface Rollbacks {
  /** How often. */
  readonly count: number;
  /** Step of the checkpoint that the last rollback went to; undefined before the first. */
  readonly step: number | undefined;
}

/**
 * Sets a run back to its last good checkpoint, with half the learning rates: from there it is the same as one
 * that is resumed with these. If numbers go bad again before the next checkpoint, that one may be near
 * overflow already: then the run goes back to the one before it, if there is one.
 *
 * @param run Gets a new config and history, and warnings.
 * @param thrown What ended its steps.
 * @param before How it was set back before.
 * @returns The same with this rollback.
 * @throws {unknown} what ended its steps, if that was not a number that became NaN or infinite, or if the run
 * does not want to roll back, has done so too often, or has no good checkpoint.
 */
export async function rollBack(run: RunPlan, thrown: unknown, before: Rollbacks): Promise<Rollbacks> {
  const { folder, trainer, config: { onNan, learningRate, dLearningRate } } = run;
  const error = asNonFinite(thrown, trainer.steps);
  if (!error || onNan !== "rollback" || before.count >= MOST_ROLLBACKS) throw thrown;
  const lastBefore = (step: number) => latestBefore(folder.path, run.config, step).catch(() => undefined);
  const latest = await lastBefore(error.step);
  const isAgain = latest !== undefined && latest.place.step === before.step;
  const checkpoint = isAgain ? await lastBefore(before.step) ?? latest : latest;
  if (!checkpoint) throw thrown;
  const { step } = checkpoint.place;
  const metrics = await new MetricsFile(folder.metricsPath).read(step);
  const half = (rate: number) => rate / 2;
  const rates = {
    learningRate: mapEnds(learningRate, half),
    ...(dLearningRate === undefined ? {} : { dLearningRate: mapEnds(dLearningRate, half) }),
  };
  const config = withChanges(run.config, step, { ...run.config, ...rates });
  const told = await restoreRun({ folder, checkpoint, step, metrics }, config, trainer);
  run.config = config;
  run.history = metrics.history;
  run.warnings.push(
    `Rolled back to the checkpoint of step ${step} and halved the learning ${
      dLearningRate === undefined ? "rate" : "rates"
    } to ${Object.values(rates).map(textOf).join(" and ")}, as at step ${error.step} ` +
      `${error.what} (rollback ${before.count + 1} of at most ${MOST_ROLLBACKS})`,
    ...checkpoint.warnings,
    ...metricsWarnings(metrics, folder.metricsPath),
    ...told,
  );
  return { count: before.count + 1, step };
}
