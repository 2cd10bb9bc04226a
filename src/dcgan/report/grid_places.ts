import type { TrainConfig } from "../options/config.ts";
import { arrangedSides } from "../sampling/arrangement.ts";
import { classRows, countInGrid } from "../sampling/class_rows.ts";

/** What the samples in a grid of a run are called, as `interpolate` and `arithmetic` take them. */
export interface GridPlaces {
  /** Samples in a row. */
  readonly columns: number;
  /** Pixels across. A grid of other sides was drawn with other options: its places have other samples. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** Pixels between samples and around them. */
  readonly padding: number;
  /** Their names, row by row, such as `1:5` for sample 5 of seed 1. */
  readonly names: readonly string[];
  /** The class of each; null of a run without classes. */
  readonly classes: readonly string[] | null;
}

/** What grids of runs have between samples, also around a single one. */
const PADDING = 2;

/** The names of samples: those of a run are the first of its seed. */
export function gridPlaces(
  { seed, samples, classes, size }: Pick<TrainConfig, "seed" | "samples" | "classes" | "size">,
): GridPlaces {
  const count = countInGrid(samples, classes?.length);
  // Rows of classes put numbers, of four bytes each, where they put images
  const numbers = new Uint8Array(Uint32Array.from({ length: count }, (_, at) => at).buffer);
  const { data, columns = Math.ceil(Math.sqrt(count)) } = classRows(numbers, count, classes?.length ?? 1);
  const order = [...new Uint32Array(data.slice().buffer)];
  return {
    columns,
    ...arrangedSides(order.length, size, { padding: PADDING }, columns),
    padding: PADDING,
    names: order.map((sample) => `${seed}:${sample}`),
    classes: classes ? order.map((sample) => classes[sample % classes.length]!) : null,
  };
}
