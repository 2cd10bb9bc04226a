import { host } from "../../../host/host.ts";
import { toRgb } from "../../../pictures/mod.ts";
import type { FilmFacts, Frame } from "../../../pictures/films/mod.ts";
import { endingOf } from "./film_kind.ts";
import type { FilmWriting } from "./write_film.ts";

/** What ffmpeg is told about each kind of file. Both play in every browser. */
const CODECS: Readonly<Record<string, readonly string[]>> = {
  ".mp4": ["-c:v", "libx264", "-crf", "16", "-preset", "medium", "-movflags", "+faststart", "-f", "mp4"],
  ".webm": ["-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-row-mt", "1", "-f", "webm"],
};

/** Characters of ffmpeg's messages that an error repeats at most. */
const MOST_SAID = 400;

/**
 * Pipes the frames of a film through ffmpeg to a file. A frame that is seen longer is repeated, as every
 * frame of these files is as long.
 *
 * @param path Where ffmpeg writes.
 * @throws {Error} if there is no ffmpeg, it may not be run, or it fails.
 */
export async function encodeWithFfmpeg(
  path: string,
  facts: FilmFacts,
  frames: AsyncIterable<Frame>,
  { out, fps, signal }: FilmWriting,
): Promise<void> {
  const process = start(out, argumentsFor(path, out, facts, fps));
  const said = new Response(process.stderr).text();
  let failure: unknown;
  const stop = () => {
    try {
      process.kill();
    } catch {
      // It has ended by itself
    }
  };
  signal?.addEventListener("abort", stop);
  const writer = process.stdin.getWriter();
  try {
    let [elapsed, written] = [0, 0];
    for await (const { picture, duration } of frames) {
      elapsed += duration;
      const { data } = toRgb(picture);
      for (; written < Math.round(elapsed * fps / 1000); written++) await writer.write(data);
    }
    await writer.close();
  } catch (error) {
    failure = error;
    stop();
    await writer.abort().catch(() => {});
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  const [{ success }, text] = await Promise.all([process.status, said]);
  signal?.throwIfAborted();
  // If ffmpeg ends early, what it says is the reason, not that nobody reads the pipe
  if (failure !== undefined && (success || !isPipe(failure))) throw failure;
  if (success) return;
  throw new Error(
    `Cannot write ${out}: ffmpeg failed: ${text.trim().slice(-MOST_SAID) || "it said nothing"}`,
  );
}

function isPipe(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe;
}

function start(out: string, args: readonly string[]): Deno.ChildProcess {
  const { kind, runtime } = host();
  if (kind !== "deno") {
    throw new Error(
      `Cannot write ${out}: ffmpeg can be run from Deno only, found ${runtime}. Name a file that ends in .webp, ` +
        ".png or .gif",
    );
  }
  try {
    return new Deno.Command("ffmpeg", { args: [...args], stdin: "piped", stdout: "null", stderr: "piped" })
      .spawn();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(
      `Cannot write ${out}: it takes ffmpeg, found none on this machine. Install ffmpeg, or name a file that ends in ` +
        ".webp, .png or .gif",
      { cause },
    );
  }
}

function argumentsFor(path: string, out: string, { width, height, mark }: FilmFacts, fps: number): string[] {
  const given = [
    "-f",
    "rawvideo",
    "-pix_fmt",
    "rgb24",
    "-s",
    `${width}x${height}`,
    "-r",
    `${fps}`,
    "-i",
    "-",
  ];
  // Colors have half the size in these files, so that sides must be even
  const even = "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white";
  const said = mark
    ? ["-metadata", `description=${mark.description}`, "-metadata", `comment=${JSON.stringify(mark.made)}`]
    : [];
  return [
    ...["-hide_banner", "-loglevel", "error", "-nostdin", "-y", ...given],
    // No dates, no versions: the same frames give the same bytes
    ...["-vf", even, "-pix_fmt", "yuv420p", "-fflags", "+bitexact", "-flags:v", "+bitexact", ...said],
    ...CODECS[endingOf(out)]!,
    path,
  ];
}
