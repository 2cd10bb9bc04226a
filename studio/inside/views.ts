import type { Pictures } from "../engine/model.ts";

/** What a discriminator looks at in some pictures. */
export interface Looks {
  /** The logit of each picture. */
  readonly logits: Float32Array;
  /**
   * For each pixel of each picture, the largest slope of the logit over its channels, of 255: of the largest
   * one in the picture.
   */
  readonly heat: Uint8Array;
}

/** The feature maps of a layer for one picture. */
export interface LayerMaps {
  /** What it is made of: "Conv2d, BatchNorm2d, LeakyReLU". */
  readonly layers: string;
  /** How many maps it has. */
  readonly channels: number;
  /** Those that are shown, gray: from the smallest number of the map, black, to the largest, white. */
  readonly maps: Pictures;
  /** Maps of all that are the same number everywhere. */
  readonly flat: number;
}

/** How a step changed a layer. */
export interface LayerChange {
  /** Its name in PyTorch, such as `main.0.weight`. */
  readonly name: string;
  /** Numbers in it. */
  readonly count: number;
  /** Length of the change beside that of the weights: 0.01 is a hundredth, 1 is all of a layer that was zeros. */
  readonly change: number;
}

/** What a step of one network changed. */
export interface StepChange {
  /** Steps of the run so far. */
  readonly step: number;
  /** The generator that learns, not its average. */
  readonly generator: readonly LayerChange[];
  /** The discriminator. */
  readonly discriminator: readonly LayerChange[];
  /** Samples of the generator that learns, before and after, of the same latent vectors. */
  readonly before: Pictures;
  /** The same after it. */
  readonly after: Pictures;
  /** Mean logit of the samples before the step and after it. */
  readonly logits: readonly [before: number, after: number];
}
