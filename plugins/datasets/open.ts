import { cacheDir } from "./cache_dir.ts";
import { CheckedDataset, type OpenDataset } from "./checked_dataset.ts";
import { DatasetError, type OpenRequest } from "./contract.ts";
import { readPluginOptions } from "./plugin_options.ts";
import { resolveDataset } from "./resolve.ts";
import { messageOf, quote } from "./wording.ts";

/** Options of {@linkcode openDataset}. */
export interface OpenDatasetOptions {
  /** Edge of the square images, in pixels. */
  size: number;
  /** Channels of the images, 1 for grey and 3 for colour. Without it the dataset decides. */
  channels?: 1 | 3;
  /** Path of the folder or file that holds the data, for datasets that need or take one. */
  data?: string;
  /**
   * Values of the dataset's own options, by name.
   *
   * @default {{}}
   */
  options?: Readonly<Record<string, unknown>>;
  /** Folder for downloads. Without it, `x-dcgan` in the user's folder for caches. */
  cacheDir?: string;
  /** Aborts opening. */
  signal?: AbortSignal;
  /** Is told in one line what takes time. Without it nobody is. */
  report?: (message: string) => void;
}

/**
 * Finds a dataset, opens it, and checks what it is.
 *
 * @param specifier Name of a built-in dataset, path of a folder or zip of pictures, or path or module specifier of a
 * plugin: see {@linkcode resolveDataset}.
 * @param options What is wanted of it.
 * @throws {DatasetError} Where there is no such dataset, an option is not allowed, it cannot be opened, or it does not
 * keep to the contract.
 * @throws {RangeError} Where the size is not a whole number above 0 or the channels are not 1 or 3.
 *
 * @example
 * ```ts
 * import { openDataset } from "@x/dcgan/datasets";
 *
 * await using faces = await openDataset("faces", { size: 32, options: { seed: 7 } });
 * const batch = new Uint8Array(2 * 32 * 32 * 3);
 * await faces.read([0, 99_999], batch);
 * console.log(faces.length, faces.shape); // 100000 [32, 32, 3]
 * ```
 */
export async function openDataset(specifier: string, options: OpenDatasetOptions): Promise<OpenDataset> {
  const { size, channels, signal = new AbortController().signal, report = () => {} } = options;
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`The size of images must be a whole number above 0: found ${size}`);
  }
  if (channels !== undefined && channels !== 1 && channels !== 3) {
    throw new RangeError(`The channels of images must be 1 or 3: found ${channels}`);
  }
  signal.throwIfAborted();
  const { plugin, data: found } = await resolveDataset(specifier);
  const data = options.data ?? found;
  if (options.data !== undefined && found !== undefined) {
    throw new DatasetError(
      `The data cannot be both ${quote(found)} and ${
        quote(options.data)
      }: name a dataset, or leave out the second`,
    );
  }
  const request: OpenRequest = {
    size,
    ...(channels === undefined ? {} : { channels }),
    ...(data === undefined ? {} : { data }),
    options: readPluginOptions(plugin, options.options),
    cacheDir: options.cacheDir ?? cacheDir(),
    signal,
    report,
  };
  try {
    return new CheckedDataset(plugin.name, request, await plugin.open(request));
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(`Dataset ${quote(plugin.name)} cannot be opened: ${messageOf(cause)}`, { cause });
  }
}
