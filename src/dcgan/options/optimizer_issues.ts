import type { ConfigIssue } from "./config_issue.ts";
import type { TrainOptions } from "./options.ts";

/**
 * A warm-up that a run does not come out of. Of a run whose length is not known yet there is nothing to say.
 */
export function warmupIssues({ warmup = 0, steps }: Pick<TrainOptions, "warmup" | "steps">): ConfigIssue[] {
  if (steps === undefined || warmup === 0 || warmup < steps) return [];
  const problem = `must be fewer than the steps of the run, ${steps}, found ${warmup}`;
  return [{ option: "warmup", problem }];
}

/** An optimizer that differs from Adam in nothing. */
export function decayIssues(
  { optimizer = "adam", weightDecay, resume }: Pick<TrainOptions, "optimizer" | "weightDecay" | "resume">,
): ConfigIssue[] {
  // The weight decay of a run that is resumed is known once its config is read
  const decays = weightDecay === undefined ? resume !== undefined : weightDecay > 0;
  if (optimizer === "adam" || decays) return [];
  const problem = `must be "adam" without weight decay, found ${JSON.stringify(optimizer)}: they differ in ` +
    "nothing else. Give --weight-decay, such as 0.01";
  return [{ option: "optimizer", problem }];
}
