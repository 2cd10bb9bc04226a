import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { type Device, gatherImages, type Tensor } from "../../gpu/mod.ts";
import type { BatchSource } from "./batch_source.ts";
import { Batches } from "./batches.ts";
import { imagesInStep } from "./images_in_step.ts";
import { LabelTable } from "./label_table.ts";
import { depthFor, ReadAhead } from "./read_ahead.ts";
import { isOwnImage } from "../ranks/own_shards.ts";
import type { ReadingOptions } from "./batch_source.ts";
import { type BatchConfig, howOf } from "./uploaded_pictures.ts";

/**
 * All pictures of a dataset on the GPU, as bytes: each is read and uploaded once, and batches are gathered
 * there by the step itself. Training starts at once: a picture is read when the first step wants it, or a
 * little before, and once all are there nothing is read, uploaded or waited for any more.
 */
export class ResidentPictures implements BatchSource {
  #device: Device;
  #dataset: OpenDataset;
  #config: BatchConfig;
  #batches: Batches;
  #pictures: Tensor;
  #labels: LabelTable | undefined;
  #ahead: ReadAhead<void>;
  #isThere: Uint8Array;
  #missing: number;
  #isOwn: (place: number) => boolean;

  /**
   * Takes the memory for all pictures. Nothing is read before the first step asks, and with `shards`, only what their
   * steps want.
   *
   * @throws {RangeError} if they do not fit the GPU.
   * @throws {DatasetError} if a picture has no class, and the config has classes.
   */
  constructor(
    device: Device,
    dataset: OpenDataset,
    config: BatchConfig,
    { signal, shards }: ReadingOptions = {},
  ) {
    const { length, shape } = dataset;
    this.#isOwn = isOwnImage(shards, config.batch);
    this.#device = device;
    this.#dataset = dataset;
    this.#config = config;
    this.#batches = new Batches(dataset, imagesInStep(config), config.seed);
    this.#labels = LabelTable.of(device, dataset, config);
    this.#pictures = device.empty([length, ...shape], "u8");
    this.#isThere = new Uint8Array(length);
    this.#missing = length;
    const read = (step: number, signal: AbortSignal) => this.#fetch(step, signal);
    this.#ahead = new ReadAhead(read, depthFor(imagesInStep(config) * bytesOf(dataset)), signal);
  }

  /** Pictures that are not on the GPU yet. */
  get missing(): number {
    return this.#missing;
  }

  record(counter: Tensor): Tensor {
    const shuffle = { batch: imagesInStep(this.#config), seed: this.#config.seed };
    return gatherImages(this.#pictures, counter, { shuffle, ...howOf(this.#config) });
  }

  recordLabels(counter: Tensor): Tensor {
    return LabelTable.expect(this.#labels).record(counter);
  }

  prepare(step: number): Promise<void> | undefined {
    return this.#missing === 0 ? undefined : this.#ahead.take(step);
  }

  /** Ends reading and gives its memory back. */
  [Symbol.dispose](): void {
    this.#ahead[Symbol.dispose]();
    this.#labels?.[Symbol.dispose]();
    this.#pictures.dispose();
  }

  /** Reads and uploads the pictures of a step that are not there yet. */
  async #fetch(step: number, signal: AbortSignal): Promise<void> {
    const own = this.#batches.indices(step).filter((_, place) => this.#isOwn(place));
    const wanted = new Set(own.filter((index) => !this.#isThere[index]));
    if (wanted.size === 0) return;
    const indices = [...wanted];
    const each = bytesOf(this.#dataset);
    const bytes = new Uint8Array(indices.length * each);
    await this.#dataset.read(indices, bytes, signal);
    signal.throwIfAborted();
    // Launches that wait may still read what lay here before
    this.#device.flush();
    const { buffer, offset } = this.#pictures.storage.range();
    for (const [position, index] of indices.entries()) {
      this.#device.gpu.queue.writeBuffer(buffer, offset + index * each, bytes, position * each, each);
      this.#isThere[index] = 1;
    }
    this.#device.inFlight.upload(bytes.length);
    this.#missing -= indices.length;
  }
}

/** Bytes of one picture. */
function bytesOf({ shape: [height, width, channels] }: OpenDataset): number {
  return height * width * channels;
}
