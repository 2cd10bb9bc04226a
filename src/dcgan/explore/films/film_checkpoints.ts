import type { Device } from "../../../gpu/mod.ts";
import { type Channels, type ImageSize, sidesOf } from "../../../pictures/mod.ts";
import type { Frame } from "../../../pictures/films/mod.ts";
import { checkpointsIn } from "../../checkpoints/checkpoint_files.ts";
import { integer, nameList } from "../../options/option.ts";
import { arrange, arrangedSides, expectArranges } from "../../sampling/arrangement.ts";
import { chooseClasses } from "../../sampling/choose_classes.ts";
import { checkOptions, type OptionKinds } from "../check_options.ts";
import {
  GENERATOR_KINDS,
  type GeneratorOptions,
  generatorOptionsOf,
  SEED_KIND,
  sidesUpTo,
} from "../generator_options.ts";
import { markOfDrawing } from "../marks/mark_of.ts";
import { openGenerator } from "../open_generator.ts";
import { batchOf, expectShown } from "./draw_frames.ts";
import {
  FILM_KINDS,
  type FilmFileOptions,
  type FilmResult,
  SECONDS_KIND,
  usualScale,
} from "./film_options.ts";
import { LAST, paceOf } from "./film_training.ts";
import { expectFilm, writeFilm } from "./write_film.ts";

/** Options of {@linkcode filmCheckpoints}. */
export interface FilmCheckpointsOptions extends Omit<GeneratorOptions, "from">, FilmFileOptions {
  /**
   * Seed of the latent vectors.
   *
   * @default {1}
   */
  seed?: number;
  /**
   * Pictures in a frame, 1 to 64.
   *
   * @default {9, or as many as a grid has}
   */
  count?: number;
  /** Classes of the pictures, for a conditional generator; they take them in turn. All if not given. */
  classes?: readonly (string | number)[];
  /** Pictures side by side and below each other, the columns first. About a square if not given. */
  grid?: ImageSize;
  /** Seconds from the first picture to the last, in place of `fps`, as in `filmTraining()`. */
  seconds?: number;
}

const { from: _, ...CHECKPOINT_KINDS } = GENERATOR_KINDS;

const KINDS: OptionKinds<FilmCheckpointsOptions> = {
  seed: SEED_KIND,
  count: integer(1, 64),
  classes: nameList(),
  grid: sidesUpTo(64),
  seconds: SECONDS_KIND,
  ...FILM_KINDS,
  ...CHECKPOINT_KINDS,
};

/**
 * Films how a run learned, drawn anew: each checkpoint that is kept draws the same latent vectors. Train with
 * `keep: "all"` to have many.
 *
 * @param run The run folder.
 * @throws {Error} if there is no run, a checkpoint cannot be used, the file cannot be written, or ffmpeg is
 * needed and not installed.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, or there are fewer than 2 checkpoints.
 * @throws {DOMException} or the signal's own reason, if the signal aborts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { filmCheckpoints, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 3, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, checkpointEvery: 1, keep: "all", out: run }));
 *
 * const { frames } = await filmCheckpoints(device, run, { seed: 5, out: `${run}/learning.png` });
 * assertEquals(frames, 3);
 * ```
 */
export async function filmCheckpoints(
  device: Device,
  run: string,
  options: FilmCheckpointsOptions,
): Promise<FilmResult> {
  checkOptions<FilmCheckpointsOptions>("filmCheckpoints()", "film", options, KINDS, ["out"]);
  const { out, seed = 1, mark, progress, signal, grid, padding } = options;
  const places = grid === undefined ? 9 : sidesOf(grid).width * sidesOf(grid).height;
  const { count = places } = options;
  signal?.throwIfAborted();
  const steps = (await checkpointsIn(`${run}/checkpoints`)).map(({ step }) => step).reverse();
  if (steps.length < 2) {
    throw new RangeError(
      `Cannot film ${run}: it must have 2 checkpoints or more, found ${steps.length}. ` +
        "Train with --keep all and a smaller --checkpoint-every, or film its samples",
    );
  }
  const open = (step: number) => openGenerator(device, run, { ...generatorOptionsOf(options), from: step });
  using last = await open(steps.at(-1)!);
  expectShown(last);
  const { labels } = chooseClasses(last.classes, options.classes, run);
  const rows = arrangedSides(count, 1, { grid, padding: 0 }).height;
  const { scale = usualScale(rows * sidesOf(last.size).height) } = options;
  const arrangement = { grid, padding, scale };
  expectArranges("film", count, last.size, arrangement);
  const sides = arrangedSides(count, last.size, arrangement);
  const { fps, duration } = paceOf(options, steps.length);
  const writing = { out, fps, progress, signal };
  expectFilm(sides, writing);
  const latents = last.latents(seed, count);
  async function* drawn(): AsyncGenerator<Frame> {
    for (const step of steps) {
      using generator = await open(step);
      const batch = batchOf(generator, await generator.draw(latents, labels));
      yield { picture: arrange(batch, arrangement), duration: step === steps.at(-1) ? LAST : duration };
    }
  }
  const { truncation, map, statistics, latentDistribution, classes, seconds } = options;
  const drawing = { seed, count, classes, grid, padding, scale, seconds, fps: options.fps };
  const all = { kind: "checkpoints", ...drawing, truncation, map, statistics, latentDistribution };
  const what = count === 1 ? "A sample in training" : `${count} samples in training`;
  const said = mark === false
    ? undefined
    : markOfDrawing({ command: "film", what, options: all, showsTraining: true }, last.origin);
  const facts = {
    ...sides,
    channels: last.channels as Channels,
    frames: steps.length,
    loop: true,
    mark: said,
  };
  const milliseconds = await writeFilm(facts, drawn(), writing);
  return { path: out, frames: steps.length, seconds: milliseconds / 1000, warnings: last.warnings };
}
