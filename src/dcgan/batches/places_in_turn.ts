import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { permuted } from "../../gpu/mod.ts";
import type { TrainConfig } from "../options/config.ts";
import { labelOf } from "./choose_label.ts";

/**
 * Places in a dataset of pictures whose classes follow each other, `0, 1, 2, 0, 1, ...`: of each class those
 * that the run gets first. Undefined where a class has no more pictures.
 *
 * @param classes How many classes there are.
 * @param count How many places.
 * @throws {RangeError} if the dataset lacks the label of the run.
 */
export function placesInTurn(
  dataset: OpenDataset,
  { conditional, seed }: Pick<TrainConfig, "conditional" | "seed">,
  classes: number,
  count: number,
): (number | undefined)[] {
  const { length } = dataset;
  const label = labelOf(dataset, { conditional });
  const places = new Array<number | undefined>(count).fill(undefined);
  const next = Array.from({ length: classes }, (_, at) => at);
  let left = count;
  for (let place = 0; place < length && left > 0; place++) {
    const index = permuted(place, length, { seed, epoch: 0 });
    const of = label.at(index);
    const at = next[of];
    if (at === undefined || at >= count) continue;
    places[at] = index;
    next[of] = at + classes;
    left--;
  }
  return places;
}
