import type { ExportedRun } from "./networks.ts";

/** Where weights come from, as a sentence: `From run faces-1, step 5000: the moving average of its weights.` */
export function originText({ origin: { name, step, weights } }: Pick<ExportedRun, "origin">): string {
  if (step === undefined) return `From the file ${name}.`;
  const which = weights === "raw"
    ? "its weights"
    : weights === "ema"
    ? "the moving average of its weights"
    : `an average of its weights of relative length ${weights}`;
  return `From run ${name}, step ${step}: ${which}.`;
}
