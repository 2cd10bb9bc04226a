import { type Device, expectKnownOptions } from "../../gpu/mod.ts";
import { decodeSafetensors, type Safetensors } from "../../nn/mod.ts";
import { type ImageSize, lengthOf, parseSize, sidesOf } from "../../pictures/image_size.ts";
import { classNamesOf } from "../checkpoints/class_names.ts";
import type { LatentDistribution } from "../networks/latent.ts";
import { chooseClasses } from "../sampling/choose_classes.ts";
import { generateBytes, latentVectors } from "../sampling/generate.ts";
import { usableGenerator } from "../sampling/usable_generator.ts";
import { DrawnPicture } from "./drawn_picture.ts";
import { ForwardGenerator } from "./forward_generator.ts";

/** Options of {@linkcode loadSampler}. */
export interface LoadSamplerOptions {
  /**
   * What latent vectors are drawn from. `config.json` of a run has it as `latentDistribution`.
   *
   * @default {"normal", or as the file says}
   */
  latentDistribution?: LatentDistribution;
  /**
   * What the bytes are, for messages: a path or an address.
   *
   * @default {"the file"}
   */
  name?: string;
}

/** Which pictures {@linkcode Sampler.draw} draws. */
export interface DrawPicturesOptions {
  /**
   * How many, from 1 to 4096.
   *
   * @default {1}
   */
  count?: number;
  /**
   * Seed of the latent vectors, a whole number from 0 to 2^32 - 1.
   *
   * @default {1}
   */
  seed?: number;
  /**
   * The classes that pictures are of, in turn, by names or numbers; of a conditional generator only.
   *
   * @default {all}
   */
  classes?: readonly (string | number)[];
  /**
   * What latent vectors are multiplied with, from 0 to 1: below 1 pictures are more alike and often cleaner.
   *
   * @default {1}
   */
  truncation?: number;
  /**
   * Latent vectors to draw from, one after another, in place of those of a seed: `count * latent` numbers. They are
   * multiplied with `truncation`, too.
   *
   * @default {those of the seed}
   */
  latents?: Float32Array;
  /** Ends it once it aborts, with the signal's reason. */
  signal?: AbortSignal;
}

const DRAW_OPTIONS = {
  count: true,
  seed: true,
  classes: true,
  truncation: true,
  latents: true,
  signal: true,
} as const;

/** Pictures in a call at most. */
const MOST_PICTURES = 4096;

/** Where the metadata of a file keep the SHA-256 of its data section. */
const CHECKSUM = "sha256";

/** Where they keep what latent vectors are drawn from. */
const LATENT_DISTRIBUTION = "latent_distribution";

/** A generator on a device that draws pictures, and does nothing else. */
export class Sampler implements Disposable {
  /** Width and height of its pictures. */
  readonly size: ImageSize;
  /** Channels of its pictures: 1 for gray, 3 for color, or one more with alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Numbers of a latent vector. */
  readonly latent: number;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /** Names of its classes, in the order of their numbers; undefined if it knows none. */
  readonly classes: readonly string[] | undefined;
  #generator: ForwardGenerator;
  #name: string;

  /** Of a file that is whole; see {@linkcode loadSampler}. */
  constructor(device: Device, { tensors, metadata }: Safetensors, options: LoadSamplerOptions) {
    const { name = "the file", latentDistribution } = options;
    const classes = classNamesOf({ metadata }, name);
    const usable = usableGenerator({ path: name, tensors, classes, size: parseSize(metadata.size) });
    const { architecture } = usable;
    this.size = architecture.size;
    this.channels = architecture.channels as Sampler["channels"];
    this.latent = architecture.latent;
    this.latentDistribution = distributionOf(metadata, latentDistribution, name);
    this.classes = usable.classes;
    this.#generator = new ForwardGenerator(device, usable, name);
    this.#name = name;
  }

  /**
   * The latent vectors of a seed on the host, `count * latent` numbers, one vector after another. Vector `i` is the same
   * however many are drawn.
   *
   * @throws {RangeError} if the seed is not in its range.
   */
  latents(seed: number, count: number): Float32Array<ArrayBuffer> {
    const { latent, latentDistribution } = this;
    return latentVectors({ count, seed, latent, latentDistribution });
  }

  /**
   * Draws pictures: the same bytes for the same options on the same adapter, and those that `sample()` draws.
   *
   * @throws {TypeError} if there is no such option.
   * @throws {RangeError} if an option is not allowed, or the latent vectors are not as many as pictures.
   * @throws {NonFiniteSamplesError} if a picture has values that are NaN or infinite.
   */
  async draw(options: DrawPicturesOptions = {}): Promise<DrawnPicture[]> {
    expectKnownOptions<DrawPicturesOptions>("draw()", options, DRAW_OPTIONS);
    const { count = 1, seed = 1, truncation = 1, signal } = options;
    expectWithin("count", count, [1, MOST_PICTURES], true);
    expectWithin("truncation", truncation, [0, 1], false);
    const { labels } = chooseClasses(this.classes, options.classes, this.#name);
    const chosen = options.latents ?? this.latents(seed, count);
    const { size, latent, latentDistribution } = this;
    const bytes = await generateBytes(this.#generator, {
      count,
      seed,
      latents: truncation === 1 ? chosen : chosen.map((value) => value * truncation),
      latent,
      latentDistribution,
      size,
      labels,
      signal,
    });
    const length = lengthOf(this);
    const sides = { ...sidesOf(size), channels: this.channels };
    return Array.from(
      { length: count },
      (_, at) => new DrawnPicture({ ...sides, data: bytes.slice(at * length, (at + 1) * length) }),
    );
  }

  /** Frees its memory on the device. */
  [Symbol.dispose](): void {
    this.#generator[Symbol.dispose]();
  }
}

/**
 * Puts a generator on a device, from the bytes of its safetensors file: `generator.safetensors` or
 * `ema.safetensors` of a run's checkpoint, or PyTorch's `netG.state_dict()` in that format. What it is, it reads off names
 * and shapes; names of classes are in the metadata that runs write.
 *
 * @throws {SyntaxError} if the bytes are damaged, or no such file.
 * @throws {RangeError} if it is another network, lacks tensors, or holds NaN, an infinity or a negative variance.
 * @throws {TypeError} if there is no such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, train } from "@x/dcgan";
 * import { loadSampler } from "@x/dcgan/sampler";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * const bytes = await Deno.readFile(`${run}/checkpoints/step-000001/generator.safetensors`); // in a page: fetch()
 * using sampler = await loadSampler(device, bytes);
 * const [picture] = await sampler.draw({ seed: 7, truncation: 0.8 });
 * assertEquals([picture!.width, picture!.height, picture!.rgba().length], [16, 16, 16 * 16 * 4]);
 * ```
 */
export async function loadSampler(
  device: Device,
  bytes: Uint8Array,
  options: LoadSamplerOptions = {},
): Promise<Sampler> {
  expectKnownOptions<LoadSamplerOptions>("loadSampler()", options, { latentDistribution: true, name: true });
  const { name = "the file" } = options;
  // Node's buffers are views that copy nothing when they are sliced
  const plain = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  const file = decodeSafetensors(plain, name);
  await expectIntact(plain, file, name);
  return new Sampler(device, file, options);
}

/** Throws if the data section does not match the checksum that runs write. */
async function expectIntact(
  bytes: Uint8Array<ArrayBuffer>,
  { metadata }: Safetensors,
  name: string,
): Promise<void> {
  const expected = metadata[CHECKSUM];
  if (expected === undefined) return;
  const header = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.subarray(8 + header)));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found === expected) return;
  throw new SyntaxError(`Cannot use ${name}: its data must match its checksum, found damaged data`);
}

function distributionOf(
  metadata: Safetensors["metadata"],
  given: LatentDistribution | undefined,
  name: string,
): LatentDistribution {
  const known = metadata[LATENT_DISTRIBUTION] ?? given ?? "normal";
  if (known !== "normal" && known !== "uniform" || given !== undefined && given !== known) {
    throw new RangeError(
      `Cannot sample from ${name}: "latentDistribution" must be ${
        given === undefined ? '"normal" or "uniform"' : `"${known}", as the file says`
      }, found "${given ?? known}"`,
    );
  }
  return known;
}

function expectWithin(
  name: string,
  value: number,
  [low, high]: readonly [number, number],
  whole: boolean,
): void {
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return;
  throw new RangeError(
    `Cannot draw: "${name}" must be a ${whole ? "whole " : ""}number from ${low} to ${high}, found ${value}`,
  );
}
