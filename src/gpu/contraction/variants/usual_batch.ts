import type { Contraction } from "../sums/contraction.ts";

/**
 * Images that a batch is taken to have, where what is computed of one must not depend on how many there are: samples of a
 * generator are the same however many are drawn at once.
 */
export const USUAL_IMAGES = 16;

/** Most images of a batch for which that holds: as many as samples are drawn at once. */
export const MOST_IMAGES = 64;

/** The rows and elements of a sum's output for other numbers of samples. */
export function ofSamples(
  { rows, output, samples = 1 }: Pick<Contraction, "rows" | "output" | "samples">,
  count: number,
): { readonly rows: number; readonly size: number } {
  return { rows: rows / samples * count, size: output.size / samples * count };
}
