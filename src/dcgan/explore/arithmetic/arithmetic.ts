import type { Device } from "../../../gpu/mod.ts";
import type { Picture } from "../../../pictures/mod.ts";
import { integer, nameList, text, toggle } from "../../options/option.ts";
import { chooseClasses } from "../../sampling/choose_classes.ts";
import { checkOptions, type OptionKinds } from "../check_options.ts";
import { expectName, writeNamedDirections } from "../directions/named_directions.ts";
import { unitVector } from "../directions/vectors.ts";
import { expectShown } from "../films/draw_frames.ts";
import {
  type GeneratorOptions,
  generatorOptionsOf,
  SEED_KIND,
  SINGLE_LATENT_KINDS,
} from "../generator_options.ts";
import { type SeedPlace, seedPlaces } from "../latents/places.ts";
import { type OpenGenerator, openGenerator } from "../open_generator.ts";
import { RUN_DATA_KINDS, type RunDataOptions } from "../run_data.ts";
import { samplesAt } from "../samples_at.ts";
import { writeSheet } from "../write_sheet.ts";
import { chooseExemplars } from "./choose_exemplars.ts";
import { drawAlong, drawNumbered, drawResult, type Exemplars, exemplarsOf } from "./draw_arithmetic.ts";
import { type Group, groupKind, type GroupName } from "./groups.ts";
import { combine } from "./vector_arithmetic.ts";

/** Options of {@linkcode arithmetic}. */
export interface ArithmeticOptions extends Omit<GeneratorOptions, "map">, RunDataOptions {
  /** Samples that have something; without any groups, numbered samples are drawn to choose from. */
  a?: Group;
  /** Samples that lack it. */
  b?: Group;
  /** Samples that will get it; without them, other samples are moved along `a - b`. */
  c?: Group;
  /** A PNG. */
  out: string;
  /** A name to keep the direction of `a - b` by, as `directions()` does. */
  name?: string;
  /**
   * Samples of a group that is given by what they have in common.
   *
   * @default {3}
   */
  exemplars?: number;
  /**
   * Samples that are moved along `a - b`.
   *
   * @default {the first four of the seed}
   */
  seeds?: readonly SeedPlace[];
  /**
   * Numbered samples, if no groups are given.
   *
   * @default {64}
   */
  count?: number;
  /**
   * Seed of the samples to choose from, and of the noise of neighbors.
   *
   * @default {1}
   */
  seed?: number;
  /** Classes that samples have in turn, of a conditional generator, by name or number; all, if not given. */
  classes?: readonly (string | number)[];
  /**
   * Whether the PNG says that it was generated, and how; see `readMark()`.
   *
   * @default {true}
   */
  mark?: boolean;
}

const KINDS: OptionKinds<ArithmeticOptions> = {
  ...SINGLE_LATENT_KINDS,
  ...RUN_DATA_KINDS,
  a: groupKind(),
  b: groupKind(),
  c: groupKind(),
  out: text("the path of a PNG"),
  name: text(),
  exemplars: integer(1, 64),
  seeds: seedPlaces(1, 64),
  count: integer(1, 1024),
  seed: SEED_KIND,
  classes: nameList(),
  mark: toggle(),
};

/** What {@linkcode arithmetic} drew. */
export interface ArithmeticResult {
  /** Numbered samples, `a - b + c`, or samples along `a - b`. */
  readonly shows: "samples" | "result" | "vector";
  /** The samples of each group, by its name. */
  readonly groups: Readonly<Partial<Record<GroupName, readonly SeedPlace[]>>>;
  /** The latent vector of `a - b + c`, or of `a - b`; undefined for numbered samples. */
  readonly latent: Float32Array<ArrayBuffer> | undefined;
  /** The file with the name that was given; undefined if none was. */
  readonly namesPath: string | undefined;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Adds and subtracts what samples have in common (the paper, section 6.3.2): `a - b + c` of the mean latent
 * vectors of three groups, or with two groups the vector between them, along which other samples are moved.
 * Without groups it draws numbered samples to choose from.
 *
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, a group is missing, or the dataset has no such label.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arithmetic, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const networks = { size: 16, ngf: 8, ndf: 8, latent: 8 } as const;
 * const tiny = { ...networks, data: "faces", batch: 8, steps: 1, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 *
 * const groups = { a: ["1:0", "1:4"], b: ["1:2"], c: ["1:7", "1:9", "1:11"] } as const;
 * const { latent } = await arithmetic(device, run, { ...groups, out: `${run}/result.png` });
 * assertEquals(latent!.length, 8);
 * ```
 */
export async function arithmetic(
  device: Device,
  source: string,
  options: ArithmeticOptions,
): Promise<ArithmeticResult> {
  checkOptions<ArithmeticOptions>("arithmetic()", "add and subtract", options, KINDS, ["out"]);
  const { a, b, c, name, exemplars = 3, seed = 1, out, mark = true, signal } = options;
  if ((a === undefined) !== (b === undefined) || c && !a) {
    throw new RangeError(
      'Cannot add and subtract: "a" and "b" must be given together, and "c" besides or not; or none of them',
    );
  }
  if (name !== undefined) expectName(name);
  if (name !== undefined && !a) throw new RangeError('Cannot name a vector: "a" and "b" must be given');
  using generator = await openGenerator(device, source, generatorOptionsOf(options));
  expectShown(generator);
  const warnings = [...generator.warnings];
  const { labels } = chooseClasses(generator.classes, options.classes, source);
  const given = { ...a ? { a } : {}, ...b ? { b } : {}, ...c ? { c } : {} };
  const choosing = { ...options, exemplars, seed };
  const groups = await chooseExemplars(
    device,
    source,
    generator,
    given,
    labels,
    choosing,
    warnings,
  );
  const of = (places: readonly SeedPlace[]) =>
    exemplarsOf(places, samplesAt(generator, places, labels), generator.latent);
  const drawn = await draw(generator, groups, of, labels, options);
  signal?.throwIfAborted();
  const { classes, count } = options;
  const made = { ...groups, classes, seed, ...drawn.shows === "samples" ? { count } : {} };
  const making = { command: "arithmetic", what: WHAT[drawn.shows], options: made };
  await writeSheet(drawn.picture, making, generator, { out, mark, signal });
  const vector = name === undefined ? undefined : unitVector(combine(of(groups.a!).mean, of(groups.b!).mean));
  const namesPath = vector &&
    await writeNamedDirections(source, [{ name: name!, vector, source: "arithmetic" }], generator.origin);
  return { shows: drawn.shows, groups, latent: drawn.latent, namesPath, warnings };
}

/** What each picture shows, for its mark. */
const WHAT: Readonly<Record<ArithmeticResult["shows"], string>> = {
  samples: "Numbered samples",
  result: "Arithmetic of latent vectors of samples",
  vector: "Samples along a vector",
};

/** Draws what groups ask for. */
async function draw(
  generator: OpenGenerator,
  { a, b, c }: ArithmeticResult["groups"],
  of: (places: readonly SeedPlace[]) => Exemplars,
  labels: readonly number[] | undefined,
  options: ArithmeticOptions,
): Promise<Pick<ArithmeticResult, "shows" | "latent"> & { readonly picture: Picture }> {
  const { seed = 1, count = 64 } = options;
  const first = (most: number) => Array.from({ length: most }, (_, at): SeedPlace => `${seed}:${at}`);
  if (!a || !b) {
    const places = first(count);
    const picture = await drawNumbered(generator, places, samplesAt(generator, places, labels));
    return { shows: "samples", latent: undefined, picture };
  }
  const names = (["a", "b", "c"] as const).map((name) => headingOf(name, options[name]));
  const [one, other] = [of(a), of(b)];
  if (!c) {
    const moved = samplesAt(generator, options.seeds ?? first(4), labels);
    const picture = await drawAlong(generator, { a: one, b: other }, names, moved);
    return { shows: "vector", latent: combine(one.mean, other.mean), picture };
  }
  const third = of(c);
  const picture = await drawResult(generator, { a: one, b: other, c: third }, names, seed);
  return { shows: "result", latent: combine(one.mean, other.mean, third.mean), picture };
}

/** `A`, and what its samples have in common, if that is said. */
function headingOf(name: GroupName, group: Group | undefined): string {
  const conditions = group?.filter((one) => `${one}`.includes("=")) ?? [];
  return conditions.length === 0
    ? name.toUpperCase()
    : conditions.map((one) => `${one}`.split("=")[1]).join("+");
}
