import type { Channels } from "../../../pictures/mod.ts";
import type { Device } from "../../../gpu/mod.ts";
import { integer, nameList } from "../../options/option.ts";
import { arrangedSides, type Arrangement } from "../../sampling/arrangement.ts";
import { chooseClasses } from "../../sampling/choose_classes.ts";
import { sidesOf } from "../../../pictures/mod.ts";
import { checkOptions, type OptionKinds } from "../check_options.ts";
import {
  GENERATOR_KINDS,
  type GeneratorOptions,
  generatorOptionsOf,
  SEED_KIND,
} from "../generator_options.ts";
import { type Interpolation, INTERPOLATION_KIND, usualInterpolation } from "../latents/between.ts";
import { onLoop } from "../latents/loop.ts";
import { placeOf, type SeedPlace, seedPlaces } from "../latents/places.ts";
import { markOfDrawing } from "../marks/mark_of.ts";
import { type OpenGenerator, openGenerator } from "../open_generator.ts";
import { drawFrames, expectShown } from "./draw_frames.ts";
import {
  FILM_KINDS,
  type FilmFileOptions,
  type FilmResult,
  SECONDS_KIND,
  usualScale,
} from "./film_options.ts";
import { expectFilm, writeFilm } from "./write_film.ts";

/** Options of {@linkcode filmWalk}. */
export interface FilmWalkOptions extends GeneratorOptions, FilmFileOptions {
  /**
   * The seeds to walk through, 2 or more. Each picture of a frame walks through its own sample of each: the
   * first through the first sample of the seeds, the next through the second. `"7:23"` begins at sample 23 of
   * seed 7.
   *
   * @default {4 from `seed` on}
   */
  seeds?: readonly SeedPlace[];
  /**
   * The first of 4 seeds, if `seeds` names none.
   *
   * @default {1}
   */
  seed?: number;
  /**
   * Pictures in a frame.
   *
   * @default {9}
   */
  count?: number;
  /** Classes of the pictures, for a conditional generator; they take them in turn. All if not given. */
  classes?: readonly (string | number)[];
  /**
   * Seconds of the whole way, from 0 up to 600.
   *
   * @default {2 for each seed}
   */
  seconds?: number;
  /**
   * How to get from one latent vector to another.
   *
   * @default {"spherical" for normal latents, "linear" for uniform ones}
   */
  interpolation?: Interpolation;
}

const KINDS: OptionKinds<FilmWalkOptions> = {
  seeds: seedPlaces(2, 256),
  seed: SEED_KIND,
  count: integer(1, 64),
  classes: nameList(),
  seconds: SECONDS_KIND,
  interpolation: INTERPOLATION_KIND,
  ...FILM_KINDS,
  ...GENERATOR_KINDS,
};

/** Seeds of a walk if none are named. */
const STOPS = 4;

/** Seconds from one to the next. */
const SECONDS = 2;

/**
 * Films a walk through the latent space of a trained generator: a smooth way through some seeds and back to
 * the first, so that the film can be played over and over without a jump.
 *
 * @param source A run folder, the folder of a checkpoint, or a PyTorch state dict.
 * @throws {Error} if there is no generator, the file cannot be written, or ffmpeg is needed and not
 * installed.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, or the frames are too large.
 * @throws {DOMException} or the signal's own reason, if the signal aborts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { filmWalk, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * const { frames } = await filmWalk(device, run, { seeds: [1, 5], seconds: 1, out: `${run}/walk.gif` });
 * assertEquals(frames, 20);
 * ```
 */
export async function filmWalk(
  device: Device,
  source: string,
  options: FilmWalkOptions,
): Promise<FilmResult> {
  checkOptions<FilmWalkOptions>("filmWalk()", "film", options, KINDS, ["out"]);
  const { out, fps = 20, count = 9, seed = 1, mark, progress, signal } = options;
  if (options.seeds && options.seed !== undefined) {
    throw new RangeError(`Cannot film: "seed" cannot be combined with "seeds". Give one of them`);
  }
  const seeds = options.seeds ?? Array.from({ length: STOPS }, (_, stop) => (seed + stop) % 2 ** 32);
  const { seconds = SECONDS * seeds.length } = options;
  signal?.throwIfAborted();
  using generator = await openGenerator(device, source, generatorOptionsOf(options));
  expectShown(generator);
  const { labels } = chooseClasses(generator.classes, options.classes, source);
  const arrangement = arrangementOf(generator, options, count);
  const sides = arrangedSides(count, generator.size, arrangement);
  const frames = Math.max(1, Math.round(seconds * fps));
  const facts = { ...sides, channels: generator.channels as Channels, frames, loop: true };
  const writing = { out, fps, progress, signal };
  expectFilm(sides, writing);
  const { interpolation = usualInterpolation(generator.latentDistribution) } = options;
  const { truncation, map, statistics, latentDistribution, classes, padding } = options;
  const drawing = { seeds, count, seconds, fps, interpolation, classes, padding, scale: arrangement.scale };
  const all = { ...drawing, truncation, map, statistics, latentDistribution };
  const what = `A walk through ${seeds.length} seeds`;
  const said = markOfDrawing({ command: "film", what, options: { kind: "walk", ...all } }, generator.origin);
  const drawn = drawFrames(generator, count, {
    frames,
    latents: walkThrough(generator, seeds, count, frames, interpolation),
    labels,
    arrangement,
    duration: 1000 / fps,
  });
  await writeFilm({ ...facts, mark: mark === false ? undefined : said }, drawn, writing);
  return { path: out, frames, seconds: frames / fps, warnings: generator.warnings };
}

/** How the pictures of a frame are laid out: large enough to be seen. */
function arrangementOf({ size }: OpenGenerator, options: FilmFileOptions, count: number): Arrangement {
  const { padding, scale } = options;
  const rows = Math.ceil(count / Math.ceil(Math.sqrt(count)));
  return { padding, scale: scale ?? usualScale(rows * sidesOf(size).height) };
}

/** The latent vectors of a frame: each picture is on a way of its own. */
function walkThrough(
  generator: OpenGenerator,
  seeds: readonly SeedPlace[],
  count: number,
  frames: number,
  interpolation: Interpolation,
): (frame: number) => Float32Array {
  const { latentLength: length } = generator;
  const stops = seeds.map((place) => {
    const { seed, sample } = placeOf(place);
    return generator.latents(seed, sample + count).subarray(sample * length);
  });
  return (frame) => {
    const vectors = new Float32Array(count * length);
    for (let picture = 0; picture < count; picture++) {
      const own = stops.map((stop) => stop.subarray(picture * length, (picture + 1) * length));
      vectors.set(onLoop(own, frame / frames * stops.length, interpolation), picture * length);
    }
    return vectors;
  };
}
