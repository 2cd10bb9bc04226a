import { latentBatches } from "../steps/step_parts.ts";
import type { TrainOptions } from "../options/options.ts";

/** Real images that a step takes: each update of the discriminator has a batch of its own. */
export function imagesInStep(
  { batch, dSteps = 1 }: { readonly batch: number } & Readonly<Pick<TrainOptions, "dSteps">>,
): number {
  return batch * dSteps;
}

/** Latent vectors that a step takes: updates of the generator alone are of fresh ones. */
export function latentsInStep(
  { batch, dSteps = 1, gSteps = 1 }:
    & { readonly batch: number }
    & Readonly<Pick<TrainOptions, "dSteps" | "gSteps">>,
): number {
  return batch * latentBatches({ dSteps, gSteps });
}
