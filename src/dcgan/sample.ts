import * as v from "valibot";
import type { Device } from "../gpu/mod.ts";
import {
  loadStateDict,
  Network,
  npyHeader,
  readSafetensors,
  type Safetensors,
  writeFileAtomic,
} from "../nn/mod.ts";
import { composeGrid, encodePng } from "../pictures/mod.ts";
import { generate, type GenerateOptions } from "./generate.ts";
import { createGenerator } from "./generator.ts";
import { inferGenerator } from "./infer_architecture.ts";
import { optionProblem } from "./config.ts";
import type { LatentDistribution } from "./latent.ts";
import { integer } from "./option.ts";
import { findGenerator } from "./checkpoints/find_generator.ts";
import { expectIntact } from "./checkpoints/seal.ts";

/** One picture of all samples, a picture for each, or one float32 array for other programs. */
export type SampleFormat = "grid" | "images" | "npy";

/** Options of {@linkcode sample}. */
export interface SampleOptions {
  /**
   * How many samples.
   *
   * @default {64}
   */
  count?: number;
  /**
   * Seed of the latent vectors. Sample `i` of a seed is the same however many are drawn.
   *
   * @default {1}
   */
  seed?: number;
  /** File to write; a folder for `images`. */
  out: string;
  /**
   * What to write: `grid` is one PNG, `images` a PNG for each, `npy` a float32 array `[N, C, H, W]` in [-1, 1].
   *
   * @default {"grid"}
   */
  format?: SampleFormat;
  /**
   * What latent vectors are drawn from. A run folder knows; a state dict does not.
   *
   * @default {"normal"}
   */
  latentDistribution?: LatentDistribution;
  /**
   * What batch norms normalise with: their running statistics, or those of the samples drawn together, 64 at a time.
   *
   * @default {"running"}
   */
  statistics?: "running" | "batch";
  /** The checkpoint of a run folder to draw from, by its step. Without it the latest that is whole. */
  step?: number;
  /** Ends the drawing once it aborts, with the signal's reason. A file that is not finished is removed. */
  signal?: AbortSignal;
}

/** How many samples may be drawn in one go. */
const COUNT = integer(1, 65536);

/** What {@linkcode sample} wrote. */
export interface SampleResult {
  /** Paths of the files. */
  readonly paths: readonly string[];
  /** What the user should know, such as that the latest checkpoint is damaged; a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Draws samples from a trained generator: the latest checkpoint of a run folder, or a PyTorch state dict as safetensors.
 * Batch norms use their running statistics, unless told otherwise.
 *
 * @throws {Error} if there is no generator at `source`.
 * @throws {RangeError} if an option is not allowed.
 * @throws {DOMException} or whatever else is the reason, if the signal aborts.
 */
export async function sample(device: Device, source: string, options: SampleOptions): Promise<SampleResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    return await draw(device, source, options);
  } catch (error) {
    // Whoever writes a file wraps it into an error of their own
    signal?.throwIfAborted();
    throw error;
  }
}

async function draw(device: Device, source: string, options: SampleOptions): Promise<SampleResult> {
  const { count = 64, seed = 1, out, format = "grid", statistics = "running", signal } = options;
  if (!v.is(COUNT.schema, count)) {
    throw new RangeError(`Cannot sample: "count" must be ${COUNT.allowed}: found ${count}`);
  }
  const problem = optionProblem("seed", seed);
  if (problem) throw new RangeError(`Cannot sample: "seed" ${problem}`);
  const { generator, size, channels, latent, latentDistribution, warnings } = await loadGenerator(
    device,
    source,
    options,
  );
  using _generator = generator;
  const drawn: GenerateOptions = { count, seed, latent, latentDistribution, statistics };
  const shape = { width: size, height: size, channels: channels as 1 | 3 };
  const each = size * size * channels;
  if (format === "npy") {
    await writeFileAtomic(
      out,
      npyChunks(until(signal, generate(generator, drawn, "f32")), [count, channels, size, size]),
    );
    return { paths: [out], warnings };
  }
  if (format === "grid") {
    const data = new Uint8Array(count * each);
    let at = 0;
    for await (const bytes of until(signal, generate(generator, drawn, "u8"))) {
      data.set(bytes, at);
      at += bytes.length;
    }
    const png = await encodePng(composeGrid({ ...shape, data }));
    signal?.throwIfAborted();
    await writeFileAtomic(out, png);
    return { paths: [out], warnings };
  }
  await Deno.mkdir(out, { recursive: true });
  const paths: string[] = [];
  for await (const bytes of until(signal, generate(generator, drawn, "u8"))) {
    for (let at = 0; at < bytes.length; at += each) {
      signal?.throwIfAborted();
      const path = `${out}/${`${paths.length}`.padStart(6, "0")}.png`;
      await writeFileAtomic(path, await encodePng({ ...shape, data: bytes.subarray(at, at + each) }));
      paths.push(path);
    }
  }
  return { paths, warnings };
}

/** A generator on the GPU, and what is needed to draw from it. */
export interface LoadedGenerator {
  /** The generator. The caller disposes it. */
  readonly generator: Network;
  /** Edge of its pictures. */
  readonly size: number;
  /** Channels of its pictures. */
  readonly channels: number;
  /** Length of its latent vectors. */
  readonly latent: number;
  /** What latent vectors are drawn from. */
  readonly latentDistribution: LatentDistribution;
  /** What is wrong with checkpoints that were passed over, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Loads the generator of a run folder's latest checkpoint that is whole, of the checkpoint of one step, of the folder of
 * a checkpoint, or of a PyTorch state dict.
 *
 * @throws {Error} if there is none.
 */
export async function loadGenerator(
  device: Device,
  source: string,
  { latentDistribution = "normal", step }: { latentDistribution?: LatentDistribution; step?: number } = {},
): Promise<LoadedGenerator> {
  let path = source;
  let warnings: readonly string[] = [];
  let tensors: Safetensors["tensors"];
  if (await isFolder(source)) {
    const found = await findGenerator(source, step);
    latentDistribution = found.latentDistribution ?? latentDistribution;
    ({ path, tensors, warnings } = found);
  } else {
    const file = await readSafetensors(path);
    expectIntact(file, path);
    ({ tensors } = file);
  }
  const architecture = inferGenerator(tensors, path);
  const generator = new Network(device, createGenerator({ ...architecture, ndf: 1 }));
  try {
    loadStateDict(generator, tensors);
  } catch (error) {
    generator[Symbol.dispose]();
    throw error;
  }
  return { ...architecture, generator, latentDistribution, warnings };
}

async function isFolder(source: string): Promise<boolean> {
  try {
    return (await Deno.stat(source)).isDirectory;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(
      `Cannot sample from ${source}: nothing is there. Name a run folder, or a safetensors file of a generator`,
      { cause },
    );
  }
}

/** Chunks of samples up to the one after which the signal aborts; then its reason is thrown. */
async function* until<T>(signal: AbortSignal | undefined, chunks: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

/** The bytes of a npy file, a chunk of samples at a time, channels before pixels. */
async function* npyChunks(
  chunks: AsyncIterable<Float32Array>,
  [count, channels, height, width]: [number, number, number, number],
): AsyncGenerator<Uint8Array> {
  yield npyHeader([count, channels, height, width]);
  const pixels = height * width;
  for await (const values of chunks) {
    const planes = new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const image = Math.floor(i / (pixels * channels));
      planes[(image * channels + i % channels) * pixels + Math.floor(i / channels) % pixels] = values[i]!;
    }
    yield new Uint8Array(planes.buffer);
  }
}
