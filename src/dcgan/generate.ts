import { type Device, map, quantizeImages, sum, type Tensor } from "../gpu/mod.ts";
import type { Network } from "../nn/mod.ts";
import { type ActivationSizes, activationSizes, samplesAtOnce } from "./activation_sizes.ts";
import { type GeneratorArchitecture, inferGenerator } from "./infer_architecture.ts";
import { drawLatent, hostLatent, type LatentDistribution } from "./latent.ts";
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
   * What batch norms normalize with: their running statistics, or those of the chunk of 64 a sample is drawn in, as in
   * training, which updates the running ones.
   *
   * @default {"running"}
   */
  readonly statistics?: "running" | "batch";
}

/** Samples that go through the generator together. */
interface Pass {
  /** Chunk of latent vectors that they are in. */
  readonly chunk: number;
  /** Place of the first one in it. */
  readonly start: number;
  /** How many. */
  readonly length: number;
}

/** Bytes of all tensors of a pass: as many as a device keeps for reuse, so that the next pass allocates nothing. */
const PASS_MEMORY = 512 * 2 ** 20;

/** Ones for NaN and infinities, told by their bits: compilers may take it that there are none. */
const NOT_FINITE =
  "vec4f(select(vec4u(0u), vec4u(1u), (bitcast<vec4u>(x) & vec4u(0x7f800000u)) == vec4u(0x7f800000u)))";

/**
 * Draws samples in f32, whatever the network was trained in, up to 64 at a time, or as many as fit the adapter: `[count, size, size, channels]` as bytes, or as floats in [-1, 1].
 * With running statistics a sample does not depend on those drawn beside it.
 *
 * @throws {RangeError} if not even one sample fits the adapter, if with the statistics of the batch not all of a chunk
 * fit, or if samples come out as NaN or infinite.
 */
export async function* generate<D extends "u8" | "f32">(
  generator: Network,
  options: GenerateOptions,
  dtype: D,
): AsyncGenerator<D extends "u8" ? Uint8Array<ArrayBuffer> : Float32Array<ArrayBuffer>> {
  const { device } = generator.values;
  for (const pass of passes(options, mostAtOnce(generator, options))) {
    using drawn = drawPass(generator, options, pass, dtype);
    const [values, bad] = await device.read([drawn.images, ...drawn.bad ? [drawn.bad] : []]);
    if (bad ? bad[0]! > 0 : values!.some((value) => !Number.isFinite(value))) throw notFinite(pass);
    yield values as D extends "u8" ? Uint8Array<ArrayBuffer> : Float32Array<ArrayBuffer>;
  }
}

/** Samples that a pass may have. Other networks than ours draw a chunk at a time. */
function mostAtOnce(generator: Network, { count, statistics }: GenerateOptions): number {
  const architecture = architectureOf(generator);
  if (!architecture) return SAMPLE_CHUNK;
  const { device } = generator.values;
  const sizes = activationSizes(architecture);
  const { maxStorageBufferBindingSize: binding } = device.adapter.limits;
  const wanted = Math.min(count, SAMPLE_CHUNK);
  // A batch that has its own statistics cannot be drawn in parts
  const most = statistics === "batch"
    ? samplesAtOnce({ ...sizes, taps: 0 }, { binding, memory: Infinity })
    : samplesAtOnce(sizes, { binding, memory: PASS_MEMORY });
  if (most === 0) throw doesNotFit(device, architecture, sizes);
  if (statistics !== "batch" || most >= wanted) return most;
  throw new RangeError(
    `Cannot normalize ${wanted} samples with the statistics of their batch: ${most} fit ${device.adapter.name} at ` +
      `once. Draw at most ${most} (count), or take the running statistics`,
  );
}

/** What a generator is, by its parameters; undefined where it is none of ours. */
function architectureOf(generator: Network): GeneratorArchitecture | undefined {
  try {
    return inferGenerator(new Map([...generator.parameters].map(([name, { layout }]) => [name, layout])));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function doesNotFit(
  { adapter }: Device,
  { size }: GeneratorArchitecture,
  sizes: ActivationSizes,
): RangeError {
  const bytes = 4 * sizes.largest;
  return new RangeError(
    `Cannot draw samples of ${size}x${size}: the generator's largest layer takes ${bytes} bytes for a single one, and ` +
      `${adapter.name} binds at most ${adapter.limits.maxStorageBufferBindingSize} at once. ` +
      `A generator with fewer feature maps (ngf) or of a smaller size fits`,
  );
}

/** All passes: chunks of latent vectors, and parts of these where not all of one fit. */
function* passes({ count }: GenerateOptions, most: number): Generator<Pass> {
  for (let chunk = 0; chunk * SAMPLE_CHUNK < count; chunk++) {
    const end = Math.min(SAMPLE_CHUNK, count - chunk * SAMPLE_CHUNK);
    for (let start = 0; start < end; start += most) {
      yield { chunk, start, length: Math.min(most, end - start) };
    }
  }
}

/** The images of a pass, and as bytes also how many numbers were not finite. */
class Drawn implements Disposable {
  constructor(readonly images: Tensor, readonly bad?: Tensor) {}

  [Symbol.dispose](): void {
    this.images.dispose();
    this.bad?.dispose();
  }
}

/** Draws. What it takes is given back at once, not when the next pass is asked for. */
function drawPass(
  generator: Network,
  { seed, latent, latentDistribution, statistics = "running" }: GenerateOptions,
  { chunk, start, length }: Pass,
  dtype: "u8" | "f32",
): Drawn {
  const { device } = generator.values;
  using scope = device.scope();
  const source = { seed, stream: STREAMS.samples, counter: chunk };
  const z = start === 0 ? drawLatent(device, length, latent, latentDistribution, source) : device.tensor(
    hostLatent(start + length, latent, latentDistribution, source).subarray(start * latent),
    { shape: [length, latent] },
  );
  const images = generator.forward(z, { training: statistics === "batch", precision: "f32" });
  if (dtype === "f32") return new Drawn(scope.keep(images));
  // Both are read in one go
  const bad = sum(map("not finite", { x: images }, NOT_FINITE));
  return new Drawn(scope.keep(quantizeImages(images)), scope.keep(bad));
}

function notFinite({ chunk, start, length }: Pass): RangeError {
  const first = chunk * SAMPLE_CHUNK + start;
  return new RangeError(
    `Cannot draw samples ${first} to ${
      first + length - 1
    }: numbers in them are NaN or infinite, as the generator's ` +
      `weights make them too large. Take an older checkpoint`,
  );
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
