import { permuted } from "../../../gpu/mod.ts";
import { logisticRegression, scoreOf } from "../solvers/regressions.ts";
import { type Box, insideBoxes } from "./boxes.ts";

/** Maps of one sample, and the boxes in it. */
export interface BoxedMaps {
  /** `[height, width, channels]`. */
  readonly maps: Float32Array;
  /** Its boxes, at least one. */
  readonly boxes: readonly Box[];
}

/** Maps that make a thing, and how well they tell where it is. */
export interface ResponsibleMaps {
  /** Numbers of the maps whose weight is above 0. */
  readonly maps: readonly number[];
  /** Places in boxes that the weights were fitted to. */
  readonly positives: number;
  /** Places outside of boxes, as many in each sample as in its boxes if it has so many. */
  readonly negatives: number;
  /** Share of these places that the regression tells right. */
  readonly accuracy: number;
}

/**
 * Which feature maps of a layer make a thing: a logistic regression tells from all maps at a place whether it
 * lies in a box around the thing, and these are the maps whose weight is above 0 (the paper, section 6.3.1).
 * As in the paper, what is not in a box are random places of the same samples.
 *
 * @throws {RangeError} if no place is outside of all boxes.
 */
export function responsibleMaps(
  samples: readonly BoxedMaps[],
  [height, width, channels]: readonly [number, number, number],
  seed: number,
): ResponsibleMaps {
  const rows: Float32Array[] = [];
  const positive: boolean[] = [];
  for (const [number, { maps, boxes }] of samples.entries()) {
    const inside = insideBoxes(boxes, height, width);
    const take = (place: number) => {
      rows.push(maps.subarray(place * channels, (place + 1) * channels));
      positive.push(inside[place]!);
    };
    const places = [...inside.keys()];
    const outside = places.filter((place) => !inside[place]);
    const own = places.filter((place) => inside[place]);
    own.forEach(take);
    for (let i = 0; i < Math.min(own.length, outside.length); i++) {
      take(outside[permuted(i, outside.length, { seed, epoch: number })]!);
    }
  }
  const positives = positive.filter((one) => one).length;
  if (positives === positive.length) {
    throw new RangeError(
      `Cannot tell maps inside of boxes from those outside: some of the ${height}x${width} places of a map must be outside, ` +
        "found that all are in boxes. Draw smaller boxes",
    );
  }
  const data = new Float32Array(rows.length * channels);
  for (const [at, row] of rows.entries()) data.set(row, at * channels);
  const all = { data, count: rows.length, dimensions: channels };
  const found = logisticRegression(all, positive);
  const right = positive.filter((one, i) => scoreOf(found, all, i) > 0 === one).length;
  return {
    maps: [...found.weights.keys()].filter((map) => found.weights[map]! > 0),
    positives,
    negatives: positive.length - positives,
    accuracy: right / positive.length,
  };
}
