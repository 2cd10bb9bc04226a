import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { Device, Tensor } from "../../gpu/mod.ts";
import type { BatchSource } from "./batch_source.ts";
import { Batches } from "./batches.ts";
import { imagesInStep } from "./images_in_step.ts";
import { LabelTable } from "./label_table.ts";
import { depthFor, ReadAhead } from "./read_ahead.ts";
import { isOwnImage } from "../ranks/own_shards.ts";
import type { ReadingOptions } from "./batch_source.ts";
import { type BatchConfig, UploadedPictures } from "./uploaded_pictures.ts";

/**
 * Batches that are read ahead of their steps and uploaded one by one: for datasets that do not fit the GPU.
 * The next ones are read while the GPU works, and wait in memory, as many as {@linkcode depthFor} says.
 */
export class StreamedPictures implements BatchSource {
  #room: UploadedPictures;
  #labels: LabelTable | undefined;
  #ahead: ReadAhead<Uint8Array>;

  /**
   * No picture is read before the first step asks, and with `shards`, only theirs.
   *
   * @throws {DatasetError} if a picture has no class, and the config has classes.
   */
  constructor(
    device: Device,
    dataset: OpenDataset,
    config: BatchConfig,
    { signal, shards }: ReadingOptions = {},
  ) {
    const { seed } = config;
    const isOwn = isOwnImage(shards, config.batch);
    const images = imagesInStep(config);
    const batches = new Batches(dataset, images, seed);
    const bytes = dataset.shape.reduce((product, extent) => product * extent, images);
    this.#labels = LabelTable.of(device, dataset, config);
    const { classes: _, ...pictures } = config;
    this.#room = new UploadedPictures(device, pictures);
    const read = async (step: number, signal: AbortSignal) => {
      const all = new Uint8Array(bytes);
      const wanted = [...batches.indices(step).entries()].filter(([place]) => isOwn(place));
      const each = bytes / images;
      const read = wanted.length === images ? all : new Uint8Array(wanted.length * each);
      await dataset.read(wanted.map(([, index]) => index), read, signal);
      if (read === all) return all;
      for (const [at, [place]] of wanted.entries()) {
        all.set(read.subarray(at * each, (at + 1) * each), place * each);
      }
      return all;
    };
    this.#ahead = new ReadAhead(read, depthFor(bytes), signal);
  }

  record(counter: Tensor): Tensor {
    return this.#room.record(counter);
  }

  recordLabels(counter: Tensor): Tensor {
    return LabelTable.expect(this.#labels).record(counter);
  }

  async prepare(step: number): Promise<void> {
    this.#room.write(await this.#ahead.take(step));
  }

  /** Ends reading and gives its memory back. */
  [Symbol.dispose](): void {
    this.#ahead[Symbol.dispose]();
    this.#labels?.[Symbol.dispose]();
    this.#room[Symbol.dispose]();
  }
}
