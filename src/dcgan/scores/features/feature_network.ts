import type { Features } from "../metrics/features.ts";

/** What a feature network finds in pictures. */
export interface Described {
  /** `[count, dimensions]`: a row of numbers for each picture. */
  readonly features: Features;
  /**
   * The class that each picture most looks like, for each label in the order of
   * {@linkcode FeatureNetwork.labels}.
   */
  readonly classes: readonly Uint32Array[];
}

/** A label that a feature network predicts. */
export interface PredictedLabel {
  /** Its name in the dataset. */
  readonly name: string;
  /** How many classes it has. */
  readonly classes: number;
  /**
   * Share of pictures that it was not trained on of which it finds the class; undefined if that is not known.
   */
  readonly accuracy?: number;
}

/**
 * Turns pictures into rows of numbers in which similar pictures are near to each other, so that sets of
 * pictures can be compared: Inception's pool layer is the usual one. Scores are comparable only if they come
 * from the same one.
 */
export interface FeatureNetwork {
  /** What it is, to be reported beside every score. */
  readonly name: string;
  /** Numbers for each picture. */
  readonly dimensions: number;
  /** What it predicts besides; empty if it knows no classes. */
  readonly labels: readonly PredictedLabel[];
  /**
   * Describes pictures.
   *
   * @param pictures `[count, height, width, channels]` as bytes.
   */
  describe(pictures: Uint8Array): Promise<Described>;
}
