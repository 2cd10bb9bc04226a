import type { OpenDataset } from "./checked_dataset.ts";
import { DatasetError, type DatasetProgress } from "./contract.ts";
import { npyByteHeader } from "./formats/npy.ts";
import { labelPath } from "./npy.ts";
import { messageOf, quote } from "./wording.ts";

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
 * Writes all images of a dataset into one `.npy` file of bytes, `[N, H, W]` for grey and `[N, H, W, C]` for colour, which
 * the dataset `npy` and NumPy read; and its labels beside it, as `<name>.labels.json`. Both are whole or not there.
 *
 * @returns The paths that were written.
 * @throws {DatasetError} Where the dataset fails, or a file cannot be written.
 *
 * @example
 * ```ts
 * import { openDataset, packDataset } from "@x/dcgan/datasets";
 *
 * await using faces = await openDataset("faces", { size: 16, options: { length: 100 } });
 * const folder = await Deno.makeTempDir();
 * await packDataset(faces, `${folder}/faces.npy`);
 * await using packed = await openDataset(`${folder}/faces.npy`, { size: 16 });
 * console.log(packed.length, packed.shape); // 100 [16, 16, 3]
 * ```
 */
export async function packDataset(
  dataset: OpenDataset,
  path: string,
  { signal, progress }: PackDatasetOptions = {},
): Promise<string[]> {
  const { length, shape: [height, width, channels] } = dataset;
  const shape = channels === 1 ? [length, height, width] : [length, height, width, channels];
  const labelText = await textOf(dataset, signal);
  await using images = await NewFile.open(path);
  await images.write(npyByteHeader(shape));
  const bytes = new Uint8Array(Math.min(BATCH, length) * height * width * channels);
  for (let first = 0; first < length; first += BATCH) {
    const count = Math.min(BATCH, length - first);
    const batch = bytes.subarray(0, count * height * width * channels);
    await dataset.read(Array.from({ length: count }, (_, i) => first + i), batch, signal);
    await images.write(batch);
    progress?.({ what: path, done: first + count, total: length, unit: "images" });
  }
  await using labels = labelText === undefined ? undefined : await NewFile.open(labelPath(path));
  await labels?.write(new TextEncoder().encode(labelText));
  // Labels of images that were there before must not stand beside these for a moment
  await Deno.remove(labelPath(path)).catch(() => {});
  await images.finish();
  await labels?.finish();
  return labels ? [path, labelPath(path)] : [path];
}

/** The labels of all images as JSON; nothing where there are none. */
async function textOf({ length, labels }: OpenDataset, signal?: AbortSignal): Promise<string | undefined> {
  const entries: [string, unknown][] = [];
  for (const [name, { classes, at }] of Object.entries(labels)) {
    const values: number[] = [];
    for (let index = 0; index < length; index++) {
      // Whoever wants to end this must get a word in
      if (index % LABELS === 0) await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      values.push(at(index));
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
