import { writeFileAtomic } from "../files/atomic_write.ts";
import type { Device } from "../gpu/mod.ts";
import { encodeNpy } from "../nn/mod.ts";
import { type Channels, sidesOf } from "../pictures/mod.ts";
import { shownBy } from "../pictures/notebook/mime_bundle.ts";
import { sampleBundle } from "./notebook/result_bundles.ts";
import { generatorOptionsOf } from "./explore/generator_options.ts";
import { expectLatents, mapOfLatents } from "./explore/latents/given_latents.ts";
import { latentsAt } from "./explore/latents/places.ts";
import { type OpenGenerator, openGenerator } from "./explore/open_generator.ts";
import { expectArranges } from "./sampling/arrangement.ts";
import { chooseClasses } from "./sampling/choose_classes.ts";
import { generate } from "./sampling/generate.ts";
import { checkSampleOptions, type SampleFormat, type SampleOptions } from "./sampling/sample_options.ts";
import { marksOfSamples } from "./sampling/sample_marks.ts";
import {
  expectFreeFolder,
  type PictureShape,
  writeArray,
  writeGrid,
  writeImages,
} from "./sampling/write_samples.ts";

/** What {@linkcode sample} wrote. In a notebook it shows itself as the picture. */
export interface SampleResult {
  /** Paths of the files. */
  readonly paths: readonly string[];
  /** How many samples are in them. */
  readonly count: number;
  /** What the user should know, such as that the latest checkpoint is damaged; a sentence each. */
  readonly warnings: readonly string[];
}

const withPictures = shownBy(sampleBundle);

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
 * infinity or a negative variance, there is no such class, latents do not fit it, it draws NaN or infinity, or it does not fit the adapter.
 * @throws {SyntaxError} if the file is not safetensors, naming what it is if that is known.
 * @throws {DOMException} or the signal's own reason, if the signal aborts.
 */
export async function sample(device: Device, source: string, options: SampleOptions): Promise<SampleResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    return withPictures(await draw(device, source, options));
  } catch (error) {
    // The code that writes files wraps it in an error of its own
    signal?.throwIfAborted();
    throw error;
  }
}

async function draw(device: Device, source: string, options: SampleOptions): Promise<SampleResult> {
  checkSampleOptions(options);
  const { out, format = "grid", scale = 1, signal } = options;
  if (format === "images") await expectFreeFolder(out);
  using generator = await open(device, source, options);
  const { network, warnings, size } = generator;
  const { labels, count: usual } = chooseClasses(generator.classes, options.classes, source);
  const count = countOf(options, usual);
  const shape = pictureShape(generator, format, source);
  if (format === "grid") {
    expectArranges("sample", count, size, options, `Use format "images" or "npy" for more`);
  }
  const latents = latentsOf(generator, options, count);
  const drawn = generator.drawing(latents, labels, signal);
  const write = async (): Promise<string[]> => {
    if (format === "npy") {
      const { channels, width, height } = shape;
      await writeArray(out, generate(network, drawn, "f32"), [count, channels, height, width]);
      return [out];
    }
    const pictures = generate(network, drawn, "u8");
    const marks = options.mark === false
      ? undefined
      : await marksOfSamples(generator, options, count, latents, labels);
    if (format === "images") {
      return await writeImages(out, pictures, shape, { scale, markOf: marks?.each, signal });
    }
    const classes = labels?.length ?? 1;
    const { grid, padding } = options;
    await writeGrid(out, pictures, count, shape, { classes, mark: marks?.all, grid, padding, scale, signal });
    return [out];
  };
  const paths = await write();
  if (options.saveLatents !== undefined) await saveLatents(options.saveLatents, latents, generator, count);
  return { paths, count, warnings };
}

/** Opens the generator, for the latent map that is asked for or given. */
async function open(device: Device, source: string, options: SampleOptions): Promise<OpenGenerator> {
  const { latents, map } = options;
  const chosen = generatorOptionsOf(options);
  return await openGenerator(
    device,
    source,
    latents ? { ...chosen, map: mapOfLatents(latents, map) } : chosen,
  );
}

/** How many samples are drawn. */
function countOf({ latents, seeds, count, grid }: SampleOptions, usual: number): number {
  if (latents || seeds) return latents?.shape[0] ?? seeds!.length;
  if (count !== undefined || grid === undefined) return count ?? usual;
  const { width, height } = sidesOf(grid);
  return width * height;
}

/** What the samples are drawn from. */
function latentsOf(
  generator: OpenGenerator,
  { latents, seeds, seed = 1 }: SampleOptions,
  count: number,
): Float32Array<ArrayBuffer> {
  if (latents) {
    expectLatents(latents, generator.latent, generator.origin.name);
    return generator.truncated(latents.data);
  }
  if (!seeds) return generator.latents(seed, count);
  const all = new Float32Array(count * generator.latentLength);
  for (const [at, one] of latentsAt(generator, seeds).entries()) all.set(one, at * generator.latentLength);
  return all;
}

/** Writes latents as an array that `latents` takes. */
async function saveLatents(
  path: string,
  data: Float32Array<ArrayBuffer>,
  { latent, map: { width, height } }: OpenGenerator,
  count: number,
): Promise<void> {
  const shape = width * height === 1 ? [count, latent] : [count, latent, height, width];
  await writeFileAtomic(path, encodeNpy({ shape, data }));
}

/** The shape of pictures. An array takes any channels, a PNG some. */
function pictureShape(
  { size, channels }: OpenGenerator,
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
