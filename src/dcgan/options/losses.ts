/** The losses that a training step knows, by name. */
export const LOSSES = [
  "non-saturating",
  "minimax",
  "least-squares",
  "hinge",
  "wasserstein",
  "rpgan",
] as const;

/** Name of a loss of both networks. */
export type LossName = (typeof LOSSES)[number];

/** Whether a loss is a cross entropy of probabilities, so that labels can be smoothed. */
export function isLogistic(loss: LossName): boolean {
  return loss === "non-saturating" || loss === "minimax";
}
