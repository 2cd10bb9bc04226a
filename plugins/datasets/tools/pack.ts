import type { OpenDataset } from "../opening/checked_dataset.ts";
import { DatasetError, type DatasetProgress } from "../contract.ts";
import { npyByteHeader } from "../formats/npy.ts";
import { labelPath } from "../sets/npy.ts";
import { messageOf, quote } from "../messages.ts";

/** Images that are read and written at once. */
const BATCH = 256;

/** Labels that are asked for before something else may happen. */
const LABELS = 1000;

/** Options of {@linkcode packDataset}. */
export interface PackDatasetOptions {
  /** Aborts packing; nothing is left behind. */
  signal?: AbortSignal;
  /** Is told how far it has come. */
  progress?: (progress: DatasetProgress) => void;
}

/**
 * Writes all images of a dataset into one `.npy` file of bytes, `[N, H, W]` for gray and `[N, H, W, C]` for color, which
 * the dataset `npy` and NumPy read; and its labels beside it, as `<name>.labels.json`. Both are whole or not there. Broken
 * pictures are left out, with their labels: `dataset.skipped` names them afterwards.
 *
 * @returns The paths that were written.
 * @throws {DatasetError} if the dataset fails, or a file cannot be written.
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
  { signal, progress }: PackDatasetOptions = {},
): Promise<string[]> {
  const { length, shape: [height, width, channels] } = dataset;
  const each = height * width * channels;
  const headerOf = (count: number) =>
    npyByteHeader(channels === 1 ? [count, height, width] : [count, height, width, channels]);
  // What labels say may fail, which nobody should learn after hours of reading
  await textOf(dataset, undefined, signal);
  await using images = await NewFile.open(path);
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
  await using labels = labelText === undefined ? undefined : await NewFile.open(labelPath(path));
  await labels?.write(new TextEncoder().encode(labelText));
  // Labels of images that were there before must not stand beside these for a moment
  await Deno.remove(labelPath(path)).catch(() => {});
  await images.finish();
  await labels?.finish();
  return labels ? [path, labelPath(path)] : [path];
}

/**
 * The labels of images as JSON; nothing where there are none.
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
      // Whoever wants to end this must get a word in
      if (place % LABELS === 0) await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      values.push(at(indices?.[place] ?? place));
    }
    entries.push([name, { ...(classes ? { classes } : {}), values }]);
  }
  return entries.length === 0 ? undefined : JSON.stringify(Object.fromEntries(entries));
}

/** A file that has its name only once it is whole. */
class NewFile implements AsyncDisposable {
  readonly #path: string;
  readonly #part: string;
  readonly #file: Deno.FsFile;
  #isOpen = true;
  #finished = false;

  private constructor(path: string, part: string, file: Deno.FsFile) {
    this.#path = path;
    this.#part = part;
    this.#file = file;
  }

  static async open(path: string): Promise<NewFile> {
    const part = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
    return await writing(path, async () => {
      return new NewFile(path, part, await Deno.open(part, { write: true, createNew: true }));
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return writing(this.#path, async () => {
      for (let written = 0; written < bytes.length;) {
        written += await this.#file.write(bytes.subarray(written));
      }
    });
  }

  /** Writes over its first bytes. */
  async rewrite(bytes: Uint8Array): Promise<void> {
    await writing(this.#path, () => this.#file.seek(0, Deno.SeekMode.Start));
    await this.write(bytes);
  }

  /** Gives it its name. */
  finish(): Promise<void> {
    return writing(this.#path, async () => {
      await this.#file.sync();
      this.#file.close();
      this.#isOpen = false;
      await Deno.rename(this.#part, this.#path);
      this.#finished = true;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOpen) this.#file.close();
    if (!this.#finished) await Deno.remove(this.#part).catch(() => {});
  }
}

/** Names the file in what goes wrong. */
async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new DatasetError(`${quote(path)} cannot be written: ${messageOf(cause)}`, { cause });
  }
}
