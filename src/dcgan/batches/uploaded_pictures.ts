import { type Device, gatherImages, type GatherImagesOptions, type Tensor } from "../../gpu/mod.ts";
import { sidesOf } from "../../pictures/mod.ts";
import { imagesInStep } from "./images_in_step.ts";
import type { TrainConfig } from "../options/config.ts";
import { STREAMS } from "../streams.ts";

/** What decides how a batch is made of pictures. */
export type BatchConfig =
  & Pick<TrainConfig, "size" | "channels" | "batch" | "seed" | "flip" | "precision">
  & Partial<Pick<TrainConfig, "dSteps">>;

/** Room on the GPU for the pictures of one step, uploaded before it. */
export class UploadedPictures implements Disposable {
  #pictures: Tensor;
  #config: BatchConfig;

  /** Room for what a step of a config takes. */
  constructor(device: Device, config: BatchConfig) {
    const { width, height } = sidesOf(config.size);
    this.#config = config;
    this.#pictures = device.state([imagesInStep(config), height, width, config.channels], "u8");
  }

  /**
   * Replaces the pictures, for what is submitted next. What was submitted before still finds the old ones: uploads and
   * steps follow each other on the GPU, and the bytes may be overwritten as soon as this returns.
   *
   * @throws {RangeError} if the number of bytes differs.
   */
  write(pictures: Uint8Array): void {
    this.#pictures.set(pictures);
  }

  /** The pictures as numbers, those of the step mirrored that are to be. */
  record(counter: Tensor): Tensor {
    return gatherImages(this.#pictures, counter, howOf(this.#config));
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#pictures.dispose();
  }
}

/** What a run makes of the pictures of a batch. */
export function howOf({ flip, seed, precision }: BatchConfig): GatherImagesOptions {
  return { dtype: precision, ...(flip ? { flip: { seed, stream: STREAMS.flips } } : {}) };
}
