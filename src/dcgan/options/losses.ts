/** Name of a loss of both networks. */
export type LossName = "non-saturating" | "minimax" | "least-squares" | "hinge" | "wasserstein" | "rpgan";

/** The losses that a training step knows. */
export const LOSSES = [
  "non-saturating",
  "minimax",
  "least-squares",
  "hinge",
  "wasserstein",
  "rpgan",
] as const satisfies readonly LossName[];

/** Whether a loss is a cross entropy of probabilities, so that labels can be smoothed. */
export function isLogistic(loss: LossName): boolean {
  return loss === "non-saturating" || loss === "minimax";
}
