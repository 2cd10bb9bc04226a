import { concatBytes } from "../../../pictures/bytes.ts";
import type { Device } from "../../../gpu/mod.ts";
import type { Mark, Picture } from "../../../pictures/mod.ts";
import { markOfDrawing } from "../../explore/marks/mark_of.ts";
import { RunFolder } from "../../run/folder/run_folder.ts";
import type { LoadGeneratorOptions } from "../../sampling/load_generator.ts";
import { type LabeledDataOptions, openLabeledParts } from "../data/labeled_parts.ts";
import { shuffledNumbers } from "../data/shuffled_numbers.ts";
import { checkOptions } from "../options/check_options.ts";
import { NEAREST_NEIGHBOR_KINDS } from "../options/kinds.ts";
import { LabeledSamples } from "./labeled_samples.ts";
import { rowsOf } from "../pictures/layout.ts";
import { Probes } from "./probes.ts";

/** Options of {@linkcode nearestNeighborExperiment}. */
export interface NearestNeighborOptions
  extends LabeledDataOptions, Pick<LoadGeneratorOptions, "from" | "ema" | "emaLength"> {
  /**
   * Samples that test images are compared with, and real images at most.
   *
   * @default {10000}
   */
  samples?: number;
  /**
   * Most images to test with.
   *
   * @default {1000}
   */
  limit?: number;
  /**
   * Seed of the latent vectors, and of the choice of images.
   *
   * @default {1}
   */
  seed?: number;
}

/** How well the classes of the nearest samples are those of test images. */
export interface NearestNeighborResult {
  /** The run folders. */
  readonly runs: readonly string[];
  /**
   * Whether each class has a generator of its own, as in the paper; otherwise one generator takes classes.
   */
  readonly isOneForEach: boolean;
  /** Name of the dataset. */
  readonly data: string;
  /** Name of the label. */
  readonly label: string;
  /** Images that it was tested with. */
  readonly tested: number;
  /** Whether these are the dataset's own test part. */
  readonly hasTestPart: boolean;
  /** Samples that were compared with. */
  readonly samples: number;
  /** Share of the test images whose nearest sample is of another class. */
  readonly sampleError: number;
  /** Real images that were compared with: as many as samples, or all of the training part if it has fewer. */
  readonly images: number;
  /** Share of the test images whose nearest real image is of another class. */
  readonly imageError: number;
  /** Floating-point operations of all products. */
  readonly flop: number;
  /** The first test images, a column for each: itself, the nearest sample, and the nearest real image. */
  readonly picture: Picture;
  /** What a file of the picture should say: that samples in it are generated, and how. {@linkcode markPng} writes it. */
  readonly mark: Mark;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

/** Columns of the picture. */
const SHOWN = 12;

/** What its rows show. */
const ROWS = ["test image", "nearest sample", "nearest image"];

/**
 * Classifies test images by the class of the nearest sample of a class-conditional generator, and by the
 * class of the nearest of as many real images (the paper's appendix, table 3). Distances are those of pixels.
 *
 * @param runs A conditional run; or, as in the paper, a run for each class, in the order of the dataset's
 * classes.
 * @throws {Error} if there is no run, or none of its checkpoints can be used.
 * @throws {ConfigError} if an option is not allowed, or the dataset has no classes.
 * @throws {RangeError} if the classes of samples are not known, or are others than the dataset's.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { nearestNeighborExperiment, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const few = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 2 } as const;
 * const tiny = { ...few, scoreEvery: 0, conditional: "glasses" } as const;
 * await Array.fromAsync(train(device, { ...tiny, data: "faces", dataOptions: { length: 400 }, out }));
 * const result = await nearestNeighborExperiment(device, out, { samples: 60, limit: 20 });
 * assertEquals([result.samples, result.images, result.tested], [60, 60, 20]);
 * assert(result.imageError <= 1 && result.picture.width > 0);
 * ```
 */
export async function nearestNeighborExperiment(
  device: Device,
  runs: string | readonly string[],
  options: NearestNeighborOptions = {},
): Promise<NearestNeighborResult> {
  checkOptions("nearestNeighborExperiment", options, NEAREST_NEIGHBOR_KINDS);
  const { samples: count = 10_000, limit = 1000, seed = 1, report = () => {}, progress = () => {} } = options;
  const { from, ema, emaLength, signal } = options;
  const folders = typeof runs === "string" ? [runs] : runs;
  const [first] = folders;
  if (first === undefined) throw new RangeError("Cannot compare with samples: name at least one run");
  const config = await RunFolder.at(first).readConfig();
  using samples = await LabeledSamples.load(device, folders, {
    ...(from === undefined ? {} : { from }),
    ...(ema === undefined ? {} : { ema }),
    ...(emaLength === undefined ? {} : { emaLength }),
  });
  await using parts = await openLabeledParts(first, config, samples, options);
  expectClasses(samples, parts.classes, parts.label);
  const { training, test } = parts;
  const choice = { count, seed };

  const tested = shuffledNumbers(test.length, seed).subarray(0, limit);
  using probes = await Probes.read(device, test, tested, samples, signal);
  report(`Comparing ${tested.length} test images with ${count} samples`);
  const nearestSamples = await probes.search(async function* () {
    let done = 0;
    for await (const bytes of inBlocks(samples.draw(choice), probes.rowsAtOnce * probes.each)) {
      signal?.throwIfAborted();
      yield bytes;
      progress({ what: "samples", done: done += bytes.length / probes.each, total: count, unit: "images" });
    }
  });
  const real = shuffledNumbers(training.length, seed).subarray(0, count);
  report(`Comparing them with ${real.length} real images`);
  const nearestImages = await probes.search(async function* () {
    for (let start = 0; start < real.length; start += probes.rowsAtOnce) {
      signal?.throwIfAborted();
      yield await training.read(real.subarray(start, start + probes.rowsAtOnce), signal);
      const done = Math.min(start + probes.rowsAtOnce, real.length);
      progress({ what: "real images", done, total: real.length, unit: "images" });
    }
  });

  const errorOf = (classOf: (place: number) => number, places: Uint32Array) =>
    places.reduce((wrong, place, i) => wrong + (classOf(place) === test.classes[tested[i]!] ? 0 : 1), 0) /
    tested.length;
  const shown = [...tested.keys()].slice(0, SHOWN);
  const drawn = await samples.drawAt(shown.map((i) => nearestSamples[i]!), choice);
  const rows = [
    await test.read(shown.map((i) => tested[i]!), signal),
    concatBytes(drawn),
    await training.read(shown.map((i) => real[nearestImages[i]!]!), signal),
  ];
  return {
    runs: folders,
    isOneForEach: samples.names === undefined,
    data: parts.data,
    label: parts.label,
    tested: tested.length,
    hasTestPart: parts.hasTestPart,
    samples: count,
    sampleError: errorOf((place) => samples.classOf(place, choice), nearestSamples),
    images: real.length,
    imageError: errorOf((place) => training.classes[real[place]!]!, nearestImages),
    flop: 2 * tested.length * probes.each * (count + real.length),
    picture: rowsOf(rows, samples, { left: ROWS }, "draw nearest neighbors"),
    mark: markOfDrawing({
      command: "experiment nearest-neighbor",
      what: "Test images and their nearest samples",
      options: { label: parts.label, limit, samples: count, seed },
    }, samples.origin),
    warnings: samples.warnings,
  };
}

/** The same bytes in arrays of one length, the last of which may be shorter. */
async function* inBlocks(chunks: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + length - filled);
      block.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < length) continue;
      yield block;
      [block, filled] = [new Uint8Array(length), 0];
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

function expectClasses(samples: LabeledSamples, classes: readonly string[], label: string): void {
  const isKnown = samples.names && samples.names.join("\n") !== classes.join("\n");
  if (samples.classes === classes.length && !isKnown) return;
  throw new RangeError(
    `Cannot compare samples with images: their classes must be the ${classes.length} of label ${
      JSON.stringify(label)
    }, ${classes.slice(0, 4).join(", ")}${classes.length > 4 ? ", ..." : ""}, found ${samples.classes}: ${
      samples.names?.slice(0, 4).join(", ") ?? "one for each run"
    }`,
  );
}
