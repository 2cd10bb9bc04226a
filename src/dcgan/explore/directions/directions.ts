import type { Device } from "../../../gpu/mod.ts";
import { choice, integer, nameList, number, text, toggle } from "../../options/option.ts";
import { chooseClasses } from "../../sampling/choose_classes.ts";
import { checkOptions, type OptionKinds } from "../check_options.ts";
import {
  type GeneratorOptions,
  generatorOptionsOf,
  SEED_KIND,
  SINGLE_LATENT_KINDS,
} from "../generator_options.ts";
import { type OpenGenerator, openGenerator } from "../open_generator.ts";
import { openRunData, readRunConfig, RUN_DATA_KINDS, type RunDataOptions } from "../run_data.ts";
import { expectShown } from "../films/draw_frames.ts";
import { type SeedPlace, seedPlaces } from "../latents/places.ts";
import { samplesAt } from "../samples_at.ts";
import { writeSheet } from "../write_sheet.ts";
import { type FactorDirection, factorDirections, readSamples } from "./factor_directions.ts";
import type { LatentDirection } from "./latent_direction.ts";
import { measuredSamples } from "./measured_samples.ts";
import { chooseNamed, expectName, writeNamedDirections } from "./named_directions.ts";
import { pictureDirections } from "./picture_directions.ts";
import { chooseLabels, trainFactorReaders } from "./read_factors.ts";
import { drawStrips } from "./strips.ts";
import { weightDirections } from "./weight_directions.ts";

/** How directions are found. */
export type DirectionMethod = "weights" | "pictures" | "factors";

/** Options of {@linkcode directions}. */
export interface DirectionsOptions extends Omit<GeneratorOptions, "map">, RunDataOptions {
  /**
   * How directions are found: those that the first layer stretches most, those that change pictures most, or
   * those of what is known of the dataset's images, its labels.
   *
   * @default {"weights"}
   */
  method?: DirectionMethod;
  /**
   * How many, of weights and pictures.
   *
   * @default {10}
   */
  count?: number;
  /** Labels of the dataset whose directions are found; all that can be read, if not given. */
  labels?: readonly string[];
  /** Directions with names to draw, and no others are looked for. */
  named?: readonly string[];
  /**
   * Names to keep for directions: the new name by the number of the row, counted from 1.
   *
   * @default {{}}
   */
  names?: Readonly<Record<number, string>>;
  /**
   * Samples that directions of pictures and factors are measured by.
   *
   * @default {4096}
   */
  samples?: number;
  /**
   * Seed of the samples.
   *
   * @default {1}
   */
  seed?: number;
  /**
   * The samples that are moved along the directions: the first of a seed, or with `"7:23"` sample 23 of seed
   * 7.
   *
   * @default {[1]}
   */
  seeds?: readonly SeedPlace[];
  /** Classes that samples have in turn, of a conditional generator, by name or number; all, if not given. */
  classes?: readonly (string | number)[];
  /**
   * How far samples are moved to either side, in standard deviations of the latents.
   *
   * @default {3}
   */
  range?: number;
  /** Where to write the strips, a PNG. Without it nothing is drawn. */
  out?: string;
  /**
   * Whether the PNG says that it was generated, and how; see `readMark()`.
   *
   * @default {true}
   */
  mark?: boolean;
}

/** Pictures in a strip. */
const COLUMNS = 7;

const KINDS: OptionKinds<DirectionsOptions> = {
  ...SINGLE_LATENT_KINDS,
  ...RUN_DATA_KINDS,
  method: choice(["weights", "pictures", "factors"]),
  count: integer(1, 2048),
  labels: nameList(),
  named: nameList(),
  names: null,
  samples: integer(16, 65536),
  seed: SEED_KIND,
  seeds: seedPlaces(1, 64),
  classes: nameList(),
  range: number({ above: 0, to: 100 }),
  out: text("the path of a PNG"),
  mark: toggle(),
};

/** What {@linkcode directions} found. */
export interface FoundDirections {
  /** The directions, in the order of the strips: those of factors are {@linkcode FactorDirection}. */
  readonly directions: readonly (LatentDirection | FactorDirection)[];
  /** The file with the names that were given; undefined if none was. */
  readonly namesPath: string | undefined;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Finds directions in the latent space of a generator, along which something in its pictures changes, and
 * draws them: a strip for each, in which samples move along it.
 *
 * Directions of weights are in closed form (Shen and Zhou 2021); those of pictures are principal components
 * of what is linear in the latents (after Härkönen et al. 2020); those of factors are measured with networks
 * that learned the labels of the dataset, each with how sure it is: see {@linkcode FactorDirection}.
 *
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, or the generator, its latent space or its dataset cannot
 * be used.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { directions, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const networks = { size: 16, ngf: 8, ndf: 8, latent: 16 } as const;
 * const tiny = { ...networks, data: "faces", batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * const options = { count: 4, out: `${run}/directions.png`, names: { 3: "light" } };
 * const found = await directions(device, run, options);
 * assertEquals(found.directions.map(({ name }) => name), ["1", "2", "light", "4"]);
 * ```
 */
export async function directions(
  device: Device,
  source: string,
  options: DirectionsOptions = {},
): Promise<FoundDirections> {
  checkOptions<DirectionsOptions>("directions()", "find directions", options, KINDS);
  const { names = {}, range = 3, seeds = [1], out, mark = true, signal } = options;
  const warnings: string[] = [];
  using generator = await openGenerator(device, source, generatorOptionsOf(options));
  warnings.push(...generator.warnings);
  const { labels } = chooseClasses(generator.classes, options.classes, source);
  const found = await findThem(device, source, generator, labels, options, warnings);
  signal?.throwIfAborted();
  const directions = withNames(found, names);
  if (out !== undefined) {
    expectShown(generator);
    const { latents: bases, labels: each } = samplesAt(generator, seeds, labels);
    const picture = await drawStrips(generator, directions, { bases, labels: each, range, columns: COLUMNS });
    const { method, named, seed, samples, classes } = options;
    const made = { method, named, names: Object.values(names), seeds, range, seed, samples, classes };
    const making = { command: "directions", what: `${directions.length} directions`, options: made };
    await writeSheet(picture, making, generator, { out, mark, signal });
  }
  const given = Object.keys(names).map((row) => directions[Number(row) - 1]!);
  const namesPath = given.length === 0
    ? undefined
    : await writeNamedDirections(source, given, generator.origin);
  return { directions, namesPath, warnings };
}

async function findThem(
  device: Device,
  source: string,
  generator: OpenGenerator,
  classes: readonly number[] | undefined,
  options: DirectionsOptions,
  warnings: string[],
): Promise<readonly LatentDirection[]> {
  const { method = "weights", count = 10, samples = 4096, seed = 1, named, signal } = options;
  const { report = () => {} } = options;
  if (named) return await chooseNamed(source, named, generator, warnings);
  if (method === "weights") return await weightDirections(generator.network, generator.latent, count);
  if (method === "factors") return await findFactors(device, source, generator, classes, options, warnings);
  report(`Drawing ${samples} samples`);
  return pictureDirections(await measuredSamples(generator, samples, seed, classes, signal), count);
}

async function findFactors(
  device: Device,
  source: string,
  generator: OpenGenerator,
  classes: readonly number[] | undefined,
  options: DirectionsOptions,
  warnings: string[],
): Promise<FactorDirection[]> {
  const { samples = 4096, seed = 1, report = () => {}, signal } = options;
  const config = await readRunConfig(source, options, "find directions of factors");
  await using dataset = await openRunData(source, config, options, warnings, "find directions in");
  const labels = chooseLabels(dataset, options.labels, source);
  using factors = await trainFactorReaders(device, dataset, labels, options);
  report(`Drawing ${samples} samples, and reading them`);
  const measured = await measuredSamples(generator, samples, seed, classes, signal);
  const read = await readSamples(factors.readers, measured);
  return factorDirections(factors.factors, { real: factors.real, samples: read });
}

/** Directions with the names that rows are given. */
function withNames(
  directions: readonly LatentDirection[],
  names: Readonly<Record<number, string>>,
): LatentDirection[] {
  const given = new Map(Object.entries(names).map(([row, name]) => [Number(row), name]));
  for (const [row, name] of given) {
    if (directions[row - 1] === undefined) {
      throw new RangeError(
        `Cannot name direction ${row}: its number must be from 1 to ${directions.length}`,
      );
    }
    expectName(name);
  }
  if (new Set(given.values()).size < given.size) {
    throw new RangeError("Cannot name directions: each must have a name of its own, found one twice");
  }
  return directions.map((direction, at) => ({ ...direction, name: given.get(at + 1) ?? direction.name }));
}
