import * as v from "valibot";
import { type Device, expectKnownOptions } from "../gpu/mod.ts";
import { type Channels, gridProblem, sidesOf } from "../pictures/mod.ts";
import type { CheckpointChoice } from "./checkpoints/choose_checkpoint.ts";
import { quote } from "./options/config_issue.ts";
import { chooseClasses } from "./sampling/choose_classes.ts";
import { generate, type GenerateOptions } from "./sampling/generate.ts";
import type { LatentDistribution } from "./networks/latent.ts";
import { type LoadedGenerator, loadGenerator } from "./sampling/load_generator.ts";
import {
  averageLength,
  checkpointChoice,
  choice,
  integer,
  nameList,
  type OptionKind,
  text,
  toggle,
} from "./options/option.ts";
import {
  expectFreeFolder,
  type PictureShape,
  writeArray,
  writeGrid,
  writeImages,
} from "./sampling/write_samples.ts";

/** One picture of all samples, a picture for each, or one float32 array for other programs. */
export type SampleFormat = "grid" | "images" | "npy";

/** Options of {@linkcode sample}. */
export interface SampleOptions {
  /**
   * How many samples.
   *
   * @default {64, or of a conditional generator 8 of each class}
   */
  count?: number;
  /**
   * Classes to draw of a conditional generator, by name or by number from 0. Samples take them in turn, and each is a row
   * of a grid.
   *
   * @default {all}
   */
  classes?: readonly (string | number)[];
  /**
   * Seed of the latent vectors. Sample `i` of a seed is the same however many are drawn.
   *
   * @default {1}
   */
  seed?: number;
  /** File to write, over one that is there; for `images` a folder, which must be new or empty. */
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
   * @default {"normal", or as the run says}
   */
  latentDistribution?: LatentDistribution;
  /**
   * What batch norms normalize with: their running statistics, or those of the samples drawn together, 64 at a time. If
   * so many do not fit the adapter, the statistics of a batch are refused.
   *
   * @default {"running"}
   */
  statistics?: "running" | "batch";
  /**
   * Which checkpoint of a run folder: the one with the best score, the latest that is whole, or the one of a step.
   *
   * @default {"last"}
   */
  from?: CheckpointChoice;
  /**
   * Whether to draw from the moving average of the generator's weights, if a run has one. Of a state dict, draw as it is.
   *
   * @default {true}
   */
  ema?: boolean;
  /**
   * Relative length of a moving average to draw from in place of the run's own, above 0 and up to 0.2886: it is built of what
   * a run with `emaSnapshots` has kept; see `postHocAverage()`.
   */
  emaLength?: number;
  /** Ends the drawing once it aborts, with the signal's reason. What was written of the samples is removed. */
  signal?: AbortSignal;
}

/** What each option but the signal may be, and whether it may be left out. */
const KINDS: Readonly<Record<Exclude<keyof SampleOptions, "signal">, OptionKind<unknown>>> = {
  count: integer(1, 65536),
  classes: nameList(),
  seed: integer(0, 2 ** 32 - 1),
  out: text("the path of a file, or of a folder for images"),
  format: choice(["grid", "images", "npy"]),
  latentDistribution: choice(["normal", "uniform"]),
  statistics: choice(["running", "batch"]),
  from: checkpointChoice(),
  ema: toggle(),
  emaLength: averageLength(),
};

/** What {@linkcode sample} wrote. */
export interface SampleResult {
  /** Paths of the files. */
  readonly paths: readonly string[];
  /** How many samples are in them. */
  readonly count: number;
  /** What the user should know, such as that the latest checkpoint is damaged; a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Draws samples from a trained generator: the latest checkpoint of a run folder, or a PyTorch state dict as safetensors.
 * Batch norms use their running statistics by default.
 *
 * The names in a state dict may share any prefix (`module.`, `netG.`, `main.` or none), and its values may have 16, 32
 * or 64 bits. It may hold biases, and need not hold the counts of batches.
 *
 * @throws {Error} if there is no generator at `source`.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, the folder for images is not empty, the generator holds NaN, an
 * infinity or a negative variance, there is no such class, it draws NaN or infinity, or it does not fit the adapter.
 * @throws {SyntaxError} if the file is not safetensors, naming what it is if that is known.
 * @throws {DOMException} or the signal's own reason, if the signal aborts.
 */
export async function sample(device: Device, source: string, options: SampleOptions): Promise<SampleResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    return await draw(device, source, options);
  } catch (error) {
    // The code that writes files wraps it in an error of its own
    signal?.throwIfAborted();
    throw error;
  }
}

async function draw(device: Device, source: string, options: SampleOptions): Promise<SampleResult> {
  checkSampleOptions(options);
  const { seed = 1, out, format = "grid", statistics = "running", signal } = options;
  if (format === "images") await expectFreeFolder(out);
  const loaded = await loadGenerator(device, source, options);
  using generator = loaded.generator;
  const { labels, count: usual } = chooseClasses(loaded.classes, options.classes, source);
  const { count = usual } = options;
  const shape = pictureShape(loaded, format, source);
  const problem = format === "grid" ? gridProblem(count, loaded.size) : undefined;
  if (problem) {
    throw new RangeError(`Cannot sample: "count" ${problem}. Use format "images" or "npy" for more`);
  }
  const { latent, latentDistribution, warnings } = loaded;
  const { size } = loaded;
  const drawn: GenerateOptions = { count, seed, latent, latentDistribution, labels, statistics, size };
  if (format === "npy") {
    const { channels, width, height } = shape;
    await writeArray(out, until(signal, generate(generator, drawn, "f32")), [count, channels, height, width]);
    return { paths: [out], count, warnings };
  }
  const pictures = until(signal, generate(generator, drawn, "u8"));
  if (format === "images") return { paths: await writeImages(out, pictures, shape, signal), count, warnings };
  await writeGrid(out, pictures, count, shape, labels?.length ?? 1, signal);
  return { paths: [out], count, warnings };
}

/** Rejects unknown options, and values that are not allowed. */
function checkSampleOptions(options: SampleOptions): void {
  expectKnownOptions<SampleOptions>("sample()", options, {
    count: true,
    classes: true,
    seed: true,
    out: true,
    format: true,
    latentDistribution: true,
    statistics: true,
    from: true,
    ema: true,
    emaLength: true,
    signal: true,
  });
  for (const [name, { schema, allowed }] of Object.entries(KINDS)) {
    const value: unknown = options[name as keyof typeof KINDS];
    if (value === undefined && name !== "out" || v.is(schema, value)) continue;
    throw new RangeError(`Cannot sample: "${name}" must be ${allowed}, found ${quote(value)}`);
  }
}

/** The shape of pictures. An array takes any channels, a PNG some. */
function pictureShape(
  { size, channels }: LoadedGenerator,
  format: SampleFormat,
  source: string,
): PictureShape {
  if (format !== "npy" && channels > 4) {
    throw new RangeError(
      `Cannot write PNGs from ${source}: its generator must have 1 to 4 channels, found ${channels}. ` +
        `Write an array, which takes any number: format "npy"`,
    );
  }
  return { ...sidesOf(size), channels: channels as Channels };
}

/** Chunks of samples up to the one after which the signal aborts; then its reason is thrown. */
async function* until<T>(signal: AbortSignal | undefined, chunks: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
