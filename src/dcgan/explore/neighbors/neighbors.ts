import type { OpenDataset } from "../../../../plugins/datasets/mod.ts";
import type { Device } from "../../../gpu/mod.ts";
import { lengthOf, type Picture } from "../../../pictures/mod.ts";
import { integer, nameList, text, toggle } from "../../options/option.ts";
import { chooseClasses } from "../../sampling/choose_classes.ts";
import { classLabelsOf, readLabeled } from "../../scores/features/labeled_pictures.ts";
import { openClassifier } from "../../scores/features/open_classifier.ts";
import type { FeatureNetwork } from "../../scores/features/feature_network.ts";
import { compareApart } from "../../scores/apart/compare_apart.ts";
import { COPIES } from "../../scores/judge/verdict.ts";
import { type NearestPictures, nearestPictures } from "../../scores/metrics/nearest.ts";
import { asPixels, type PictureSet, shrink } from "../../scores/pictures.ts";
import { chosenPlaces, readPictures } from "../../scores/reference.ts";
import { checkOptions, type OptionKinds } from "../check_options.ts";
import { expectShown } from "../films/draw_frames.ts";
import {
  type GeneratorOptions,
  generatorOptionsOf,
  SEED_KIND,
  SINGLE_LATENT_KINDS,
} from "../generator_options.ts";
import { type SeedPlace, seedPlaces } from "../latents/places.ts";
import { type OpenGenerator, openGenerator } from "../open_generator.ts";
import { openRunData, readRunConfig, RUN_DATA_KINDS, type RunDataOptions } from "../run_data.ts";
import { samplesAt } from "../samples_at.ts";
import { Sheet, sheetShape } from "../sheet.ts";
import { writeSheet } from "../write_sheet.ts";

/** Options of {@linkcode neighbors}. */
export interface NeighborsOptions extends Omit<GeneratorOptions, "map">, RunDataOptions {
  /**
   * Samples, from the first of the seed on.
   *
   * @default {8}
   */
  count?: number;
  /**
   * Seed of the samples.
   *
   * @default {1}
   */
  seed?: number;
  /** Samples to look at in place of the first of a seed. */
  seeds?: readonly SeedPlace[];
  /**
   * Images of the dataset to compare with at most, a fixed random choice. They are kept in memory.
   *
   * @default {20000}
   */
  images?: number;
  /**
   * What describes pictures with features. Without it a classifier of the dataset's classes does, which is
   * trained on them, or was kept by an earlier evaluation of the same data; false leaves features out.
   */
  features?: FeatureNetwork | false;
  /** Classes that samples have in turn, of a conditional generator, by name or number; all, if not given. */
  classes?: readonly (string | number)[];
  /** A PNG. */
  out: string;
  /**
   * Whether the PNG says that it was generated, and how; see `readMark()`.
   *
   * @default {true}
   */
  mark?: boolean;
}

const KINDS: OptionKinds<NeighborsOptions> = {
  ...SINGLE_LATENT_KINDS,
  ...RUN_DATA_KINDS,
  count: integer(1, 64),
  seed: SEED_KIND,
  seeds: seedPlaces(1, 64),
  images: integer(2, 10_000_000),
  features: null,
  classes: nameList(),
  out: text("the path of a PNG"),
  mark: toggle(),
};

/** Images whose nearest other one says how far apart those of the data are. */
const PROBES = 500;

/** The nearest image of the dataset. */
export interface NearestImage {
  /** Its place in the dataset. */
  readonly index: number;
  /** How far it is: a root mean square difference, of pixels in levels of 0 to 255. */
  readonly distance: number;
}

/** A sample, and the images of the dataset that are nearest to it. */
export interface SampleNeighbors {
  /** The sample. */
  readonly place: SeedPlace;
  /** The nearest image by its pixels. */
  readonly pixels: NearestImage;
  /** The nearest image by its features; undefined if nothing describes images. */
  readonly features: NearestImage | undefined;
  /**
   * Distance of small copies to the nearest image, over the mean of that between images of the data, as the
   * score `nearest` takes it.
   */
  readonly ratio: number;
  /** Whether it looks like a copy: its ratio is below 0.5. */
  readonly isCopy: boolean;
}

/** What {@linkcode neighbors} found. */
export interface NeighborsResult {
  /** The samples, in order. */
  readonly samples: readonly SampleNeighbors[];
  /** Images of the dataset that they were compared with. */
  readonly compared: number;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Shows samples of a run beside the images of its dataset that are nearest to them, by pixels and by
 * features, and says which look like copies.
 *
 * @param run A run folder.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed.
 * @throws {ConfigError} if the dataset is another one than the run's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { neighbors, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const tiny = { data: "faces", size: 16, ngf: 8, ndf: 8, batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, dataOptions: { length: 100 }, out: run }));
 *
 * const options = { count: 2, features: false, out: `${run}/neighbors.png` } as const;
 * const { samples } = await neighbors(device, run, options);
 * assertEquals(samples.map(({ isCopy }) => isCopy), [false, false]);
 * ```
 */
export async function neighbors(
  device: Device,
  run: string,
  options: NeighborsOptions,
): Promise<NeighborsResult> {
  const action = "find neighbors";
  checkOptions<NeighborsOptions>("neighbors()", action, options, KINDS, ["out"]);
  const { seed = 1, count = 8, images = 20_000, out, mark = true, report = () => {}, signal } = options;
  const config = await readRunConfig(run, options, action);
  using generator = await openGenerator(device, run, generatorOptionsOf(options));
  expectShown(generator);
  const warnings = [...generator.warnings];
  await using dataset = await openRunData(run, config, options, warnings, `${action} of`);
  const { labels } = chooseClasses(generator.classes, options.classes, run);
  const places = options.seeds ?? Array.from({ length: count }, (_, at): SeedPlace => `${seed}:${at}`);
  const drawn = samplesAt(generator, places, labels);
  const { size, channels } = generator;
  const samples: PictureSet = { bytes: await generator.draw(drawn.latents, drawn.labels), size, channels };
  const indices = chosenPlaces(dataset, images);
  report(`Comparing with ${indices.length} of ${dataset.length} images of the data`);
  const known = await readPictures(dataset, images, signal);
  const byPixels = await compareApart("nearestPictures", [asPixels(samples), asPixels(known)], signal);
  const byFeatures = await nearestByFeatures(device, dataset, samples, known, options);
  const small = shrink(known);
  const within = await compareApart("distanceWithin", [small, PROBES], signal);
  const ratios = nearestPictures(shrink(samples), small).distances.map((distance) => distance / within);
  const found = places.map((place, at): SampleNeighbors => ({
    place,
    pixels: { index: indices[byPixels.rows[at]!]!, distance: byPixels.distances[at]! },
    features: byFeatures && {
      index: indices[byFeatures.rows[at]!]!,
      distance: byFeatures.distances[at]!,
    },
    ratio: ratios[at]!,
    isCopy: ratios[at]! < COPIES,
  }));
  warnings.push(...limitsOf(indices.length, dataset.length, config.flip));
  const picture = drawPairs(generator, samples, known, found, { byPixels, byFeatures });
  const making = {
    command: "neighbors",
    what: "Samples beside images of their dataset",
    options: { seeds: places },
  };
  await writeSheet(picture, making, generator, { out, mark, signal });
  return { samples: found, compared: indices.length, warnings };
}

async function nearestByFeatures(
  device: Device,
  dataset: OpenDataset,
  samples: PictureSet,
  known: PictureSet,
  { features, report = () => {}, progress, signal }: NeighborsOptions,
): Promise<NearestPictures | undefined> {
  if (features === false) return undefined;
  if (features === undefined && classLabelsOf(dataset).length === 0) {
    report("The dataset has no classes, so nothing describes images: only pixels are compared");
    return undefined;
  }
  using owned = new DisposableStack();
  const network = features ??
    owned.use(await openClassifier(device, await readLabeled(dataset, signal), { report, progress, signal }));
  const [ours, theirs] = [await network.describe(samples.bytes), await network.describe(known.bytes)];
  return await compareApart("nearestPictures", [ours.features, theirs.features], signal);
}

/** What was not looked at. */
function limitsOf(compared: number, length: number, flip: boolean): string[] {
  return [
    ...compared < length
      ? [
        `Samples were compared with ${compared} of ${length} images: a copy of another one would not be seen. ` +
        'Raise "images" to compare with more',
      ]
      : [],
    ...flip ? ["The run mirrored images as it trained: copies of mirrored ones would not be seen"] : [],
  ];
}

/** Color of the frame of a sample that looks like a copy. */
const COPY = [200, 30, 30] as const;

function drawPairs(
  generator: OpenGenerator,
  samples: PictureSet,
  known: PictureSet,
  found: readonly SampleNeighbors[],
  { byPixels, byFeatures }: { byPixels: NearestPictures; byFeatures: NearestPictures | undefined },
): Picture {
  const left = ["sample", "pixels", ...byFeatures ? ["features"] : []];
  const layout = { columns: found.length, rows: left.length, left, captions: 1 };
  const sheet = new Sheet(sheetShape(generator), layout, "draw neighbors");
  const each = lengthOf(samples);
  const pictureOf = (set: PictureSet, row: number) => set.bytes.subarray(row * each, (row + 1) * each);
  for (const [at, { place, pixels, features, isCopy }] of found.entries()) {
    sheet.place(pictureOf(samples, at), at, 0, [`${place}`]);
    sheet.place(pictureOf(known, byPixels.rows[at]!), at, 1, [pixels.distance.toFixed(1)]);
    if (isCopy) sheet.frame(at, 0, COPY);
    if (!byFeatures) continue;
    sheet.place(pictureOf(known, byFeatures.rows[at]!), at, 2, [features!.distance.toFixed(2)]);
  }
  return sheet.picture;
}
