import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import { chosenPlaces } from "./reference.ts";

/**
 * Classes for the samples that are compared with a dataset: those of a fixed random choice of its pictures, so that they
 * are as frequent as there. Undefined if the run is not conditional.
 */
export function sampleLabels(
  dataset: OpenDataset,
  { conditional, classes }: Pick<TrainConfig, "conditional" | "classes">,
  count: number,
): number[] | undefined {
  if (!classes) return undefined;
  const { at } = dataset.labels[`${conditional}`]!;
  return chosenPlaces(dataset, count).map((place) => at(place));
}
