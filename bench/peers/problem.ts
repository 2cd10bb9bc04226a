import type { Channels } from "../../src/pictures/picture.ts";
import { STREAMS } from "../../src/dcgan/streams.ts";
import { hostNormal } from "../../src/gpu/random/host.ts";

/** What all contestants are given: plain data, so that it can be handed to a process as JSON. */
export interface Problem {
  /** Edge of the pictures, which are square. */
  readonly size: number;
  /** Their channels. */
  readonly channels: Channels;
  /** Feature maps of the generator's last hidden layer. */
  readonly ngf: number;
  /** Feature maps of the discriminator's first layer. */
  readonly ndf: number;
  /** Length of a latent vector. */
  readonly latent: number;
  /** Real pictures in a training step. */
  readonly batch: number;
  /** Pictures drawn at once. */
  readonly sampled: number;
  /** What the networks are built from. */
  readonly firstLayer: "transposed";
  /** What the networks are built from. */
  readonly upsampling: "transposed";
  /** Seed of first values and latent vectors. */
  readonly seed: number;
}

/** The problem that a process was given as its argument. */
export function problemFromArguments(): Problem {
  return JSON.parse(Deno.args[0] ?? "null") as Problem;
}

/** Real pictures as bytes, `[batch, size, size, channels]`: the same in all steps, and for all contestants. */
export function realPixels({ batch, size, channels }: Problem): Uint8Array<ArrayBuffer> {
  const length = batch * size * size * channels;
  return Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
}

/** The same pictures as numbers in [-1, 1]. */
export function realValues(problem: Problem): Float32Array<ArrayBuffer> {
  return Float32Array.from(realPixels(problem), (byte) => byte / 127.5 - 1);
}

/** Latent vectors of a training step, `[batch, latent]`, as the product draws them. */
export function trainingLatent({ batch, latent, seed }: Problem, step: number): Float32Array<ArrayBuffer> {
  return hostNormal(batch * latent, { seed, stream: STREAMS.latent, counter: step });
}

/** Latent vectors of a batch of samples, `[sampled, latent]`, as the product draws them. */
export function samplingLatent({ sampled, latent, seed }: Problem): Float32Array<ArrayBuffer> {
  return hostNormal(sampled * latent, { seed, stream: STREAMS.samples, counter: 0 });
}
