import { composeGrid, encodePng, gridProblem } from "../../src/pictures/mod.ts";
import type { OpenDataset } from "./checked_dataset.ts";

/** Options of {@linkcode previewDataset}. */
export interface PreviewDatasetOptions {
  /** Ends reading. */
  signal?: AbortSignal;
}

/**
 * Draws images of a dataset, from its first to its last in equal steps, as one PNG.
 *
 * @param count How many; all of them where there are fewer.
 * @param options What ends it early.
 * @returns The file.
 * @throws {RangeError} if one picture cannot have so many.
 *
 * @example
 * ```ts
 * import { openDataset, previewDataset } from "@x/dcgan/datasets";
 *
 * await using faces = await openDataset("faces", { size: 32 });
 * const png = await previewDataset(faces, 16); // ready for Deno.writeFile()
 * console.log(png.length > 0); // true
 * ```
 */
export async function previewDataset(
  dataset: OpenDataset,
  count: number,
  { signal }: PreviewDatasetOptions = {},
): Promise<Uint8Array> {
  const problem = gridProblem(Math.min(count, dataset.length), dataset.shape[0]);
  if (problem) throw new RangeError(`Cannot preview ${dataset.name}: "count" ${problem}`);
  const { length, shape: [height, width, channels] } = dataset;
  const shown = Math.min(count, length);
  const indices = Array.from({ length: shown }, (_, i) => Math.floor(i * length / shown));
  const data = new Uint8Array(shown * height * width * channels);
  await dataset.read(indices, data, signal);
  return await encodePng(composeGrid({ width, height, channels: channels as 1 | 3, data }));
}
