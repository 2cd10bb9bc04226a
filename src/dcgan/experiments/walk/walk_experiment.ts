import type { Device } from "../../../gpu/mod.ts";
import { lengthOf, type Mark, type Picture } from "../../../pictures/mod.ts";
import { between, usualInterpolation } from "../../explore/latents/between.ts";
import { markOfDrawing } from "../../explore/marks/mark_of.ts";
import { Sheet, sheetShape } from "../../explore/sheet.ts";
import { generateBytes, latentVectors } from "../../sampling/generate.ts";
import { loadGenerator, type LoadGeneratorOptions } from "../../sampling/load_generator.ts";
import { checkOptions } from "../options/check_options.ts";
import { WALK_KINDS } from "../options/kinds.ts";
import { placeRow } from "../pictures/layout.ts";

/** Options of {@linkcode walkExperiment}. */
export interface WalkOptions extends Pick<LoadGeneratorOptions, "from" | "ema" | "emaLength"> {
  /**
   * Random points that the walk goes through.
   *
   * @default {9}
   */
  points?: number;
  /**
   * Pictures from one point to the next, both ends included.
   *
   * @default {9}
   */
  columns?: number;
  /**
   * Seed of the latent vectors.
   *
   * @default {1}
   */
  seed?: number;
  /** Ends it once it aborts, with the signal's reason. */
  signal?: AbortSignal;
}

/** A walk in the space of latent vectors. */
export interface WalkResult {
  /** The run folder, or the file. */
  readonly run: string;
  /** Random points that the walk goes through. */
  readonly points: number;
  /** Steps from one point to the next. */
  readonly steps: number;
  /**
   * Share of the way of a row, the sum of the differences from picture to picture, that its largest step
   * takes, as a mean over rows: `1 / steps` if all steps are equally large, and 1 if the picture jumps once.
   */
  readonly largestStep: number;
  /** A row from each point to the next; of a conditional generator, with the name of its class. */
  readonly picture: Picture;
  /** What a file of the picture should say: that it is generated, and how. {@linkcode markPng} writes it. */
  readonly mark: Mark;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Draws what lies between random points of the latent space (the paper, section 6.1 and figure 4). A
 * generator that has memorized its pictures jumps from one to another; one that has learned changes them step
 * by step. A conditional generator draws one class in each row.
 *
 * @throws {Error} if there is no generator at `source`.
 * @throws {RangeError} if an option is not allowed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, train, walkExperiment } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, data: "faces", out: run }));
 * const { picture, steps } = await walkExperiment(device, run, { points: 3, columns: 5 });
 * // 2 rows of 5 images, each pixel a square of 4 x 4, with 6 pixels between and around them
 * assertEquals([steps, picture.width, picture.height], [4, 5 * 70 + 6, 2 * 70 + 6]);
 * ```
 */
export async function walkExperiment(
  device: Device,
  source: string,
  options: WalkOptions = {},
): Promise<WalkResult> {
  checkOptions("walkExperiment", options, WALK_KINDS);
  const { points = 9, columns = 9, seed = 1, from, ema, emaLength, signal } = options;
  const loaded = await loadGenerator(device, source, {
    ...(from === undefined ? {} : { from }),
    ...(ema === undefined ? {} : { ema }),
    ...(emaLength === undefined ? {} : { emaLength }),
  });
  using generator = loaded.generator;
  const { latent, latentDistribution, size, classes } = loaded;
  const classOf = (row: number) => row % classes!.length;
  const left = classes ? Array.from({ length: points - 1 }, (_, row) => classes[classOf(row)]!) : [];
  const sheet = new Sheet(sheetShape(loaded), { columns, rows: points - 1, left }, "draw the walk");
  const interpolation = usualInterpolation(latentDistribution);
  const ends = latentVectors({ count: points, seed, latent, latentDistribution });
  const at = (point: number) => ends.subarray(point * latent, (point + 1) * latent);
  const rows: Uint8Array[] = [];
  for (let row = 0; row + 1 < points; row++) {
    signal?.throwIfAborted();
    const latents = new Float32Array(columns * latent);
    for (let column = 0; column < columns; column++) {
      const z = between(at(row), at(row + 1), column / (columns - 1), interpolation);
      latents.set(z, column * latent);
    }
    const labels = classes && [classOf(row)];
    const drawn = { count: columns, seed, latents, latent, latentDistribution, size, labels };
    const bytes = await generateBytes(generator, drawn);
    rows.push(bytes);
    placeRow(sheet, bytes, lengthOf(loaded), row);
  }
  const largest = rows.map((row) => largestShare(row, lengthOf(loaded)));
  return {
    run: source,
    points,
    steps: columns - 1,
    largestStep: largest.reduce((sum, share) => sum + share, 0) / largest.length,
    picture: sheet.picture,
    mark: markOfDrawing({
      command: "experiment walk",
      what: `A walk through ${points} points`,
      options: { points, columns, seed },
    }, loaded.origin),
    warnings: loaded.warnings,
  };
}

/**
 * Share of the way through some pictures that the largest step takes; an even step if they are all the same.
 */
function largestShare(bytes: Uint8Array, each: number): number {
  const steps = bytes.length / each - 1;
  let [way, largest] = [0, 0];
  for (let step = 0; step < steps; step++) {
    let squares = 0;
    for (let i = step * each; i < (step + 1) * each; i++) squares += (bytes[i]! - bytes[i + each]!) ** 2;
    const length = Math.sqrt(squares);
    way += length;
    largest = Math.max(largest, length);
  }
  return way === 0 ? 1 / steps : largest / way;
}
