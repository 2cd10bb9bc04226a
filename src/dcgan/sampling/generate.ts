import { concatBytes } from "../../pictures/bytes.ts";
import {
  ALL_FINITE,
  type Device,
  firstNonFiniteElement,
  quantizeImages,
  type Tensor,
} from "../../gpu/mod.ts";
import { type ImageSides, type ImageSize, sizeText } from "../../pictures/image_size.ts";
import { type ActivationSizes, activationSizes, samplesAtOnce } from "../networks/activation_sizes.ts";
import { type GeneratorArchitecture, inferGenerator } from "../networks/infer_architecture.ts";
import { drawLatent, hostLatent, type LatentDistribution } from "../networks/latent.ts";
import { SAMPLE_CHUNK, STREAMS } from "../streams.ts";

/** Which samples to draw, and from what. */
export interface GenerateOptions {
  /** How many. */
  readonly count: number;
  /** Seed of the latent vectors; of no account if these are given. */
  readonly seed: number;
  /**
   * Latent vectors to draw from, `count * latent` numbers, one vector after another.
   *
   * @default {those of the seed; `latentVectors()` gives them too}
   */
  readonly latents?: Float32Array | undefined;
  /** Length of a latent vector. */
  readonly latent: number;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /**
   * Sides of the latent map that each sample is drawn from, for generators that are convolutional to their first layer:
   * `latents` are needed then, `[count, latent, height, width]`, and samples are larger.
   *
   * @default {1x1}
   */
  readonly map?: ImageSides | undefined;
  /** Width and height of the samples, of those of a single vector, if the generator's weights may not tell. */
  readonly size?: ImageSize | undefined;
  /**
   * The classes of the samples, by their numbers, for a conditional generator. If there are more samples, they begin
   * anew: `[0, 1, 2]` gives `0, 1, 2, 0, 1, ...`.
   */
  readonly labels?: readonly number[] | undefined;
  /**
   * What batch norms normalize with: their running statistics, or those of the chunk of 64 a sample is drawn in, as in
   * training, which updates the running ones.
   *
   * @default {"running"}
   */
  readonly statistics?: "running" | "batch";
  /** Ends it once it aborts, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What samples are drawn with: a `Network`, or a generator without anything of training. */
export interface DrawingGenerator {
  /** Something of its on the device that it is on. */
  readonly values: { readonly device: Device };
  /** Its parameters by PyTorch's names, and their shapes there. */
  readonly parameters: ReadonlyMap<string, { readonly layout: { readonly shape: readonly number[] } }>;
  /** The images for latent vectors. */
  forward(z: Tensor, pass: DrawingPass): Tensor;
}

/** A pass of a {@linkcode DrawingGenerator}. */
export interface DrawingPass {
  /** Whether batch norms normalize with the statistics of the batch. */
  readonly training: boolean;
  /** What is stored between layers. */
  readonly precision: "f32";
  /** The class of each sample, if there are classes. */
  readonly inputs: { readonly labels: Tensor | undefined };
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

/**
 * Draws samples in f32, whatever the network was trained in, up to 64 at a time, or as many as fit the adapter:
 * `[count, height, width, channels]` as bytes, or as floats in [-1, 1].
 * With running statistics a sample does not depend on those drawn beside it.
 *
 * @throws {NonFiniteSamplesError} if a sample has values that are NaN or infinite.
 * @throws {RangeError} if not even one sample fits the adapter, or if with the statistics of the batch not all of a chunk
 * fit.
 */
export async function* generate<D extends "u8" | "f32">(
  generator: DrawingGenerator,
  options: GenerateOptions,
  dtype: D,
): AsyncGenerator<D extends "u8" ? Uint8Array<ArrayBuffer> : Float32Array<ArrayBuffer>> {
  const { device } = generator.values;
  expectLatents(options);
  for (const pass of passes(options, mostAtOnce(generator, options))) {
    using drawn = drawPass(generator, options, pass, dtype);
    const [values, first] = await device.read([drawn.images, drawn.firstBad]);
    options.signal?.throwIfAborted();
    expectFiniteSamples(first![0]!, pass.chunk * SAMPLE_CHUNK + pass.start, drawn.images);
    yield values as D extends "u8" ? Uint8Array<ArrayBuffer> : Float32Array<ArrayBuffer>;
  }
}

function expectLatents({ latents, count, latent, map }: GenerateOptions): void {
  const places = map === undefined ? 1 : map.width * map.height;
  if (latents === undefined && places === 1 || latents?.length === count * latent * places) return;
  const each = places === 1
    ? `vectors of ${latent} numbers`
    : `maps of ${latent} x ${map!.height} x ${map!.width} numbers`;
  throw new RangeError(
    `Cannot draw ${count} samples: "latents" must hold ${count} ${each}, ${
      count * latent * places
    } in all, found ${latents?.length ?? "none"}`,
  );
}

/**
 * The latent vectors that {@linkcode generate} draws from, on the host: `count * latent` numbers, one vector after
 * another. Vector `i` of a seed is the same however many are drawn.
 *
 * @param options `first` is the number of the first vector, from 0; 0 if it is not given.
 */
export function latentVectors(
  { count, seed, latent, latentDistribution, first = 0 }:
    & Pick<GenerateOptions, "count" | "seed" | "latent" | "latentDistribution">
    & { readonly first?: number },
): Float32Array<ArrayBuffer> {
  const vectors = new Float32Array(count * latent);
  const end = first + count;
  for (let chunk = Math.floor(first / SAMPLE_CHUNK); chunk * SAMPLE_CHUNK < end; chunk++) {
    const start = chunk * SAMPLE_CHUNK;
    const source = { seed, stream: STREAMS.samples, counter: chunk };
    const drawn = hostLatent(Math.min(SAMPLE_CHUNK, end - start), latent, latentDistribution, source);
    const before = Math.max(0, first - start);
    vectors.set(drawn.subarray(before * latent), (start + before - first) * latent);
  }
  return vectors;
}

/** Samples that a pass may have. Other networks than ours draw a chunk at a time. */
function mostAtOnce(generator: DrawingGenerator, { count, statistics, size, map }: GenerateOptions): number {
  const architecture = architectureOf(generator, size);
  if (!architecture) return SAMPLE_CHUNK;
  const { device } = generator.values;
  const sizes = activationSizes(architecture, map);
  const { maxStorageBufferBindingSize: binding } = device.adapter.limits;
  const wanted = Math.min(count, SAMPLE_CHUNK);
  // A batch that has its own statistics cannot be drawn in parts
  const most = statistics === "batch"
    ? samplesAtOnce({ ...sizes, taps: 0 }, { binding, memory: Infinity })
    : samplesAtOnce(sizes, { binding, memory: PASS_MEMORY });
  if (most === 0) throw doesNotFit(device, architecture, sizes, map);
  if (statistics !== "batch" || most >= wanted) return most;
  throw new RangeError(
    `Cannot normalize ${wanted} samples with the statistics of their batch: at most ${most} fit ${device.adapter.name} at ` +
      `once. Draw at most ${most} (count), or use the running statistics`,
  );
}

/** What a generator is, by its parameters; undefined if it is not one of ours. */
function architectureOf(
  generator: DrawingGenerator,
  size: ImageSize | undefined,
): GeneratorArchitecture | undefined {
  const shapes = new Map([...generator.parameters].map(([name, { layout }]) => [name, layout]));
  try {
    return inferGenerator(shapes, undefined, size);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function doesNotFit(
  { adapter }: Device,
  { size }: GeneratorArchitecture,
  sizes: ActivationSizes,
  map: ImageSides | undefined,
): RangeError {
  const bytes = 4 * sizes.largest;
  const isMap = map !== undefined && map.width * map.height > 1;
  return new RangeError(
    `Cannot draw samples of ${sizeText(size)}${
      isMap ? ` from a latent map of ${map.width}x${map.height}` : ""
    }: the generator's largest layer takes ${bytes} bytes for a single sample, and ` +
      `${adapter.name} binds at most ${adapter.limits.maxStorageBufferBindingSize} at once. ` +
      `Use ${isMap ? "a smaller map, or " : ""}a generator with fewer feature maps (ngf) or a smaller size`,
  );
}

/** All passes: chunks of latent vectors, and parts of these if a whole chunk does not fit. */
function* passes({ count }: GenerateOptions, most: number): Generator<Pass> {
  for (let chunk = 0; chunk * SAMPLE_CHUNK < count; chunk++) {
    const end = Math.min(SAMPLE_CHUNK, count - chunk * SAMPLE_CHUNK);
    for (let start = 0; start < end; start += most) {
      yield { chunk, start, length: Math.min(most, end - start) };
    }
  }
}

/** The images of a pass, and the place of their first value that is not finite, as bytes do not show it. */
class Drawn implements Disposable {
  constructor(readonly images: Tensor, readonly firstBad: Tensor) {}

  [Symbol.dispose](): void {
    this.images.dispose();
    this.firstBad.dispose();
  }
}

/** Draws. What it takes is given back at once, not when the next pass is asked for. */
function drawPass(
  generator: DrawingGenerator,
  { seed, latents, latent, latentDistribution, map, labels: given, statistics = "running" }: GenerateOptions,
  { chunk, start, length }: Pass,
  dtype: "u8" | "f32",
): Drawn {
  const { device } = generator.values;
  using scope = device.scope();
  const source = { seed, stream: STREAMS.samples, counter: chunk };
  const first = chunk * SAMPLE_CHUNK + start;
  const { width, height } = map ?? { width: 1, height: 1 };
  const each = latent * width * height;
  const values = latents?.subarray(first * each, (first + length) * each) ??
    (start === 0
      ? undefined
      : hostLatent(start + length, latent, latentDistribution, source).subarray(start * latent));
  const z = values === undefined
    ? drawLatent(device, length, latent, latentDistribution, source)
    : width * height === 1
    ? device.tensor(values, { shape: [length, latent] })
    : device.tensor(pixelsFirst(values, latent, width * height), { shape: [length, height, width, latent] });
  const labels = given && device.tensor(
    Array.from({ length }, (_, at) => given[(first + at) % given.length]!),
    { dtype: "u32" },
  );
  const training = statistics === "batch";
  const images = generator.forward(z, { training, precision: "f32", inputs: { labels } });
  return new Drawn(
    scope.keep(dtype === "u8" ? quantizeImages(images) : images),
    scope.keep(firstNonFiniteElement(images)),
  );
}

/** Maps `[count, latent, height, width]`, as PyTorch has them, as `[count, height, width, latent]`. */
function pixelsFirst(values: Float32Array, latent: number, places: number): Float32Array {
  const each = latent * places;
  return values.map((_, to) => {
    const within = to % each;
    return values[to - within + (within % latent) * places + Math.floor(within / latent)]!;
  });
}

/** Throws if a sample has values that are not finite. */
function expectFiniteSamples(element: number, before: number, { shape: [count], size }: Tensor): void {
  if (element === ALL_FINITE) return;
  throw new NonFiniteSamplesError(before + Math.floor(element / (size / count!)));
}

/** A generator draws images with values that are NaN or infinite, though its weights may be finite. */
export class NonFiniteSamplesError extends Error {
  /** Class name, for logs. */
  override readonly name = "NonFiniteSamplesError";
  /** The first such sample, counted from 0. */
  readonly sample: number;

  /** Says which. */
  constructor(sample: number) {
    super(
      `Cannot draw sample ${sample}: some of its values are NaN or infinite, as the weights of the generator have ` +
        "grown too large. Use an earlier checkpoint",
    );
    this.sample = sample;
  }
}

/** All samples as bytes in one array. */
export async function generateBytes(
  generator: DrawingGenerator,
  options: GenerateOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return concatBytes(await Array.fromAsync(generate(generator, options, "u8")));
}
