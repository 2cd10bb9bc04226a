import {
  type Channels,
  composeGrid,
  encodePng,
  gridProblem,
  imageSizeOf,
} from "../../../src/pictures/mod.ts";
import type { OpenDataset } from "../opening/checked_dataset.ts";

/** Options of {@linkcode previewDataset}. */
export interface PreviewDatasetOptions {
  /** Ends reading. */
  signal?: AbortSignal;
}

/**
 * Draws images of a dataset, from its first to its last in equal steps, as one PNG. Broken pictures are left
 * out: `dataset.skipped` names them afterwards.
 *
 * @param count How many; all of them if there are fewer.
 * @param options What ends it early.
 * @returns The file.
 * @throws {RangeError} if one picture cannot hold that number of images.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDataset, previewDataset } from "@x/dcgan/datasets";
 *
 * await using faces = await openDataset("faces", { size: 32 });
 * const png = await previewDataset(faces, 16); // ready for Deno.writeFile()
 * assert(png.length > 0);
 * ```
 */
export async function previewDataset(
  dataset: OpenDataset,
  count: number,
  { signal }: PreviewDatasetOptions = {},
): Promise<Uint8Array> {
  const { shape: [height, width, channels] } = dataset;
  const problem = gridProblem(Math.min(count, dataset.length), imageSizeOf({ width, height }));
  if (problem) throw new RangeError(`Cannot preview ${dataset.name}: "count" ${problem}`);
  const indices = previewIndices(dataset, count);
  const data = new Uint8Array(indices.length * height * width * channels);
  await dataset.read(indices, data, signal);
  const each = height * width * channels;
  const good = indices.flatMap((index, i) =>
    dataset.replaced?.has(index) ? [] : [data.subarray(i * each, (i + 1) * each)]
  );
  // If all are broken, what was read in their place is still something to see
  if (good.length > 0) { for (const [i, image] of good.entries()) data.set(image, i * each); }
  const drawn = data.subarray(0, (good.length || indices.length) * each);
  return await encodePng(composeGrid({ width, height, channels: channels as Channels, data: drawn }));
}

/** The images that {@linkcode previewDataset} reads. */
export function previewIndices({ length }: OpenDataset, count: number): number[] {
  const shown = Math.min(count, length);
  return Array.from({ length: shown }, (_, i) => Math.floor(i * length / shown));
}
