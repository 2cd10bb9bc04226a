import type { Device } from "../../gpu/mod.ts";
import type { Network } from "../../nn/mod.ts";
import { type ImageSides, type ImageSize, imageSizeOf, lengthOf, sidesOf } from "../../pictures/mod.ts";
import type { GeneratorOrigin } from "../checkpoints/find_generator.ts";
import { baseOfMap } from "../networks/activation_sizes.ts";
import { doublingsOf } from "../networks/architecture.ts";
import type { LatentDistribution } from "../networks/latent.ts";
import { checkOptions } from "./check_options.ts";
import { generateBytes, type GenerateOptions, latentVectors } from "../sampling/generate.ts";
import { type LoadedGenerator, loadGenerator } from "../sampling/load_generator.ts";
import { GENERATOR_KINDS, type GeneratorOptions } from "./generator_options.ts";

/** Latent numbers that are in memory at once at most: 512 MiB. */
const MOST_NUMBERS = 2 ** 27;

/** A trained generator that pictures are drawn from, one latent vector each. */
export class OpenGenerator implements Disposable {
  /** The network. */
  readonly network: Network;
  /** Width and height of its pictures. */
  readonly size: ImageSize;
  /** Channels of its pictures. */
  readonly channels: number;
  /** Numbers of a latent vector, or of each place of a latent map. */
  readonly latent: number;
  /** Sides of the map of latent vectors that a picture is drawn from; 1x1 for a single one. */
  readonly map: ImageSides;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /** Names of its classes, in the order of their numbers; undefined if it knows none. */
  readonly classes: readonly string[] | undefined;
  /** Where it comes from: its run, its step, its weights. */
  readonly origin: GeneratorOrigin;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
  /** What batch norms normalize with. */
  readonly statistics: "running" | "batch";
  /** What latent vectors of seeds are multiplied with. */
  readonly truncation: number;

  /** Width and height of a picture of a single latent vector. */
  readonly #sizeOfOne: ImageSize;

  /**
   * One that is loaded. It is disposed with this.
   *
   * @throws {RangeError} if it cannot draw from a map of latent vectors, and is asked to.
   */
  constructor(loaded: LoadedGenerator, options: GeneratorOptions = {}) {
    this.network = loaded.generator;
    this.map = sidesOf(options.map ?? 1);
    this.size = sizeWith(this.map, loaded);
    this.#sizeOfOne = loaded.size;
    this.channels = loaded.channels;
    this.latent = loaded.latent;
    this.latentDistribution = loaded.latentDistribution;
    this.classes = loaded.classes;
    this.origin = loaded.origin;
    this.warnings = loaded.warnings;
    this.statistics = options.statistics ?? "running";
    this.truncation = options.truncation ?? 1;
  }

  /** Numbers that a picture is drawn from. */
  get latentLength(): number {
    return this.latent * this.map.width * this.map.height;
  }

  /** Values of one picture. */
  get pictureLength(): number {
    return lengthOf(this);
  }

  /**
   * The latent vectors of a seed, `count * latent` numbers, one after another: vector `i` whatever the count.
   * Latent maps are `[count, latent, height, width]`.
   *
   * @param first The number of the first vector, from 0.
   * @throws {RangeError} if they would take more than 512 MiB.
   */
  latents(seed: number, count: number, first = 0): Float32Array<ArrayBuffer> {
    const { latentLength: latent, latentDistribution } = this;
    if (count * latent > MOST_NUMBERS) {
      throw new RangeError(
        `Cannot draw ${count} pictures: at most ${MOST_NUMBERS} latent numbers fit in memory at once, ` +
          `${Math.floor(MOST_NUMBERS / latent)} pictures of ${latent}. Draw fewer, or from a smaller map`,
      );
    }
    return this.truncated(latentVectors({ count, seed, latent, latentDistribution, first }));
  }

  /** Latent vectors multiplied with the truncation. */
  truncated(latents: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    return this.truncation === 1 ? latents : latents.map((value) => value * this.truncation);
  }

  /**
   * Draws a picture of each latent vector: `count * height * width * channels` bytes.
   *
   * @param latents `count * latent` numbers; of latent maps `[count, latent, height, width]`.
   * @param labels Numbers of the pictures' classes, taken in turn. A conditional generator needs them.
   * @param signal Ends it once it aborts, with the signal's reason.
   * @throws {RangeError} if the latents are no whole number of vectors, or labels are missing or not allowed.
   * @throws {NonFiniteSamplesError} if a picture has values that are NaN or infinite.
   */
  async draw(
    latents: Float32Array,
    labels?: readonly number[],
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return await generateBytes(this.network, this.drawing(latents, labels, signal));
  }

  /** What `generate()` draws those pictures by. */
  drawing(latents: Float32Array, labels?: readonly number[], signal?: AbortSignal): GenerateOptions {
    const { latent, map, latentDistribution, statistics, latentLength } = this;
    const count = Math.max(1, Math.ceil(latents.length / latentLength));
    const size = this.#sizeOfOne;
    return { count, seed: 0, latents, latent, map, latentDistribution, statistics, size, labels, signal };
  }

  /** Gives the network's memory back. */
  [Symbol.dispose](): void {
    this.network[Symbol.dispose]();
  }
}

/**
 * Opens the generator of a run folder, of the folder of a checkpoint, or of a PyTorch state dict, to draw
 * pictures of latent vectors from.
 *
 * @throws {Error} if there is none.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, or the generator cannot be drawn from: it is another
 * network, lacks tensors, or holds NaN, an infinity or a negative variance.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, openGenerator, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * using generator = await openGenerator(device, run, { truncation: 0.7 });
 * const latents = generator.latents(1, 4);
 * const pictures = await generator.draw(latents); // 4 x 16 x 16 x 3 bytes
 * assertEquals(pictures.length, 4 * generator.pictureLength);
 * ```
 */
export async function openGenerator(
  device: Device,
  source: string,
  options: GeneratorOptions = {},
): Promise<OpenGenerator> {
  checkOptions<GeneratorOptions>("openGenerator()", "open the generator", options, GENERATOR_KINDS);
  const loaded = await loadGenerator(device, source, options);
  try {
    return new OpenGenerator(loaded, options);
  } catch (error) {
    loaded.generator[Symbol.dispose]();
    throw error;
  }
}

/** The size of a picture that is drawn from a latent map. */
function sizeWith(map: ImageSides, { size, architecture, origin }: LoadedGenerator): ImageSize {
  if (map.width * map.height === 1) return size;
  const { firstLayer, classes } = architecture;
  if (firstLayer !== "transposed" || classes) {
    const found = classes ? "a conditional one" : "one that begins with a dense projection";
    throw new RangeError(
      `Cannot open the generator: "map" needs one without classes whose first layer is a transposed convolution, ` +
        `found ${found} in ${origin.name}. Leave "map" out`,
    );
  }
  const { base, count } = doublingsOf(architecture);
  const { width, height } = baseOfMap(base, map);
  return imageSizeOf({ width: width * 2 ** count, height: height * 2 ** count });
}
