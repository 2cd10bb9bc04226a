import type { OpenDataset } from "./checked_dataset.ts";
import { DatasetError, type DatasetProgress } from "./contract.ts";
import { npyByteHeader } from "./formats/npy.ts";
import { labelPath } from "./npy.ts";
import { messageOf, quote } from "./wording.ts";

/** Images that are read and written at once. */
const BATCH = 256;

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
  const { length, shape: [height, width, channels], labels } = dataset;
  const shape = channels === 1 ? [length, height, width] : [length, height, width, channels];
  await writeWhole(path, async (file) => {
    await writeAll(file, npyByteHeader(shape));
    const bytes = new Uint8Array(Math.min(BATCH, length) * height * width * channels);
    for (let first = 0; first < length; first += BATCH) {
      const count = Math.min(BATCH, length - first);
      const batch = bytes.subarray(0, count * height * width * channels);
      await dataset.read(Array.from({ length: count }, (_, i) => first + i), batch, signal);
      await writeAll(file, batch);
      progress?.({ what: path, done: first + count, total: length, unit: "images" });
    }
  });
  if (Object.keys(labels).length === 0) return [path];
  const values = Object.fromEntries(
    Object.entries(labels).map(([name, { classes, at }]) => [
      name,
      { ...(classes ? { classes } : {}), values: Array.from({ length }, (_, index) => at(index)) },
    ]),
  );
  await writeWhole(
    labelPath(path),
    (file) => writeAll(file, new TextEncoder().encode(JSON.stringify(values))),
  );
  return [path, labelPath(path)];
}

/** Writes a file under another name and renames it once it is whole. */
async function writeWhole(path: string, write: (file: Deno.FsFile) => Promise<void>): Promise<void> {
  const part = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  let made = false;
  try {
    {
      using file = await Deno.open(part, { write: true, createNew: true });
      made = true;
      await write(file);
      await file.sync();
    }
    await Deno.rename(part, path);
  } catch (cause) {
    if (made) await Deno.remove(part).catch(() => {});
    if (cause instanceof DatasetError || cause instanceof DOMException) throw cause;
    throw new DatasetError(`${quote(path)} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}
