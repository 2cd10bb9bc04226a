import type { ImageSides } from "../../pictures/mod.ts";
import type { LatentDistribution } from "../networks/latent.ts";

/** What is served: all that answers are made of besides pictures. It is fixed once the server starts. */
export interface Served {
  /** Name and version of this module. */
  readonly software: string;
  /** Name of the run's folder, or of the file. */
  readonly run: string;
  /** Step of the checkpoint; undefined of a file. */
  readonly step: number | undefined;
  /** Its weights: as they are, their moving average, or the relative length of an average that is built. */
  readonly weights: "raw" | "ema" | number;
  /** SHA-256 of the generator's safetensors file, in hexadecimal digits. */
  readonly generator: string;
  /** Name of the GPU adapter. */
  readonly adapter: string;
  /** Width and height of a picture. */
  readonly sides: ImageSides;
  /** Channels of a picture. */
  readonly channels: number;
  /** Numbers of a latent vector. */
  readonly latent: number;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /** Names of the classes; undefined if there are none. */
  readonly classes: readonly string[] | undefined;
}
