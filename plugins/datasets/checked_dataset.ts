import {
  type Dataset,
  DatasetError,
  type DatasetPlugin,
  type Labels,
  type OpenRequest,
  type SkippedPicture,
} from "./contract.ts";
import { messageOf, quote } from "./wording.ts";

/** Most images in a dataset: an index fits 32 bits. */
const MAX_LENGTH = 2 ** 32 - 1;

/** An open dataset that keeps to the contract, as training sees it. Closes itself at the end of `await using`. */
export interface OpenDataset extends AsyncDisposable {
  /** Name of the plugin. */
  readonly name: string;
  /** Number of images. */
  readonly length: number;
  /** Height, width and channels of every image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** What is known about the images, by name; empty where nothing is. */
  readonly labels: Readonly<Record<string, Labels>>;
  /** Pictures that were left out so far; it may grow while images are read. */
  readonly skipped: readonly SkippedPicture[];
  /**
   * Reads images; see {@linkcode Dataset.read}.
   *
   * @throws {RangeError} Where an index is not a whole number from 0 to `length - 1`, or `into` has another length than
   * the images need.
   * @throws {DatasetError} Where the dataset fails, or was closed.
   */
  read(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Gives back files and memory. Does nothing the second time. */
  close(): Promise<void>;
}

/** Holds a dataset to the contract: once when it is opened, and at every reading. */
export class CheckedDataset implements OpenDataset {
  readonly name: string;
  readonly length: number;
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly labels: Readonly<Record<string, Labels>>;
  readonly #dataset: Dataset;
  #closed = false;

  constructor(name: string, request: OpenRequest, dataset: Dataset) {
    checkDataset(name, request, dataset);
    const [height, width, channels] = dataset.shape;
    this.name = name;
    this.length = dataset.length;
    this.shape = [height, width, channels];
    this.labels = dataset.labels ?? {};
    this.#dataset = dataset;
  }

  get skipped(): readonly SkippedPicture[] {
    return this.#dataset.skipped ?? [];
  }

  async read(indices: ArrayLike<number>, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { name, length, shape: [height, width, channels] } = this;
    if (this.#closed) {
      throw new DatasetError(`Dataset ${quote(name)} was closed: open it again to read from it`);
    }
    const expected = indices.length * height * width * channels;
    if (into.length !== expected) {
      throw new RangeError(
        `${indices.length} images of ${height}x${width}x${channels} need an array of ${expected}: found ${into.length}`,
      );
    }
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      if (!Number.isInteger(index) || index < 0 || index >= length) {
        throw new RangeError(
          `An index of dataset ${quote(name)} must be a whole number from 0 to ${length - 1}: found ${index}`,
        );
      }
    }
    signal?.throwIfAborted();
    try {
      await this.#dataset.read(indices, into, signal);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof DatasetError) throw cause;
      throw new DatasetError(`Dataset ${quote(name)} cannot be read: ${messageOf(cause)}`, { cause });
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#dataset.close?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function checkDataset(name: DatasetPlugin["name"], request: OpenRequest, dataset: unknown): void {
  const fail = (what: string, must: string, found: unknown): never => {
    throw new DatasetError(
      `The ${what} that dataset ${quote(name)} opens with must be ${must}: found ${quote(found)}`,
    );
  };
  if (typeof dataset !== "object" || dataset === null) {
    return fail("value", "an object with length, shape and read", dataset);
  }
  const { length, shape, read, labels, skipped, close } = dataset as Record<keyof Dataset, unknown>;
  if (!Number.isInteger(length) || (length as number) < 1 || (length as number) > MAX_LENGTH) {
    fail("length", `a whole number from 1 to ${MAX_LENGTH}`, length);
  }
  const { size, channels } = request;
  const wanted = (channels === undefined ? [1, 3] : [channels]).map((count) => `[${size},${size},${count}]`);
  if (!Array.isArray(shape) || !wanted.includes(JSON.stringify(shape))) {
    fail("shape", wanted.join(" or "), shape);
  }
  if (typeof read !== "function") fail('"read"', "a function", read);
  if (close !== undefined && typeof close !== "function") fail('"close"', "a function", close);
  if (skipped !== undefined && !Array.isArray(skipped)) fail('"skipped"', "an array", skipped);
  if (labels === undefined) return;
  if (typeof labels !== "object" || labels === null) return fail('"labels"', "an object", labels);
  for (const [key, label] of Object.entries(labels as Record<string, Partial<Labels> | undefined>)) {
    if (typeof label?.at !== "function") fail(`"at" of label ${quote(key)}`, "a function", label?.at);
    const classes: unknown = label?.classes;
    const ok = classes === undefined ||
      Array.isArray(classes) && classes.every((one) => typeof one === "string");
    if (!ok) fail(`"classes" of label ${quote(key)}`, "an array of texts", classes);
  }
}
