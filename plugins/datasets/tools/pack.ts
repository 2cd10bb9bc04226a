import { host } from "../../../src/host/host.ts";
import { AtomicFile } from "../../../src/files/atomic_write.ts";
import { npyHeader } from "../../../src/files/npy.ts";
import type { OpenDataset } from "../opening/checked_dataset.ts";
import { DatasetError, type DatasetProgress } from "../contract.ts";
import { labelPath } from "../sets/npy.ts";
import { messageOf, quote } from "../messages.ts";

/** Images that are read and written at once. */
const BATCH = 256;

/** Labels that are read before other tasks get a turn. */
const LABELS = 1000;

/** Options of {@linkcode packDataset}. */
export interface PackDatasetOptions {
  /** Aborts packing; nothing is left behind. */
  signal?: AbortSignal;
  /** Called with the progress. */
  progress?: (progress: DatasetProgress) => void;
  /**
   * Whether to refuse to replace files, also those that may not be read.
   *
   * @default {false}
   */
  createNew?: boolean;
}

/**
 * Writes all images of a dataset into one `.npy` file of bytes, `[N, H, W]` for gray and `[N, H, W, C]` for
 * color, which the dataset `npy` and NumPy read; and its labels beside it, as `<name>.labels.json`. Both are
 * whole or not there. Broken pictures are left out, with their labels: `dataset.skipped` names them
 * afterwards.
 *
 * @returns The paths that were written.
 * @throws {DatasetError} if the dataset fails, a file cannot be written, or is there and may not be replaced.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDataset, packDataset } from "@x/dcgan/datasets";
 *
 * await using faces = await openDataset("faces", { size: 16, options: { length: 100 } });
 * const folder = await Deno.makeTempDir();
 * await packDataset(faces, `${folder}/faces.npy`);
 * await using packed = await openDataset(`${folder}/faces.npy`, { size: 16 });
 * assertEquals([packed.length, packed.shape], [100, [16, 16, 3]]);
 * ```
 */
export async function packDataset(
  dataset: OpenDataset,
  path: string,
  { signal, progress, createNew = false }: PackDatasetOptions = {},
): Promise<string[]> {
  const { length, shape: [height, width, channels] } = dataset;
  const each = height * width * channels;
  const headerOf = (count: number) =>
    npyHeader([count, height, width, ...channels === 1 ? [] : [channels]], "|u1");
  // Reading labels may fail, which should not happen after hours of reading images
  await textOf(dataset, undefined, signal);
  const newFile = (name: string): Promise<AtomicFile> =>
    AtomicFile.open(name, { createNew, toError: (cause) => notWritten(name, cause) });
  await using images = await newFile(path);
  await using labels = await newFile(labelPath(path));
  await images.write(headerOf(length));
  const bytes = new Uint8Array(Math.min(BATCH, length) * each);
  const kept: number[] = [];
  for (let first = 0; first < length; first += BATCH) {
    const count = Math.min(BATCH, length - first);
    const batch = bytes.subarray(0, count * each);
    await dataset.read(Array.from({ length: count }, (_, i) => first + i), batch, signal);
    const before = kept.length;
    for (let i = 0; i < count; i++) {
      if (dataset.replaced?.has(first + i)) continue;
      // In the place of a broken one lies another, which is there once already
      batch.copyWithin((kept.length - before) * each, i * each, (i + 1) * each);
      kept.push(first + i);
    }
    await images.write(batch.subarray(0, (kept.length - before) * each));
    progress?.({ what: path, done: first + count, total: length, unit: "images" });
  }
  if (kept.length === 0) throw new DatasetError("There is nothing to pack: none of the images can be used");
  // Headers are filled up to 128 bytes, whatever the number in them
  if (kept.length < length) await images.rewrite(headerOf(kept.length));
  const labelText = await textOf(dataset, kept, signal);
  if (labelText !== undefined) await labels.write(new TextEncoder().encode(labelText));
  // Labels of images that were there before must not stand beside these for a moment
  if (!createNew) await host().remove(labelPath(path)).catch(() => {});
  await images.finish();
  if (labelText === undefined) return [path];
  await labels.finish();
  return [path, labelPath(path)];
}

/**
 * The labels of images as JSON; nothing if there are none.
 *
 * @param indices Which of them; all without it.
 */
async function textOf(
  { length, labels }: OpenDataset,
  indices?: readonly number[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  const entries: [string, unknown][] = [];
  const count = indices?.length ?? length;
  for (const [name, { classes, at }] of Object.entries(labels)) {
    const values: number[] = [];
    for (let place = 0; place < count; place++) {
      // Lets an abort be handled
      if (place % LABELS === 0) await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      values.push(at(indices?.[place] ?? place));
    }
    entries.push([name, { ...(classes ? { classes } : {}), values }]);
  }
  return entries.length === 0 ? undefined : JSON.stringify(Object.fromEntries(entries));
}

/** Names the file in what the system reports. */
function notWritten(path: string, cause: unknown): DatasetError {
  const problem = host().problemOf(cause) === "AlreadyExists"
    ? "must be a new file, found one there already. Name another one, or replace it with --overwrite"
    : `cannot be written: ${messageOf(cause)}`;
  return new DatasetError(`${quote(path)} ${problem}`, { cause });
}
