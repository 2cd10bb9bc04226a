import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { labelOf } from "../batches/choose_label.ts";
import type { TrainConfig } from "../options/config.ts";
import { chosenPlaces } from "./reference.ts";

/**
 * Classes for the samples that are compared with a dataset: those of a fixed random choice of its pictures,
 * so that they are as frequent as there. Undefined if the run is not conditional.
 *
 * @throws {RangeError} if the dataset lacks the label of the run.
 */
export function sampleLabels(
  dataset: OpenDataset,
  { conditional, classes }: Pick<TrainConfig, "conditional" | "classes">,
  count: number,
): number[] | undefined {
  if (!classes) return undefined;
  const label = labelOf(dataset, { conditional });
  return chosenPlaces(dataset, count).map((place) => label.at(place));
}
