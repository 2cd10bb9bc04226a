import { host } from "../../../src/host/host.ts";
import {
  type Channels,
  type ImageSides,
  type ImageSize,
  parseSize,
  sidesOf,
} from "../../../src/pictures/mod.ts";
import { builtInDatasets } from "../sets/built_in.ts";
import { cacheDir } from "../remote/cache_dir.ts";
import { CheckedDataset, type OpenDataset } from "./checked_dataset.ts";
import { checkPlugin } from "./check_plugin.ts";
import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  type DatasetProgress,
  type OpenRequest,
} from "../contract.ts";
import { messageWithPlace } from "./plugin_place.ts";
import { readPluginOptions } from "./plugin_options.ts";
import { resolveDataset } from "./resolve.ts";
import { DEFAULT_TIME_LIMIT, Watchdog } from "./watchdog.ts";
import { quote } from "../messages.ts";

/** Options of {@linkcode openDataset}. */
export interface OpenDatasetOptions {
  /** Edge of square images in pixels, or width and height of others, such as `"64x48"`. */
  size: ImageSize;
  /**
   * Channels of the images, 1 for gray and 3 for color, or one more with alpha. Without it the dataset
   * decides.
   */
  channels?: Channels;
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
  /**
   * Servers to try before the dataset's own: the start of a URL, which the name of a file completes.
   *
   * @default {[]}
   */
  mirrors?: readonly string[];
  /**
   * Do not use the network: files that are not downloaded are missing.
   *
   * @default {false}
   */
  offline?: boolean;
  /**
   * Seconds that opening may take without a message or progress, and that reading a batch may take.
   *
   * @default {300}
   */
  timeLimit?: number;
  /** Aborts opening. */
  signal?: AbortSignal;
  /** Called with one line about what takes time. */
  report?: (message: string) => void;
  /** Called with the progress of a download. */
  progress?: (progress: DatasetProgress) => void;
}

/**
 * Finds a dataset, opens it, and checks what it is.
 *
 * @param specifier Name of a built-in dataset, path of a folder or zip of pictures, or path or module
 * specifier of a plugin: see {@linkcode resolveDataset}. Or a plugin itself.
 * @param options Size, channels, data and options of the dataset.
 * @throws {DatasetError} if there is no such dataset, an option is not allowed, it cannot be opened, hangs,
 * or breaks the contract.
 * @throws {RangeError} if the size is not made of whole numbers above 0 or the channels are not 1 to 4.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDataset } from "@x/dcgan/datasets";
 *
 * await using faces = await openDataset("faces", { size: 32, options: { seed: 7 } });
 * const batch = new Uint8Array(2 * 32 * 32 * 3);
 * await faces.read([0, 99_999], batch);
 * assertEquals([faces.length, faces.shape], [100_000, [32, 32, 3]]);
 * ```
 */
export async function openDataset(
  specifier: string | DatasetPlugin,
  options: OpenDatasetOptions,
): Promise<OpenDataset> {
  const { size, channels, signal = new AbortController().signal, timeLimit = DEFAULT_TIME_LIMIT } = options;
  const sides = sidesOfImages(size);
  if (channels !== undefined && ![1, 2, 3, 4].includes(channels)) {
    throw new RangeError(`The channels of images must be 1 to 4, found ${channels}`);
  }
  if (!(timeLimit > 0)) throw new RangeError(`The time limit must be above 0, found ${timeLimit}`);
  signal.throwIfAborted();
  const { plugin, data: found } = typeof specifier === "string"
    ? await resolveDataset(specifier, { signal, timeLimit })
    : { plugin: checkPlugin(specifier, "the plugin") };
  if (options.data !== undefined && found !== undefined) {
    throw new DatasetError(
      `The data cannot be both ${quote(found)} and ${quote(options.data)}: name a dataset, ` +
        "or leave out the second",
    );
  }
  const data = options.data ?? found;
  const watchdog = new Watchdog({
    seconds: timeLimit,
    signal,
    who: `Dataset ${quote(plugin.name)}`,
    does: "open or report progress",
  });
  const folder = options.cacheDir ?? cacheDir();
  const request: OpenRequest = {
    ...sides,
    size: Math.min(sides.width, sides.height),
    ...(channels === undefined ? {} : { channels }),
    ...(data === undefined ? {} : { data }),
    options: readPluginOptions(plugin, options.options),
    ...(folder === undefined ? {} : { cacheDir: folder }),
    mirrors: options.mirrors ?? [],
    offline: options.offline ?? false,
    timeLimit,
    signal,
    report: (message) => {
      checkReport(plugin.name, message);
      watchdog.touch();
      options.report?.(message);
    },
    progress: (progress) => {
      checkProgress(plugin.name, progress);
      watchdog.touch();
      options.progress?.(progress);
    },
  };
  if (typeof specifier === "string" && data === undefined) await tellNamesake(specifier, request);
  let opening: Promise<Dataset> | undefined;
  try {
    const dataset = await watchdog.waitFor(() => opening = (async () => await plugin.open(request))());
    return new CheckedDataset(plugin.name, request, dataset, timeLimit, plugin);
  } catch (cause) {
    // Nothing else would close what is opened later
    opening?.then((dataset) => dataset?.close?.()).catch(() => {});
    signal.throwIfAborted();
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(
      `Dataset ${quote(plugin.name)} cannot be opened: ${messageWithPlace(cause, plugin)}`,
      { cause },
    );
  }
}

function sidesOfImages(size: ImageSize): ImageSides {
  const parsed = parseSize(size);
  if (parsed !== undefined) return sidesOf(parsed);
  throw new RangeError(
    `The size of images must be a whole number above 0, or two such as "64x48", found ${size}`,
  );
}

/** Says that something here has the name of the built-in dataset that is opened. */
async function tellNamesake(specifier: string, { report }: OpenRequest): Promise<void> {
  if (!Object.hasOwn(builtInDatasets, specifier)) return;
  // Before anything that would ask the user for a permission
  if (!host().may("read", specifier) || !await host().stat(specifier).then(() => true, () => false)) return;
  report(
    `This is the built-in dataset ${quote(specifier)}; for the data of that name in this folder, ` +
      `give ./${specifier}`,
  );
}

function checkReport(name: string, message: unknown): void {
  if (typeof message === "string") return;
  throw new DatasetError(`What dataset ${quote(name)} reports must be text, found ${quote(message)}`);
}

function checkProgress(name: string, progress: Partial<DatasetProgress>): void {
  const isCount = (value: unknown) => typeof value === "number" && value >= 0;
  const { what, done, total = 0, unit } = progress ?? {};
  const isUnit = unit === "bytes" || unit === "images";
  if (typeof what === "string" && isCount(done) && isCount(total) && isUnit) return;
  throw new DatasetError(
    `The progress of dataset ${quote(name)} must be { what, done, total, unit }, ` +
      `with the unit "bytes" or "images", found ${quote(progress)}`,
  );
}
