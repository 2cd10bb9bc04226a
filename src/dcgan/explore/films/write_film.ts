import { host } from "../../../host/host.ts";
import { AtomicFile, syncFolderOf, writeFileAtomic } from "../../../files/atomic_write.ts";
import { mp4XmpBox, xmpOf } from "../../../pictures/mod.ts";
import { encodeFilm, type FilmFacts, type FilmType, type Frame } from "../../../pictures/films/mod.ts";
import { encodeWithFfmpeg } from "./ffmpeg.ts";
import { endingOf, filmKindOf } from "./film_kind.ts";
import type { FilmFileOptions } from "./film_options.ts";

/** Pixels of a frame at most. */
const MOST_PIXELS = 2 ** 24;

/** How a film is written, what of the options matters here. */
export interface FilmWriting {
  readonly out: string;
  readonly fps: number;
  readonly progress: FilmFileOptions["progress"];
  readonly signal: AbortSignal | undefined;
}

/**
 * Throws if a film of such frames cannot be written: before any is drawn.
 *
 * @throws {RangeError} naming the option.
 */
export function expectFilm(
  { width, height }: Pick<FilmFacts, "width" | "height">,
  { out, fps }: FilmWriting,
): void {
  const { mostSide, mostFps } = filmKindOf(out);
  if (fps > mostFps) {
    throw new RangeError(`Cannot write ${out}: "fps" must be at most ${mostFps} in a GIF, found ${fps}`);
  }
  if (Math.max(width, height) <= mostSide && width * height <= MOST_PIXELS) return;
  throw new RangeError(
    `Cannot write ${out}: frames must have at most ${MOST_PIXELS} pixels, and ${mostSide} along a side, ` +
      `found ${width}x${height}. Take fewer pictures, or a smaller "scale"`,
  );
}

/**
 * Writes a film whose frames are drawn as it goes: no more than one of them is in memory.
 *
 * @returns Milliseconds that it takes.
 * @throws {Error} if the file cannot be written, or ffmpeg is needed and not there.
 * @throws {RangeError} if the frames do not fit the facts.
 */
export async function writeFilm(
  facts: FilmFacts,
  frames: AsyncIterable<Frame>,
  writing: FilmWriting,
): Promise<number> {
  const { out, progress, signal } = writing;
  expectFilm(facts, writing);
  const { encoder } = filmKindOf(out);
  let [done, milliseconds] = [0, 0];
  async function* counted(): AsyncGenerator<Frame> {
    for await (const frame of frames) {
      signal?.throwIfAborted();
      yield frame;
      milliseconds += frame.duration;
      progress?.(++done, facts.frames);
    }
  }
  if (encoder === "ffmpeg") await writeVideo(facts, counted(), writing);
  else await writeAnimation(encoder, facts, counted(), writing);
  return milliseconds;
}

async function writeAnimation(
  type: FilmType,
  facts: FilmFacts,
  frames: AsyncIterable<Frame>,
  { out, signal }: FilmWriting,
): Promise<void> {
  const toError = (cause: unknown) =>
    new Error(`Cannot write ${out}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  await using file = await AtomicFile.open(out, { toError });
  for await (const { bytes, isStart } of encodeFilm(type, facts, frames)) {
    await (isStart ? file.rewrite(bytes) : file.write(bytes));
  }
  signal?.throwIfAborted();
  await file.finish();
  await syncFolderOf(out);
}

async function writeVideo(
  facts: FilmFacts,
  frames: AsyncIterable<Frame>,
  writing: FilmWriting,
): Promise<void> {
  const { out } = writing;
  const temporary = `${out}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await encodeWithFfmpeg(temporary, facts, frames, writing);
    await writeFileAtomic(out, markedVideo(temporary, out, facts));
  } finally {
    await host().remove(temporary).catch(() => {});
  }
}

/** The bytes of a video, with a box for its mark behind them if it is an MP4. */
async function* markedVideo(path: string, out: string, { mark }: FilmFacts): AsyncGenerator<Uint8Array> {
  const file = await host().open(path, { read: true });
  yield* file.readable;
  if (mark && endingOf(out) === ".mp4") yield mp4XmpBox(xmpOf(mark));
}
