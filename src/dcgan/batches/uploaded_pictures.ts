import { type Device, gatherImages, type GatherImagesOptions, type Tensor } from "../../gpu/mod.ts";
import type { BatchSource } from "./batch_source.ts";
import { sidesOf } from "../../pictures/image_size.ts";
import { imagesInStep } from "./images_in_step.ts";
import type { TrainConfig } from "../options/config.ts";
import { STREAMS } from "../streams.ts";

/** What decides how a batch is made of pictures. */
export type BatchConfig =
  & Pick<TrainConfig, "size" | "channels" | "batch" | "seed" | "flip" | "precision">
  & Partial<
    Pick<TrainConfig, "dSteps" | "gSteps" | "conditional" | "classes" | "shards" | "bn" | "exchange">
  >;

/** Room on the GPU for the pictures of one step, uploaded before it. */
export class UploadedPictures implements BatchSource {
  #pictures: Tensor;
  #labels: Tensor | undefined;
  #config: BatchConfig;

  /** Room for what a step of a config takes. */
  constructor(device: Device, config: BatchConfig) {
    const { width, height } = sidesOf(config.size);
    this.#config = config;
    this.#pictures = device.state([imagesInStep(config), height, width, config.channels], "u8");
    if (config.classes) this.#labels = device.state([imagesInStep(config)], "u32");
  }

  /**
   * Replaces the pictures, for what is submitted next. What was submitted before still finds the old ones:
   * uploads and steps follow each other on the GPU, and the bytes may be overwritten as soon as this returns.
   *
   * @param labels The class of each, where the config has classes.
   * @throws {RangeError} if the number of bytes or of labels differs, or a label is no class.
   * @throws {TypeError} if labels are missing, or there are no classes.
   */
  write(pictures: Uint8Array, labels?: ArrayLike<number>): void {
    const { classes = [] } = this.#config;
    if ((labels === undefined) !== (this.#labels === undefined)) {
      throw new TypeError(
        `Cannot take pictures: ${
          labels ? "without classes there must be no labels" : "a conditional run needs their labels"
        }, found ${labels ? labels.length : "none"}`,
      );
    }
    const wrong = Array.from(labels ?? []).find((label) => classes[label] === undefined);
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot take pictures: a label must be a whole number from 0 to ${
          classes.length - 1
        }, found ${wrong}`,
      );
    }
    this.#pictures.set(pictures);
    if (labels) this.#labels!.set(labels);
  }

  /** Nothing to wait for. */
  prepare(): undefined {}

  /** The pictures as numbers, those of the step mirrored that are to be. */
  record(counter: Tensor): Tensor {
    return gatherImages(this.#pictures, counter, howOf(this.#config));
  }

  recordLabels(): Tensor {
    if (!this.#labels) throw new TypeError("Cannot take labels: the config must have classes, found none");
    return this.#labels;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#labels?.dispose();
    this.#pictures.dispose();
  }
}

/** What a run makes of the pictures of a batch. */
export function howOf({ flip, seed, precision }: BatchConfig): GatherImagesOptions {
  return { dtype: precision, ...(flip ? { flip: { seed, stream: STREAMS.flips } } : {}) };
}
