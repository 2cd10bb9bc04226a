import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { Device, Tensor } from "../../gpu/mod.ts";
import type { BatchSource } from "./batch_source.ts";
import { Batches } from "./batches.ts";
import { imagesInStep } from "./images_in_step.ts";
import { depthFor, ReadAhead } from "./read_ahead.ts";
import { type BatchConfig, UploadedPictures } from "./uploaded_pictures.ts";

/**
 * Batches that are read ahead of their steps and uploaded one by one: for datasets that do not fit the GPU. The next ones
 * are read while the GPU works, and wait in memory, as many as {@linkcode depthFor} says.
 */
export class StreamedPictures implements BatchSource {
  #room: UploadedPictures;
  #ahead: ReadAhead<Uint8Array>;

  /** Nothing is read before the first step asks. `signal` ends reading. */
  constructor(device: Device, dataset: OpenDataset, config: BatchConfig, signal?: AbortSignal) {
    const { seed } = config;
    const images = imagesInStep(config);
    const batches = new Batches(dataset, images, seed);
    const bytes = dataset.shape.reduce((product, extent) => product * extent, images);
    this.#room = new UploadedPictures(device, config);
    const read = async (step: number, signal: AbortSignal) => {
      const pictures = new Uint8Array(bytes);
      await dataset.read(batches.indices(step), pictures, signal);
      return pictures;
    };
    this.#ahead = new ReadAhead(read, depthFor(bytes), signal);
  }

  record(counter: Tensor): Tensor {
    return this.#room.record(counter);
  }

  async prepare(step: number): Promise<void> {
    this.#room.write(await this.#ahead.take(step));
  }

  /** Ends reading and gives its memory back. */
  [Symbol.dispose](): void {
    this.#ahead[Symbol.dispose]();
    this.#room[Symbol.dispose]();
  }
}
