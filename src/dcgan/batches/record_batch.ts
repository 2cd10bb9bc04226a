import { split, type Tensor } from "../../gpu/mod.ts";
import { joinedBatches } from "../steps/join_parts.ts";
import { latentBatches, type StepBatch, type StepLabels } from "../steps/step_parts.ts";
import type { BatchSource } from "./batch_source.ts";
import type { BatchConfig } from "./uploaded_pictures.ts";

/**
 * The real images of a step and, in a conditional run, the classes of all images.
 *
 * @throws {TypeError} if a run is conditional, but its source has no labels.
 */
export function recordBatch(
  source: BatchSource,
  counter: Tensor,
  { classes, dSteps = 1, gSteps = 1 }: Pick<BatchConfig, "classes" | "dSteps" | "gSteps">,
): Pick<StepBatch, "real" | "labels"> {
  const real = source.record(counter);
  if (!classes) return { real };
  if (source.recordLabels) {
    return { real, labels: stepLabels(source.recordLabels(counter), { dSteps, gSteps }) };
  }
  throw new TypeError(
    "Cannot train: the source of batches of a conditional run must have recordLabels(), found none",
  );
}

/**
 * The classes of what a step takes, from those of its real images: a fake image has the class of the real one
 * at its place. So fake images have the classes of the data as often as the data does, and losses of pairs
 * compare images of one class, as in R3GAN (Huang et al. 2024). Updates of the generator that have fresh
 * images give them the classes of the discriminator's last update.
 */
function stepLabels(
  real: Tensor,
  { dSteps, gSteps }: { readonly dSteps: number; readonly gSteps: number },
): StepLabels {
  const fresh = latentBatches({ dSteps, gSteps }) - dSteps;
  if (fresh === 0) return { real, fake: real };
  const last = dSteps === 1 ? real : split(real, dSteps).at(-1)!;
  return { real, fake: joinedBatches([real, ...Array.from({ length: fresh }, () => last)]) };
}
