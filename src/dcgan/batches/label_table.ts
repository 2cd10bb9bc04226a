import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { type Device, gatherLabels, type Tensor } from "../../gpu/mod.ts";
import { labelOf } from "./choose_label.ts";
import { imagesInStep } from "./images_in_step.ts";
import type { BatchConfig } from "./uploaded_pictures.ts";

/**
 * The class of every picture of a dataset, on the GPU: four bytes for each, so that they are there even if
 * the pictures are not. A step gathers those of its pictures.
 */
export class LabelTable implements Disposable {
  #labels: Tensor;
  #shuffle: { readonly batch: number; readonly seed: number };

  private constructor(labels: Tensor, config: BatchConfig) {
    this.#labels = labels;
    this.#shuffle = { batch: imagesInStep(config), seed: config.seed };
  }

  /**
   * That of the label that a config names; undefined if it has no classes.
   *
   * @throws {RangeError} if the dataset has no such label.
   * @throws {DatasetError} if a picture has no class.
   * @throws {TensorTooLargeError} if they do not fit the adapter.
   */
  static of(device: Device, dataset: OpenDataset, config: BatchConfig): LabelTable | undefined {
    if (!config.classes) return undefined;
    const labels = labelOf(dataset, config);
    using owned = new DisposableStack();
    const table = owned.use(device.state([dataset.length], "u32"));
    table.set(Uint32Array.from({ length: dataset.length }, (_, index) => labels.at(index)));
    owned.move();
    return new LabelTable(table, config);
  }

  /** A table that must be there. */
  static expect(table: LabelTable | undefined): LabelTable {
    if (table) return table;
    throw new TypeError("Cannot take labels: the config must have classes, found none");
  }

  /** The classes of the pictures of the step that the counter holds. */
  record(counter: Tensor): Tensor {
    return gatherLabels(this.#labels, counter, { shuffle: this.#shuffle });
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#labels.dispose();
  }
}
