import { quantizeImages, type Tensor } from "../gpu/mod.ts";
import type { Network } from "../nn/mod.ts";
import { drawLatent, type LatentDistribution } from "./latent.ts";
import { SAMPLE_CHUNK, STREAMS } from "./streams.ts";

/** Which samples to draw, and from what. */
export interface GenerateOptions {
  /** How many. */
  readonly count: number;
  /** Seed of the latent vectors. */
  readonly seed: number;
  /** Length of a latent vector. */
  readonly latent: number;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /**
   * What batch norms normalise with: their running statistics, or those of the chunk a sample is drawn in, as in
   * training, which updates the running ones.
   *
   * @default {"running"}
   */
  readonly statistics?: "running" | "batch";
}

/**
 * Draws samples in f32, whatever the network was trained in, a chunk of up to 64 at a time: `[count, size, size, channels]` as bytes, or as floats in [-1, 1].
 * With running statistics a sample does not depend on those drawn beside it.
 */
export async function* generate<D extends "u8" | "f32">(
  generator: Network,
  options: GenerateOptions,
  dtype: D,
): AsyncGenerator<D extends "u8" ? Uint8Array<ArrayBuffer> : Float32Array<ArrayBuffer>> {
  const { device } = generator.values;
  for (let chunk = 0; chunk * SAMPLE_CHUNK < options.count; chunk++) {
    using images = drawChunk(generator, options, chunk, dtype);
    const [values] = await device.read([images]);
    yield values as D extends "u8" ? Uint8Array<ArrayBuffer> : Float32Array<ArrayBuffer>;
  }
}

/** The images of one chunk. What it takes to make them is given back at once, not when the next chunk is asked for. */
function drawChunk(
  generator: Network,
  { count, seed, latent, latentDistribution, statistics = "running" }: GenerateOptions,
  chunk: number,
  dtype: "u8" | "f32",
): Tensor {
  const { device } = generator.values;
  using scope = device.scope();
  const length = Math.min(SAMPLE_CHUNK, count - chunk * SAMPLE_CHUNK);
  const source = { seed, stream: STREAMS.samples, counter: chunk };
  const z = drawLatent(device, length, latent, latentDistribution, source);
  const images = generator.forward(z, { training: statistics === "batch", precision: "f32" });
  return scope.keep(dtype === "u8" ? quantizeImages(images) : images);
}

/** All samples as bytes in one array. */
export async function generateBytes(
  generator: Network,
  options: GenerateOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks = await Array.fromAsync(generate(generator, options, "u8"));
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
