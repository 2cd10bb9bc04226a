import { type Device, permuted } from "../../../gpu/mod.ts";
import type { Mark, Picture } from "../../../pictures/mod.ts";
import { markOfDrawing } from "../../explore/marks/mark_of.ts";
import { RunFolder } from "../../run/folder/run_folder.ts";
import { loadGenerator, type LoadGeneratorOptions } from "../../sampling/load_generator.ts";
import { checkOptions } from "../options/check_options.ts";
import { DROP_FILTERS_KINDS } from "../options/kinds.ts";
import { rowsOf } from "../pictures/layout.ts";
import { checkBoxes, type SampleBoxes } from "./boxes.ts";
import { countThings, type SeenThings } from "./count_things.ts";
import { DrawnSamples } from "./drawn_samples.ts";
import { findBoxes, type FindBoxesOptions, learnLocator } from "./find_boxes.ts";
import { responsibleMaps } from "./responsible_maps.ts";

/** Options of {@linkcode dropFiltersExperiment}. */
export interface DropFiltersOptions
  extends FindBoxesOptions, Pick<LoadGeneratorOptions, "from" | "ema" | "emaLength"> {
  /**
   * Boxes drawn by hand on samples of their seed. Without them, those that a classifier and the boxes of the
   * dataset's labels give.
   */
  boxes?: SampleBoxes;
  /**
   * Other samples in which the thing is counted before and after.
   *
   * @default {1000}
   */
  count?: number;
  /**
   * Hidden layer whose maps are dropped, from 1, the one with the smallest maps. Without it, the second
   * highest.
   */
  layer?: number;
}

/** What becomes of samples without the maps that make a thing. */
export interface DropFiltersResult {
  /** The run folder. */
  readonly run: string;
  /** The label that says whether the thing is there; undefined with boxes and no labels. */
  readonly label: string | undefined;
  /** Samples with boxes. */
  readonly boxed: number;
  /** The layer, from 1, and how many hidden layers there are. */
  readonly layer: readonly [number, number];
  /** Height and width of its maps. */
  readonly mapSides: readonly [number, number];
  /** Maps of the layer. */
  readonly maps: number;
  /** Maps that were dropped. */
  readonly dropped: number;
  /** Places that the regression was fitted to. */
  readonly places: number;
  /** Share of the places that it tells right. */
  readonly accuracy: number;
  /** Share of the dataset's images in which the classifier finds the right class of the thing. */
  readonly classifierAccuracy: number | undefined;
  /** Overlap of boxes that were found with those of images of the dataset, from 0 to 1. */
  readonly boxOverlap: number | undefined;
  /** Samples in which the thing was counted. */
  readonly count: number;
  /** How often it was seen; undefined if the dataset's labels do not tell. */
  readonly seen: SeenThings | undefined;
  /** Samples with the thing: as they are, without the maps, and without as many random ones, in rows. */
  readonly picture: Picture;
  /** What a file of the picture should say: that it is generated, and how. {@linkcode markPng} writes it. */
  readonly mark: Mark;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

/** Columns of the picture. */
const SHOWN = 12;

/** What its rows show. */
const ROWS = ["samples", "without the maps", "without random ones"];

/**
 * Makes a generator forget to draw something: finds the feature maps that are active where it is, drops them,
 * and draws the same samples again (the paper, section 6.3.1 and figure 6). The paper drew boxes around
 * windows by hand. Here a classifier and the boxes that a dataset's labels give find them in samples, or you
 * give your own.
 *
 * @throws {Error} if there is no run, or none of its checkpoints can be used.
 * @throws {ConfigError} if an option is not allowed, or without boxes the dataset's labels have none.
 * @throws {RangeError} if the thing is in too few samples.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dropFiltersExperiment, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 4, ndf: 4, batch: 8, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, data: "faces", out: run }));
 * const boxes = { seed: 1, boxes: [0, 1, 2].map((sample) => ({ sample, box: [0, 0, 0.5, 0.5] as const })) };
 * const { boxed, maps, seen } = await dropFiltersExperiment(device, run, { boxes });
 * assertEquals([boxed, maps, seen], [3, 8, undefined]);
 * ```
 */
export async function dropFiltersExperiment(
  device: Device,
  run: string,
  options: DropFiltersOptions = {},
): Promise<DropFiltersResult> {
  checkOptions("dropFiltersExperiment", options, DROP_FILTERS_KINDS);
  if (options.boxes !== undefined) checkBoxes(options.boxes, "the options");
  const { from, ema, emaLength, seed = 1, samples = 150, count = 1000, report = () => {} } = options;
  const config = await RunFolder.at(run).readConfig();
  const loaded = await loadGenerator(device, run, {
    ...(from === undefined ? {} : { from }),
    ...(ema === undefined ? {} : { ema }),
    ...(emaLength === undefined ? {} : { emaLength }),
  });
  using _generator = loaded.generator;
  const generator = new DrawnSamples(loaded, options.layer, options.signal);
  using locator = options.boxes && options.label === undefined
    ? undefined
    : await learnLocator(device, run, config, loaded, options);
  const boxes = options.boxes ?? await findBoxes(generator, locator!, options);
  report(`Fitting a regression to the maps of ${counted(boxes)} samples with boxes`);
  const boxed = await generator.boxedMaps(boxes);
  const found = responsibleMaps(boxed.samples, boxed.shape, seed);
  const channels = boxed.shape[2];
  const kept = Array.from({ length: channels }, (_, map) => found.maps.includes(map) ? 0 : 1);
  // The control: as many maps, any of them
  const random = Array.from(
    { length: channels },
    (_, map) => permuted(map, channels, { seed, epoch: 0 }) < found.maps.length ? 0 : 1,
  );
  const shown = [...new Set(boxes.boxes.map(({ sample }) => sample))].slice(0, SHOWN);
  const rows: Uint8Array[] = [];
  for (const mask of [undefined, kept, random]) {
    rows.push(await generator.drawSome(boxes.seed, shown, mask));
  }
  if (locator) report(`Counting in ${count} other samples`);
  return {
    run,
    label: locator?.thing.label,
    boxed: counted(boxes),
    layer: [generator.layer + 1, generator.layers],
    mapSides: [boxed.shape[0], boxed.shape[1]],
    maps: channels,
    dropped: found.maps.length,
    places: found.positives + found.negatives,
    accuracy: found.accuracy,
    classifierAccuracy: locator?.accuracy,
    boxOverlap: locator?.overlap,
    count,
    seen: locator && await countThings(generator, locator, { count, seed: nextSeed(seed), kept, random }),
    picture: rowsOf(rows, loaded, { left: ROWS }, "draw samples without maps"),
    mark: markOfDrawing({
      command: "experiment drop-filters",
      what: `${shown.length} samples, and the same without some feature maps,`,
      options: {
        ...(options.boxes ? { boxes } : { absent: options.absent, samples }),
        label: locator?.thing.label,
        layer: generator.layer + 1,
        seed,
      },
    }, loaded.origin),
    warnings: loaded.warnings,
  };
}

/** How many samples have boxes. */
function counted({ boxes }: SampleBoxes): number {
  return new Set(boxes.map(({ sample }) => sample)).size;
}

/** A seed with other samples. */
function nextSeed(seed: number): number {
  return (seed + 1) % 2 ** 32;
}
