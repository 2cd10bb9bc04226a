import { writeFileAtomic } from "../../files/atomic_write.ts";
import type { Device } from "../../gpu/mod.ts";
import { type Channels, encodePng, markPng, sidesOf } from "../../pictures/mod.ts";
import { arrange, arrangedSides, type Arrangement, expectArranges } from "../sampling/arrangement.ts";
import { chooseClasses } from "../sampling/choose_classes.ts";
import { batchOf, drawFrames, expectShown } from "./films/draw_frames.ts";
import { usualScale } from "./films/film_options.ts";
import { expectFilm, writeFilm } from "./films/write_film.ts";
import { generatorOptionsOf } from "./generator_options.ts";
import {
  checkInterpolateOptions,
  type InterpolateOptions,
  type InterpolationLayout,
  layoutOf,
  USUAL_SEEDS,
} from "./interpolate_options.ts";
import { framesOf, markOfInterpolation, rowsOf, USUAL_FPS, type Way, wayOf } from "./interpolation.ts";
import { type Interpolation, usualInterpolation } from "./latents/between.ts";
import { expectLatents, mapOfLatents } from "./latents/given_latents.ts";
import { latentsAt } from "./latents/places.ts";
import { type OpenGenerator, openGenerator } from "./open_generator.ts";

/** What {@linkcode interpolate} wrote. */
export interface InterpolateResult {
  /** Path of the file. */
  readonly path: string;
  /** How the pictures are laid out. */
  readonly layout: InterpolationLayout;
  /** How many pictures were drawn. */
  readonly count: number;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Draws the pictures between some of a trained generator: in rows from each to the next, in a square between
 * four corners, or as a film.
 *
 * @param source A run folder, the folder of a checkpoint, or a PyTorch state dict.
 * @throws {Error} if there is no generator, the file cannot be written, or ffmpeg is needed and not
 * installed.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, latents do not fit the generator, or the picture is too
 * large.
 * @throws {DOMException} or the signal's own reason, if the signal aborts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { interpolate, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * const { count } = await interpolate(device, run, { seeds: [1, 5, 9], steps: 6, out: `${run}/strip.png` });
 * assertEquals(count, 12); // two rows of six
 * ```
 */
export async function interpolate(
  device: Device,
  source: string,
  given: InterpolateOptions,
): Promise<InterpolateResult> {
  checkInterpolateOptions(given);
  const options = given.latents ? given : { ...given, seeds: given.seeds ?? USUAL_SEEDS };
  const { out, latents, signal } = options;
  const layout = layoutOf(options);
  signal?.throwIfAborted();
  const chosen = generatorOptionsOf(options);
  using generator = await openGenerator(
    device,
    source,
    latents ? { ...chosen, map: mapOfLatents(latents, options.map) } : chosen,
  );
  expectShown(generator);
  const { classes: names, warnings } = generator;
  // One class is the rule: between all of them is no way
  const { labels } = chooseClasses(names, options.classes ?? (names && [0]), source);
  const ends = endsOf(generator, options);
  const { interpolation = usualInterpolation(generator.latentDistribution) } = options;
  const count = layout === "film"
    ? await writeAsFilm(generator, ends, labels, interpolation, options)
    : await writeAsPicture(
      generator,
      wayOf(ends, layout, interpolation, options),
      labels,
      interpolation,
      options,
    );
  return { path: out, layout, count, warnings };
}

/** The latent vectors to go between. */
function endsOf(generator: OpenGenerator, { latents, seeds }: InterpolateOptions): Float32Array[] {
  if (!latents) return latentsAt(generator, seeds!);
  const { latent, latentLength, origin } = generator;
  expectLatents(latents, latent, origin.name);
  const data = generator.truncated(latents.data);
  return Array.from(
    { length: latents.shape[0]! },
    (_, at) => data.subarray(at * latentLength, (at + 1) * latentLength),
  );
}

/** Writes a PNG with all pictures; of several classes one below the other. */
async function writeAsPicture(
  generator: OpenGenerator,
  { vectors, columns }: Way,
  labels: readonly number[] | undefined,
  interpolation: Interpolation,
  options: InterpolateOptions,
): Promise<number> {
  const { padding, scale, out, signal } = options;
  const { count, latents, inRows } = rowsOf(vectors, labels);
  const arrangement = { padding, scale, grid: `${columns}x${count / columns}` } as const;
  expectArranges("interpolate", count, generator.size, arrangement);
  const drawn = await generator.draw(latents, inRows, signal);
  const png = await encodePng(arrange(batchOf(generator, drawn), arrangement));
  const mark = markOfInterpolation(generator, interpolation, layoutOf(options), options);
  await writeFileAtomic(out, options.mark === false ? png : markPng(png, mark));
  return count;
}

/** Writes a film of one picture, or of one of each class side by side. */
async function writeAsFilm(
  generator: OpenGenerator,
  ends: readonly Float32Array[],
  labels: readonly number[] | undefined,
  interpolation: Interpolation,
  options: InterpolateOptions,
): Promise<number> {
  const { fps = USUAL_FPS, out, padding, progress, signal } = options;
  const tiles = labels?.length ?? 1;
  const { scale = usualScale(sidesOf(generator.size).height) } = options;
  const arrangement: Arrangement = { padding, scale };
  const sides = arrangedSides(tiles, generator.size, arrangement);
  const writing = { out, fps, progress, signal };
  expectFilm(sides, writing);
  const { frames, vectorAt } = framesOf(ends, interpolation, options);
  const latents = (frame: number) => {
    const vector = vectorAt(frame);
    const all = new Float32Array(tiles * vector.length);
    for (let tile = 0; tile < tiles; tile++) all.set(vector, tile * vector.length);
    return all;
  };
  const drawn = drawFrames(generator, tiles, { frames, latents, labels, arrangement, duration: 1000 / fps });
  const mark = options.mark === false
    ? undefined
    : markOfInterpolation(generator, interpolation, layoutOf(options), { ...options, fps, scale });
  const facts = { ...sides, channels: generator.channels as Channels, frames, loop: true, mark };
  await writeFilm(facts, drawn, writing);
  return frames;
}
