import { concat, split, type Tensor } from "../../gpu/mod.ts";
import type { StepBatch, StepLabels } from "../steps/step_parts.ts";
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
  { classes, dSteps = 1 }: Pick<BatchConfig, "classes" | "dSteps">,
): Pick<StepBatch, "real" | "labels"> {
  const real = source.record(counter);
  if (!classes) return { real };
  if (source.recordLabels) return { real, labels: stepLabels(source.recordLabels(counter), dSteps) };
  throw new TypeError(
    "Cannot train: the source of batches of a conditional run must have recordLabels(), found none",
  );
}

/**
 * The classes of what a step takes, from those of its real images: a fake image has the class of the real one at its
 * place. So fake images have the classes of the data as often as the data does, and losses of pairs compare images of
 * one class, as in R3GAN (Huang et al. 2024). With several updates of the discriminator, the generator's images have the
 * classes of the last.
 */
function stepLabels(real: Tensor, dSteps: number): StepLabels {
  return { real, fake: dSteps === 1 ? real : concat(real, split(real, dSteps).at(-1)!) };
}
