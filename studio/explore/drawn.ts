import type { Pictures } from "../engine/model.ts";

/** Pictures, and what they are drawn from. */
export interface Drawn {
  /** Latent vectors, one after another. */
  readonly latents: Float32Array;
  /** Class of each, by number; undefined if the generator knows none. */
  readonly labels: readonly number[] | undefined;
  /** The pictures. */
  readonly pictures: Pictures;
}
