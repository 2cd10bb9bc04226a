import type { LatentDistribution } from "../../../src/dcgan/networks/latent.ts";

/** What the page knows of networks that can be looked at. */
export interface SourceFacts {
  /** The model in this tab, or what was opened in Explore or See inside. */
  readonly kind: "model" | "opened";
  /** Another one for all other networks. */
  readonly id: string;
  /** What the page calls it. */
  readonly name: string;
  /** Step of the run; undefined of a file. */
  readonly step: number | undefined;
  /** Width of a picture. */
  readonly width: number;
  /** Height of a picture. */
  readonly height: number;
  /** Channels of a picture. */
  readonly channels: number;
  /** Numbers of a latent vector. */
  readonly latent: number;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /** Names of its classes; undefined if it knows none. */
  readonly classes: readonly string[] | undefined;
  /** Whether there is a discriminator: a file may hold a generator alone. */
  readonly hasDiscriminator: boolean;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}
