import type { TrainOptions } from "../options/options.ts";

/** Real images that a step takes: each update of the discriminator has a batch of its own. */
export function imagesInStep(
  { batch, dSteps = 1 }: { readonly batch: number } & Readonly<Pick<TrainOptions, "dSteps">>,
): number {
  return batch * dSteps;
}

/** Latent vectors that a step takes: with several updates of the discriminator, the generator's is of fresh ones. */
export function latentsInStep(
  { batch, dSteps = 1 }: { readonly batch: number } & Readonly<Pick<TrainOptions, "dSteps">>,
): number {
  return dSteps === 1 ? batch : batch * (dSteps + 1);
}
