import { host } from "../../../host/host.ts";
import { decodePicture, enlarge, hasAlpha, type Picture, toRgb } from "../../../pictures/mod.ts";
import type { Frame } from "../../../pictures/films/mod.ts";
import { RunFolder } from "../../run/folder/run_folder.ts";
import { checkOptions, type OptionKinds } from "../check_options.ts";
import { markOfDrawing } from "../marks/mark_of.ts";
import {
  FILM_KINDS,
  type FilmFileOptions,
  type FilmResult,
  SECONDS_KIND,
  usualScale,
} from "./film_options.ts";
import { basename, resolve } from "../../../host/paths.ts";
import { expectFilm, writeFilm } from "./write_film.ts";

/** Options of {@linkcode filmTraining}. */
export interface FilmTrainingOptions extends Omit<FilmFileOptions, "padding"> {
  /**
   * Seconds from the first picture to the last, from 0 up to 600, in place of `fps`. The last one is seen for
   * 2 seconds more in either case.
   */
  seconds?: number;
}

const KINDS: OptionKinds<FilmTrainingOptions> = {
  out: FILM_KINDS.out,
  fps: FILM_KINDS.fps,
  scale: FILM_KINDS.scale,
  mark: FILM_KINDS.mark,
  progress: null,
  signal: null,
  seconds: SECONDS_KIND,
};

/** Milliseconds that the last picture is seen for: it is what the run came to. */
export const LAST = 2000;

/** Frames a second of films of training. */
export const TRAINING_FPS = 10;

/**
 * Films how a run learned: the pictures in its `samples/`, which all have the same latent vectors, one after
 * another.
 *
 * @param run The run folder.
 * @throws {Error} if there is no run, a picture cannot be read, the file cannot be written, or ffmpeg is
 * needed and not installed.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, there are fewer than 2 pictures, or they are not of one
 * size.
 * @throws {DOMException} or the signal's own reason, if the signal aborts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { filmTraining, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 4, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, sampleEvery: 1, out: run }));
 *
 * const { frames } = await filmTraining(run, { out: `${run}/training.webp` });
 * assertEquals(frames, 4);
 * ```
 */
export async function filmTraining(run: string, options: FilmTrainingOptions): Promise<FilmResult> {
  checkOptions<FilmTrainingOptions>("filmTraining()", "film", options, KINDS, ["out"]);
  const { out, mark, progress, signal } = options;
  signal?.throwIfAborted();
  const { channels } = await RunFolder.at(run).readConfig();
  const found = await samplesIn(run);
  const files = found.map(({ name }) => `${run}/samples/${name}`);
  const read = async (path: string): Promise<Picture> => {
    const picture = await decodePicture(await host().readFile(path));
    return hasAlpha(channels) ? picture : toRgb(picture);
  };
  const first = await read(files[0]!);
  const { scale = usualScale(first.height) } = options;
  const { fps, duration } = paceOf(options, files.length);
  const facts = { width: first.width * scale, height: first.height * scale, channels: first.channels };
  const writing = { out, fps, progress, signal };
  expectFilm(facts, writing);
  const drawing = { kind: "training", fps: options.fps, seconds: options.seconds, scale };
  const origin = { name: basename(resolve(run)), step: found.at(-1)!.step };
  const said = markOfDrawing(
    { command: "film", what: "Samples in training", options: drawing, showsTraining: true },
    origin,
  );
  const frames = files.length;
  async function* drawn(): AsyncGenerator<Frame> {
    for (const [at, path] of files.entries()) {
      const picture = await read(path);
      if (picture.width !== first.width || picture.height !== first.height) {
        throw new RangeError(
          `Cannot film ${run}: ${path} must be ${first.width}x${first.height}, as the first of its samples, ` +
            `found ${picture.width}x${picture.height}. Move those of the other size away`,
        );
      }
      yield { picture: enlarge(picture, scale), duration: at === frames - 1 ? LAST : duration };
    }
  }
  const shown = { ...facts, frames, loop: true, mark: mark === false ? undefined : said };
  const milliseconds = await writeFilm(shown, drawn(), writing);
  return { path: out, frames, seconds: milliseconds / 1000, warnings: [] };
}

/** How long frames are seen, and how many a second a video has. */
export function paceOf(
  { fps = TRAINING_FPS, seconds }: Pick<FilmTrainingOptions, "fps" | "seconds">,
  frames: number,
): { fps: number; duration: number } {
  return { fps, duration: seconds === undefined ? 1000 / fps : 1000 * seconds / Math.max(1, frames - 1) };
}

/** The pictures of samples in a run, first to last. */
async function samplesIn(run: string): Promise<{ name: string; step: number }[]> {
  const found: { name: string; step: number }[] = [];
  try {
    for await (const { name } of host().readDir(`${run}/samples`)) {
      const step = /^step-(\d{6,})\.png$/.exec(name)?.[1];
      if (step !== undefined) found.push({ name, step: Number(step) });
    }
  } catch (error) {
    if (host().problemOf(error) !== "NotFound") throw error;
  }
  if (found.length >= 2) return found.sort((a, b) => a.step - b.step);
  throw new RangeError(
    `Cannot film ${run}: its samples/ must hold 2 pictures or more, found ${found.length}. ` +
      "Train with a smaller --sample-every, or film its checkpoints or a walk",
  );
}
