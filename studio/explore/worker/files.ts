import { expectLatents } from "../../../src/dcgan/explore/latents/given_latents.ts";
import { between, usualInterpolation } from "../../../src/dcgan/explore/latents/between.ts";
import { drawFrames } from "../../../src/dcgan/explore/films/draw_frames.ts";
import { usualScale } from "../../../src/dcgan/explore/films/film_options.ts";
import { markOfDrawing } from "../../../src/dcgan/explore/marks/mark_of.ts";
import { arrange, arrangedSides } from "../../../src/dcgan/sampling/arrangement.ts";
import { decodeNpy, encodeNpy } from "../../../src/files/npy.ts";
import { encodeFilm } from "../../../src/pictures/films/mod.ts";
import { type Channels, encodePng, markPng, sidesOf } from "../../../src/pictures/mod.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Drawn } from "../drawn.ts";
import { FILMING } from "../events.ts";
import { drawsFrom, type Used } from "../source/source.ts";
import { draw } from "./samples.ts";

/** Frames a second, as films of the command line have. */
const FPS = 20;

/** A picture of pictures. */
export interface PngRequest {
  /** What is in it. */
  readonly drawn: Pick<Drawn, "latents" | "labels">;
  /** Pictures side by side. */
  readonly columns: number;
  /** What it shows, to begin a sentence: "24 samples". */
  readonly what: string;
}

/** A PNG of pictures, with a mark that it was generated. */
export async function encodeDrawn(used: Used, { drawn, columns, what }: PngRequest): Promise<Uint8Array> {
  const { pictures } = await draw(drawsFrom(used), drawn.latents, drawn.labels);
  const picture = arrange(pictures, {}, columns);
  const options = { count: pictures.count, latents: "chosen in the studio" };
  return markPng(
    await encodePng(picture),
    markOfDrawing({ command: "studio", what, options }, used.loaded.origin),
  );
}

/** A film between pictures. */
export interface FilmRequest {
  /** Latent vectors to go through, and back to the first. */
  readonly stops: readonly Float32Array[];
  /** Class of the pictures. */
  readonly label?: number | undefined;
  /** Frames from one to the next, both counted. */
  readonly steps: number;
}

/** A WebP of the way through pictures and back to the first, as `interpolate` films with `loop`. */
export async function encodeWay(
  engine: Engine,
  used: Used,
  { stops, label, steps }: FilmRequest,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const generator = drawsFrom(used);
  const { size, channels, classes, latentDistribution } = generator;
  const frames = stops.length * (steps - 1);
  const interpolation = usualInterpolation(latentDistribution);
  const arrangement = { scale: usualScale(sidesOf(size).height) };
  const latents = (frame: number) => {
    const part = Math.floor(frame / (steps - 1));
    const [from, to] = [stops[part]!, stops[(part + 1) % stops.length]!];
    return between(from, to, frame / (steps - 1) - part, interpolation);
  };
  const labels = classes && [label ?? 0];
  const drawn = drawFrames(generator, 1, { frames, latents, labels, arrangement, duration: 1000 / FPS });
  async function* counted() {
    let done = 0;
    for await (const frame of drawn) {
      signal.throwIfAborted();
      yield frame;
      engine.tell(FILMING, { done: ++done, of: frames });
    }
  }
  const options = {
    latents: `${stops.length} vectors`,
    steps,
    loop: true,
    interpolation,
    layout: "film",
    fps: FPS,
  };
  const what = `The way between ${stops.length} samples`;
  const mark = markOfDrawing({ command: "studio", what, options }, used.loaded.origin);
  const facts = {
    ...arrangedSides(1, size, arrangement),
    channels: channels as Channels,
    frames,
    loop: true,
    mark,
  };
  const parts: Uint8Array[] = [];
  for await (const { bytes, isStart } of encodeFilm("webp", facts, counted())) {
    if (isStart) parts[0]!.set(bytes);
    else parts.push(bytes);
  }
  return joined(parts);
}

/** A npy file of latent vectors, `[count, latent]`, which `sample`, `interpolate` and NumPy read. */
export function encodeLatents({ loaded: { latent } }: Used, latents: Float32Array): Uint8Array {
  return encodeNpy({ shape: [latents.length / latent, latent], data: Float32Array.from(latents) });
}

/**
 * Draws the pictures of a npy file of latent vectors.
 *
 * @throws {SyntaxError} if it cannot be read.
 * @throws {RangeError} if its vectors do not fit the generator.
 */
export async function drawLatents(
  used: Used,
  { file, name }: { readonly file: Uint8Array; readonly name: string },
): Promise<Drawn> {
  const array = decodeNpy(file, name);
  if (array.shape.length !== 2 || array.shape[0] === 0) {
    throw new RangeError(
      `Cannot draw from ${name}: it must hold an array [count, ${used.loaded.latent}], found [${
        array.shape.join(", ")
      }]`,
    );
  }
  expectLatents(array, used.loaded.latent, used.facts.name);
  return await draw(drawsFrom(used), array.data);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
