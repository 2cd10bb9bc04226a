import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  type Labels,
  type OpenRequest,
  type SkippedPicture,
} from "../contract.ts";
import { showInNotebooks } from "../../../src/pictures/notebook/mime_bundle.ts";
import { datasetBundle } from "../tools/dataset_bundle.ts";
import { checkDataset } from "./check_dataset.ts";
import { messageWithPlace } from "./plugin_place.ts";
import { HangingError, Watchdog } from "./watchdog.ts";
import { quote } from "../messages.ts";

/**
 * What images are filled with before they are read, the second if the first may have been the image itself.
 */
const MARKS = [0xa7, 0x58] as const;

/** Seconds that a dataset may take to close which hung before. */
const CLOSE_AFTER_HANGING = 5;

/**
 * An open dataset whose results are checked against the contract. `await using` closes it. In a notebook it shows itself
 * as a grid of its images, with what is known of them.
 */
export interface OpenDataset extends AsyncDisposable {
  /** Name of the plugin. */
  readonly name: string;
  /** Number of images. */
  readonly length: number;
  /** Height, width and channels of every image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** What is known about the images, by name; empty if nothing is. */
  readonly labels: Readonly<Record<string, Labels>>;
  /** Pictures that were left out so far; it may grow while images are read. */
  readonly skipped: readonly SkippedPicture[];
  /** Indices of the skipped images that other images replace. */
  readonly replaced?: ReadonlySet<number>;
  /**
   * The shorter side of its pictures as they are stored, in pixels, if that is known; see
   * {@linkcode Dataset.nativeSize}.
   *
   * @throws {DatasetError} if the dataset fails, or gives something else.
   */
  nativeSize(signal?: AbortSignal): Promise<number | undefined>;
  /**
   * Reads images; see {@linkcode Dataset.read}.
   *
   * @throws {RangeError} if an index is not a whole number from 0 to `length - 1`, or `into` has another
   * length than the images need.
   * @throws {DatasetError} if the dataset fails, or was closed.
   */
  read(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * Closes files and frees memory. Does nothing the second time.
   *
   * @throws {DatasetError} if closing fails or hangs.
   */
  close(): Promise<void>;
}

/** Checks a dataset against the contract: when it is opened, and at every read. */
export class CheckedDataset implements OpenDataset {
  readonly name: string;
  readonly length: number;
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly labels: Readonly<Record<string, Labels>>;
  readonly #dataset: Dataset;
  readonly #seconds: number;
  readonly #plugin: DatasetPlugin | undefined;
  #closed = false;
  /** Why nothing can be read from it now. */
  #broken: DatasetError | undefined;

  /**
   * @param name Name of the plugin.
   * @param request The request that it was opened with.
   * @param dataset What it opened with.
   * @param seconds Seconds that reading may take.
   * @param plugin What opened it, to say where in it an error comes from.
   */
  constructor(
    name: string,
    request: OpenRequest,
    dataset: Dataset,
    seconds = Infinity,
    plugin?: DatasetPlugin,
  ) {
    checkDataset(name, request, dataset);
    const [height, width, channels] = dataset.shape;
    this.name = name;
    this.length = dataset.length;
    this.shape = [height, width, channels];
    const labels = Object.entries(dataset.labels ?? {});
    this.labels = Object.fromEntries(
      labels.map(([key, label]) => [key, checkedLabels(this, key, label, plugin)]),
    );
    this.#dataset = dataset;
    this.#seconds = seconds;
    this.#plugin = plugin;
  }

  get skipped(): readonly SkippedPicture[] {
    const skipped: readonly Partial<SkippedPicture>[] = this.#dataset.skipped ?? [];
    const wrong = skipped.findIndex((one) => typeof one?.name !== "string" || typeof one.reason !== "string");
    if (wrong < 0) return skipped as readonly SkippedPicture[];
    throw new DatasetError(
      `What dataset ${quote(this.name)} skipped must be objects with the texts name and reason, ` +
        `found ${quote(skipped[wrong])}`,
    );
  }

  get replaced(): ReadonlySet<number> {
    return this.#dataset.replaced ?? new Set();
  }

  async nativeSize(signal?: AbortSignal): Promise<number | undefined> {
    const find = () => this.#dataset.nativeSize?.();
    let size: unknown;
    try {
      size = await this.#waitFor(find, "find the size of its pictures", this.#seconds, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      throw this.#errorOf(cause, "cannot find the size of its pictures");
    }
    if (size === undefined || Number.isInteger(size) && size as number >= 1) {
      return size as number | undefined;
    }
    throw new DatasetError(
      `The native size of dataset ${quote(this.name)} must be a whole number of at least 1, found ${
        quote(size)
      }`,
      { kind: "breaks-contract" },
    );
  }

  async read(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { name, shape: [height, width, channels] } = this;
    if (this.#closed) {
      throw new DatasetError(`Dataset ${quote(name)} was closed: open it again to read from it`);
    }
    const expected = indices.length * height * width * channels;
    if (into.length !== expected) {
      throw new RangeError(
        `An array for ${indices.length} images of ${height}x${width}x${channels} must have ${expected} values, found ${into.length}`,
      );
    }
    for (let i = 0; i < indices.length; i++) checkIndex(indices[i]!, this);
    signal?.throwIfAborted();
    if (this.#broken) throw this.#broken;
    into.fill(MARKS[0]);
    await this.#fill(indices, into, signal);
    await this.#checkFilled(indices, into, signal);
  }

  /** Lets the dataset write images. */
  async #fill(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    try {
      const count = `${indices.length} ${indices.length === 1 ? "image" : "images"}`;
      const read = () => this.#dataset.read(indices, into, signal);
      await this.#waitFor(read, `read ${count}`, this.#seconds, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      // A hung read may still write, and would write into the next batch
      if (cause instanceof HangingError) this.#broken = cause;
      throw this.#errorOf(cause, "cannot be read");
    }
  }

  /** Throws if an image was left out, as a dataset does that is shorter than it says. */
  async #checkFilled(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const [height, width, channels] = this.shape;
    const each = height * width * channels;
    for (let i = 0; i < indices.length; i++) {
      let image = into.subarray(i * each, (i + 1) * each);
      if (!isAll(image, MARKS[0])) continue;
      image = new Uint8Array(each).fill(MARKS[1]);
      await this.#fill([indices[i]!], image, signal);
      if (!isAll(image, MARKS[1])) continue;
      throw new DatasetError(
        `Dataset ${quote(this.name)} says that it has ${this.length} images, ` +
          `but wrote nothing for image ${indices[i]}`,
      );
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      const seconds = this.#broken ? Math.min(CLOSE_AFTER_HANGING, this.#seconds) : this.#seconds;
      await this.#waitFor(() => this.#dataset.close?.(), "close", seconds);
    } catch (cause) {
      throw this.#errorOf(cause, "cannot be closed");
    }
  }

  /** An error of the plugin as one that names the dataset. */
  #errorOf(cause: unknown, what: string): DatasetError {
    if (cause instanceof DatasetError) return cause;
    const reason = messageWithPlace(cause, this.#plugin);
    return new DatasetError(`Dataset ${quote(this.name)} ${what}: ${reason}`, { cause });
  }

  async #waitFor<T>(
    start: () => T | PromiseLike<T>,
    does: string,
    seconds: number,
    signal = new AbortController().signal,
  ): Promise<T> {
    return await new Watchdog({ seconds, signal, who: `Dataset ${quote(this.name)}`, does }).waitFor(start);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

showInNotebooks<OpenDataset>(CheckedDataset.prototype, datasetBundle);

/** Whether all values are the same one. Images hardly ever are, so that the first value mostly answers. */
function isAll(values: Uint8Array, value: number): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== value) return false;
  return true;
}

function checkIndex(index: number, { name, length }: OpenDataset): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new RangeError(
    `An index of dataset ${quote(name)} must be a whole number from 0 to ${length - 1}, found ${index}`,
  );
}

/** Labels that throw if their values are invalid. */
function checkedLabels(
  dataset: OpenDataset,
  key: string,
  label: Labels,
  plugin: DatasetPlugin | undefined,
): Labels {
  const { name } = dataset;
  const { classes } = label;
  return {
    ...(classes ? { classes } : {}),
    at(index) {
      checkIndex(index, dataset);
      let value: unknown;
      try {
        value = label.at(index);
      } catch (cause) {
        if (cause instanceof DatasetError) throw cause;
        throw new DatasetError(
          `Label ${quote(key)} of dataset ${quote(name)} cannot be read for image ${index}: ` +
            `${messageWithPlace(cause, plugin)}`,
          { cause },
        );
      }
      const ok = classes ? classes[value as number] !== undefined : Number.isFinite(value);
      if (ok && typeof value === "number") return value;
      const must = classes ? `a whole number from 0 to ${classes.length - 1}` : "a finite number";
      throw new DatasetError(
        `Label ${quote(key)} of dataset ${quote(name)} must be ${must}, ` +
          `found ${quote(value)} for image ${index}`,
      );
    },
  };
}
