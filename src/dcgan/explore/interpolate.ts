import { writeFileAtomic } from "../../files/atomic_write.ts";
import type { Device } from "../../gpu/mod.ts";
import { type Channels, encodePng, type Mark, markPng, sidesOf } from "../../pictures/mod.ts";
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
import { between, type Interpolation, usualInterpolation } from "./latents/between.ts";
import { expectLatents, mapOfLatents } from "./latents/given_latents.ts";
import { latentsAt } from "./latents/places.ts";
import { markOfDrawing } from "./marks/mark_of.ts";
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

/** Latent vectors on the way, and how many pictures are side by side. */
interface Way {
  readonly vectors: readonly Float32Array[];
  readonly columns: number;
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

/** The ends of each part of the way. */
function partsOf(ends: readonly Float32Array[], loop: boolean): [from: Float32Array, to: Float32Array][] {
  const count = loop ? ends.length : ends.length - 1;
  return Array.from({ length: count }, (_, at) => [ends[at]!, ends[(at + 1) % ends.length]!]);
}

function wayOf(
  ends: readonly Float32Array[],
  layout: "strip" | "grid",
  interpolation: Interpolation,
  { steps = 8, loop = false }: InterpolateOptions,
): Way {
  const places = Array.from({ length: steps }, (_, step) => step / (steps - 1));
  if (layout === "strip") {
    const parts = partsOf(ends, loop);
    const vectors = parts.flatMap(([a, b]) => places.map((at) => between(a, b, at, interpolation)));
    return { vectors, columns: steps };
  }
  const [topLeft, topRight, bottomLeft, bottomRight] = ends as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const vectors = places.flatMap((down) => {
    const left = between(topLeft, bottomLeft, down, interpolation);
    const right = between(topRight, bottomRight, down, interpolation);
    return places.map((across) => between(left, right, across, interpolation));
  });
  return { vectors, columns: steps };
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
  const count = vectors.length * (labels?.length ?? 1);
  const arrangement = { padding, scale, grid: `${columns}x${count / columns}` } as const;
  expectArranges("interpolate", count, generator.size, arrangement);
  const all = new Float32Array(count * generator.latentLength);
  const inRows: number[] = [];
  for (let at = 0; at < count; at++) {
    all.set(vectors[at % vectors.length]!, at * generator.latentLength);
    if (labels) inRows.push(labels[Math.floor(at / vectors.length)]!);
  }
  const drawn = await generator.draw(all, labels && inRows, signal);
  const png = await encodePng(arrange(batchOf(generator, drawn), arrangement));
  const mark = markOf(generator, interpolation, options, scale);
  await writeFileAtomic(out, mark ? markPng(png, mark) : png);
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
  const { steps = 40, loop = false, fps = 20, out, padding, progress, signal } = options;
  const tiles = labels?.length ?? 1;
  const { scale = usualScale(sidesOf(generator.size).height) } = options;
  const arrangement: Arrangement = { padding, scale };
  const sides = arrangedSides(tiles, generator.size, arrangement);
  const parts = partsOf(ends, loop);
  // The end of a part is the start of the next; a loop ends where it began
  const frames = parts.length * (steps - 1) + (loop ? 0 : 1);
  const writing = { out, fps, progress, signal };
  expectFilm(sides, writing);
  const latents = (frame: number) => {
    const part = Math.min(parts.length - 1, Math.floor(frame / (steps - 1)));
    const vector = between(...parts[part]!, frame / (steps - 1) - part, interpolation);
    const all = new Float32Array(tiles * vector.length);
    for (let tile = 0; tile < tiles; tile++) all.set(vector, tile * vector.length);
    return all;
  };
  const drawn = drawFrames(generator, tiles, { frames, latents, labels, arrangement, duration: 1000 / fps });
  const mark = markOf(generator, interpolation, { ...options, fps }, scale);
  const facts = { ...sides, channels: generator.channels as Channels, frames, loop: true, mark };
  await writeFilm(facts, drawn, writing);
  return frames;
}

function markOf(
  generator: OpenGenerator,
  interpolation: Interpolation,
  options: InterpolateOptions,
  scale: number | undefined,
): Mark | undefined {
  if (options.mark === false) return undefined;
  const { seeds, latents, steps, loop, classes, padding, fps } = options;
  const { truncation, map, statistics, latentDistribution } = options;
  const drawing = {
    seeds,
    steps,
    loop,
    interpolation,
    layout: layoutOf(options),
    classes,
    padding,
    scale,
    fps,
  };
  const given = latents && `${latents.shape[0]} vectors of a file`;
  const all = { ...drawing, latents: given, truncation, map, statistics, latentDistribution };
  const what = `The way between ${latents?.shape[0] ?? seeds!.length} samples`;
  return markOfDrawing({ command: "interpolate", what, options: all }, generator.origin);
}
