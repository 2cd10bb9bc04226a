import type { TrainConfig } from "../options/config.ts";
import { classRows, countInGrid } from "../sampling/class_rows.ts";

/** What the samples in a grid of a run are called, as `interpolate` and `arithmetic` take them. */
export interface GridPlaces {
  /** Samples in a row. */
  readonly columns: number;
  /** Their names, row by row, such as `1:5` for sample 5 of seed 1. */
  readonly names: readonly string[];
}

/** The names of samples: those of a run are the first of its seed. */
export function gridPlaces(
  { seed, samples, classes }: Pick<TrainConfig, "seed" | "samples" | "classes">,
): GridPlaces {
  const count = countInGrid(samples, classes?.length);
  // Rows of classes put numbers, of four bytes each, where they put images
  const numbers = new Uint8Array(Uint32Array.from({ length: count }, (_, at) => at).buffer);
  const { data, columns = Math.ceil(Math.sqrt(count)) } = classRows(numbers, count, classes?.length ?? 1);
  return { columns, names: [...new Uint32Array(data.slice().buffer)].map((sample) => `${seed}:${sample}`) };
}
