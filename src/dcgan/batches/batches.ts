import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { permuted, printAsText } from "../../gpu/mod.ts";
import type { Channels } from "../../pictures/mod.ts";
import { type MimeBundle, showInNotebooks } from "../../pictures/notebook/mime_bundle.ts";
import { showImages } from "../notebook/show_images.ts";

/** Images that a notebook shows of a batch at most. */
const MOST_SHOWN = 64;

/** Places in a dataset of so many pictures, in the order of the first pass. */
export function firstPlaces(length: number, seed: number, count: number): number[] {
  return Array.from({ length: count }, (_, place) => permuted(place, length, { seed, epoch: 0 }));
}

/**
 * Batches of a dataset in shuffled passes that follow each other without a gap: each picture once a pass.
 * Which pictures a step gets is a pure function of seed and step.
 */
export class Batches {
  #dataset: OpenDataset;
  #batch: number;
  #seed: number;
  #bytes: Uint8Array;

  /** Batches of `batch` pictures. */
  constructor(dataset: OpenDataset, batch: number, seed: number) {
    this.#dataset = dataset;
    this.#batch = batch;
    this.#seed = seed;
    this.#bytes = new Uint8Array(batch * dataset.shape.reduce((a, b) => a * b));
  }

  /** The places in the dataset of the pictures of a step, counted from 0. */
  indices(step: number): number[] {
    const { length } = this.#dataset;
    return Array.from({ length: this.#batch }, (_, position) => {
      const place = step * this.#batch + position;
      return permuted(place % length, length, { seed: this.#seed, epoch: Math.floor(place / length) });
    });
  }

  /** The pictures of a step as bytes, valid until the next call. */
  async read(step: number, signal?: AbortSignal): Promise<Uint8Array> {
    await this.#dataset.read(this.indices(step), this.#bytes, signal);
    return this.#bytes;
  }

  /** Passes over the dataset after a number of steps, with fraction. */
  epochAfter(steps: number): number {
    return steps * this.#batch / this.#dataset.length;
  }

  /** How many images of what, such as `batches of 64 from 10000 images of 32x32x3`. */
  toString(): string {
    const { length, shape: [height, width, channels] } = this.#dataset;
    return `batches of ${this.#batch} from ${length} images of ${width}x${height}x${channels}`;
  }

  /** What a notebook shows: the first batch, or the beginning of a large one. */
  async bundle(): Promise<MimeBundle> {
    const [height, width, channels] = this.#dataset.shape;
    const shown = Math.min(this.#batch, MOST_SHOWN);
    const data = new Uint8Array(shown * height * width * channels);
    await this.#dataset.read(this.indices(0).slice(0, shown), data);
    const pictures = { width, height, channels: channels as Channels, data };
    return { ...(await showImages(pictures)).bundle(), "text/plain": `${this}` };
  }
}

printAsText(Batches);
showInNotebooks(Batches.prototype, (batches) => batches.bundle());
