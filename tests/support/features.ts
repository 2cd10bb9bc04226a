import { hostNormal } from "../../src/gpu/mod.ts";
import type { Features } from "../../src/dcgan/scores/metrics/features.ts";

/** Normal features, the same for the same seed. */
export function normalFeatures(
  count: number,
  dimensions: number,
  { seed, scale = 1, shift = 0 }: { seed: number; scale?: number; shift?: number },
): Features {
  const data = hostNormal(count * dimensions, { seed }).map((value) => value * scale + shift);
  return { data, count, dimensions };
}

/** Features given row by row. */
export function featuresOf(rows: readonly (readonly number[])[]): Features {
  return { data: Float32Array.from(rows.flat()), count: rows.length, dimensions: rows[0]!.length };
}

/** The same rows, the last first. */
export function reversed({ data, count, dimensions }: Features): Features {
  const rows = Array.from(
    { length: count },
    (_, row) => [...data.subarray(row * dimensions, (row + 1) * dimensions)],
  );
  return featuresOf(rows.reverse());
}
