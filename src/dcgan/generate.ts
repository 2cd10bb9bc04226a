import { ALL_FINITE, firstNonFiniteElement, quantizeImages, type Tensor } from "../gpu/mod.ts";
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
 *
 * @throws {NonFiniteSamplesError} if a sample has values that are NaN or infinite.
 */
export async function* generate<D extends "u8" | "f32">(
  generator: Network,
  options: GenerateOptions,
  dtype: D,
): AsyncGenerator<D extends "u8" ? Uint8Array<ArrayBuffer> : Float32Array<ArrayBuffer>> {
  const { device } = generator.values;
  for (let chunk = 0; chunk * SAMPLE_CHUNK < options.count; chunk++) {
    using drawn = drawChunk(generator, options, chunk, dtype);
    const [values, first] = await device.read([drawn.images, drawn.firstBad]);
    expectFiniteSamples(first![0]!, chunk * SAMPLE_CHUNK, drawn.images);
    yield values as D extends "u8" ? Uint8Array<ArrayBuffer> : Float32Array<ArrayBuffer>;
  }
}

/** The images of one chunk. What it takes to make them is given back at once, not when the next chunk is asked for. */
function drawChunk(
  generator: Network,
  { count, seed, latent, latentDistribution, statistics = "running" }: GenerateOptions,
  chunk: number,
  dtype: "u8" | "f32",
): DrawnChunk {
  const { device } = generator.values;
  using scope = device.scope();
  const length = Math.min(SAMPLE_CHUNK, count - chunk * SAMPLE_CHUNK);
  const source = { seed, stream: STREAMS.samples, counter: chunk };
  const z = drawLatent(device, length, latent, latentDistribution, source);
  const images = generator.forward(z, { training: statistics === "batch", precision: "f32" });
  return new DrawnChunk(
    scope.keep(dtype === "u8" ? quantizeImages(images) : images),
    scope.keep(firstNonFiniteElement(images)),
  );
}

/** The images of a chunk, and the place of their first value that is not finite, as bytes do not show it. */
class DrawnChunk implements Disposable {
  constructor(readonly images: Tensor, readonly firstBad: Tensor) {}

  [Symbol.dispose](): void {
    this.images.dispose();
    this.firstBad.dispose();
  }
}

/** Throws where a sample has values that are not finite. */
function expectFiniteSamples(element: number, before: number, { shape: [count], size }: Tensor): void {
  if (element === ALL_FINITE) return;
  throw new NonFiniteSamplesError(before + Math.floor(element / (size / count!)));
}

/** A generator makes pictures with values that are NaN or infinite, though its weights may be finite. */
export class NonFiniteSamplesError extends Error {
  /** Class name, for logs. */
  override readonly name = "NonFiniteSamplesError";
  /** The first such sample, counted from 0. */
  readonly sample: number;

  /** Says which. */
  constructor(sample: number) {
    super(
      `Cannot draw sample ${sample}: the generator makes values of it that are NaN or infinite, as its weights have ` +
        "grown too large. Use an earlier checkpoint",
    );
    this.sample = sample;
  }
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
