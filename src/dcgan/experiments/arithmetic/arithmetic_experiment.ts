import { concatBytes } from "../../../pictures/bytes.ts";
import type { Device } from "../../../gpu/mod.ts";
import type { Mark, Picture } from "../../../pictures/mod.ts";
import { drawResult, exemplarsOf } from "../../explore/arithmetic/draw_arithmetic.ts";
import { columnOfCondition, surest } from "../../explore/arithmetic/choose_exemplars.ts";
import type { Condition, Group } from "../../explore/arithmetic/groups.ts";
import { chooseLabels, trainFactorReaders } from "../../explore/directions/read_factors.ts";
import { factorLabelsOf, factorsOf } from "../../explore/directions/factors.ts";
import type { SeedPlace } from "../../explore/latents/places.ts";
import { markOfDrawing } from "../../explore/marks/mark_of.ts";
import { type OpenGenerator, openGenerator } from "../../explore/open_generator.ts";
import { RunFolder } from "../../run/folder/run_folder.ts";
import type { LoadGeneratorOptions } from "../../sampling/load_generator.ts";
import { prepareReference, readPictures } from "../../scores/reference.ts";
import { compareApart } from "../../scores/apart/compare_apart.ts";
import { type ExperimentDataOptions, findRunData } from "../data/run_data.ts";
import { checkOptions } from "../options/check_options.ts";
import { ARITHMETIC_KINDS } from "../options/kinds.ts";
import { accuracyOf, meeting, shareOf, type Terms, termsOf, textOf } from "./conditions.ts";
import { drawTriples, latentSums, pixelSums, type Pool } from "./sums.ts";

/** Options of {@linkcode arithmeticExperiment}. */
export interface ArithmeticExperimentOptions
  extends ExperimentDataOptions, Pick<LoadGeneratorOptions, "from" | "ema" | "emaLength"> {
  /**
   * What the samples have in common that others are taken from.
   *
   * @default {["glasses=round", "hair_style=short"]}
   */
  a?: Group;
  /**
   * What those have in common that are taken.
   *
   * @default {["glasses=none", "hair_style=short"]}
   */
  b?: Group;
  /**
   * What those have in common that are added.
   *
   * @default {["glasses=none", "hair_style=long"]}
   */
  c?: Group;
  /**
   * Samples of each group whose mean counts.
   *
   * @default {3}
   */
  exemplars?: number;
  /**
   * Sums of other exemplars each that are counted.
   *
   * @default {64}
   */
  trials?: number;
  /**
   * Seed of the samples and of all choices.
   *
   * @default {1}
   */
  seed?: number;
}

/** How some pictures came out. */
export interface SumScores {
  /** Share with what was added. */
  readonly added: number;
  /** Share that kept what `c` has besides; undefined if it has nothing else. */
  readonly kept: number | undefined;
  /** Share with both. */
  readonly both: number;
  /**
   * Mean distance to the nearest image of the data, as a share of that of such images to the nearest other one: blurred
   * or overlaid pictures are far from all.
   */
  readonly nearest: number;
}

/** What sums of latent vectors and of pixels gave. */
export interface ArithmeticExperimentResult {
  /** The run folder. */
  readonly run: string;
  /** What the samples of each group have in common. */
  readonly groups: readonly string[];
  /** What the sum should have. */
  readonly added: string;
  /** What it should keep. */
  readonly kept: string;
  /** Samples of each group whose mean counted. */
  readonly exemplars: number;
  /** Sums that were counted. */
  readonly trials: number;
  /** Share of the samples that exemplars of each group are drawn from on which both networks agree. */
  readonly agreed: readonly number[];
  /** Share of the dataset's images on which the network that counts finds all of what was asked. */
  readonly accuracy: number;
  /** Samples of `c` as they are. */
  readonly before: SumScores;
  /** `a - b + c` of mean latent vectors. */
  readonly latents: SumScores;
  /** The same with a single sample in each group. */
  readonly single: SumScores;
  /** `a - b + c` of the mean pictures themselves. */
  readonly pixels: SumScores;
  /** The same with a single picture in each group. */
  readonly singlePixels: SumScores;
  /**
   * The sum of the samples that a network is surest of as the paper shows it, among neighbors, with that of pixels below.
   */
  readonly picture: Picture;
  /** What a file of the picture should say: that it is generated, and how. {@linkcode markPng} writes it. */
  readonly mark: Mark;
  /** What the user should know; a sentence each. */
  readonly warnings: readonly string[];
}

/** Samples that exemplars are drawn from. */
const POOL = 4096;

/** Samples of these that a network is surest of, from which the exemplars of a group are drawn. */
const SUREST = 64;

/** Images of the data that the nearest is looked for among. */
const COMPARED = 2000;

/** Man with glasses, minus man, plus woman, on drawn faces. */
const USUAL = {
  a: ["glasses=round", "hair_style=short"],
  b: ["glasses=none", "hair_style=short"],
  c: ["glasses=none", "hair_style=long"],
} as const satisfies Record<string, Group>;

/**
 * Adds and subtracts latent vectors, and counts how often the result is what it should be (the paper, section 6.3.2 and
 * figure 7, which shows it for one sum). One small network finds samples that have something in common, and another one,
 * trained on other images, reads the results. The same sums of pixels are counted beside it, and sums of single samples,
 * which the paper found unstable.
 *
 * @throws {Error} if there is no run, or none of its checkpoints can be used.
 * @throws {RangeError} if an option is not allowed, or the dataset has no such label or class.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arithmeticExperiment, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const run = await Deno.makeTempDir();
 * const data = { data: "faces", dataOptions: { length: 400 } };
 * const tiny = { ...data, size: 16, ngf: 8, ndf: 8, batch: 16, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...tiny, out: run }));
 * const groups = { a: ["smile=high"], b: ["smile=low"], c: ["turn=high"] } as const;
 * const { added, kept, trials } = await arithmeticExperiment(device, run, { ...groups, trials: 20 });
 * assertEquals([added, kept, trials], ["smile=high", "turn=high", 20]);
 * ```
 */
export async function arithmeticExperiment(
  device: Device,
  run: string,
  options: ArithmeticExperimentOptions = {},
): Promise<ArithmeticExperimentResult> {
  checkOptions("arithmeticExperiment", options, ARITHMETIC_KINDS);
  const { exemplars = 3, trials = 64, seed = 1, signal, report = () => {} } = options;
  const given = [options.a, options.b, options.c];
  const config = await RunFolder.at(run).readConfig();
  const { from, ema, emaLength } = options;
  using generator = await openGenerator(device, run, {
    ...(from === undefined ? {} : { from }),
    ...(ema === undefined ? {} : { ema }),
    ...(emaLength === undefined ? {} : { emaLength }),
  });
  const { open } = await findRunData(run, config, generator, options);
  await using dataset = await open();
  const isOpen = given.every((group) => group === undefined);
  if (isOpen) expectUsual(factorLabelsOf(dataset), run);
  const { a = USUAL.a, b = USUAL.b, c = USUAL.c } = options;
  const terms = termsOf(a, b, c);
  const asked = terms.groups.flat();
  const names = chooseLabels(dataset, [...new Set(asked.map(({ label }) => label))], run);
  // Before networks are trained: a class may be misspelled
  const factors = factorsOf(dataset.labels!, names);
  for (const one of asked) columnOfCondition(one, factors, run);
  using read = await trainFactorReaders(device, dataset, names, options);
  report(`Drawing ${POOL} samples to choose from`);
  const labels = generator.classes?.map((_, at) => at);
  const latents = generator.latents(seed, POOL);
  const pictures = await generator.draw(latents, labels, signal);
  const pool: Pool = {
    latents,
    pictures,
    labels: labels && Array.from({ length: POOL }, (_, at) => labels[at % labels.length]!),
  };
  signal?.throwIfAborted();
  const [choosing, counting] = read.readers;
  const readings = await choosing.read(pictures);
  const found = terms.groups.map((conditions) =>
    surest(conditions, [readings], factors, run).slice(0, SUREST)
  );
  const others = await counting.read(pictures);
  const agreed = terms.groups.map((conditions, group) => {
    const meets = meeting(conditions, others, factors, run);
    return shareOf(found[group]!.map((at) => meets[at]!));
  });

  const triples = drawTriples(found, exemplars, trials, seed);
  const singles = drawTriples(found, 1, trials, seed);
  const reference = await prepareReference(
    await readPictures(dataset, COMPARED, signal),
    undefined,
    undefined,
    signal,
  );
  const count = async (bytes: Uint8Array): Promise<SumScores> => {
    signal?.throwIfAborted();
    const seen = await counting.read(bytes);
    const has = (conditions: readonly Condition[]) => shareOf(meeting(conditions, seen, factors, run));
    const { size, channels } = generator;
    const { nearest } = await compareApart("scorePixels", [reference, { bytes, size, channels }], signal);
    return {
      added: has(terms.added),
      kept: terms.kept.length === 0 ? undefined : has(terms.kept),
      both: has([...terms.added, ...terms.kept]),
      nearest: nearest!.value,
    };
  };
  const each = generator.pictureLength;
  const unchanged = triples.map(([, , [first]]) => pictures.subarray(first! * each, (first! + 1) * each));
  return {
    run,
    groups: terms.groups.map(textOf),
    added: textOf(terms.added),
    kept: textOf(terms.kept),
    exemplars,
    trials,
    agreed,
    accuracy: accuracyOf(read, [...terms.added, ...terms.kept], run),
    before: await count(concatBytes(unchanged)),
    latents: await count(await latentSums(generator, pool, triples)),
    single: await count(await latentSums(generator, pool, singles)),
    pixels: await count(pixelSums(pool, each, triples)),
    singlePixels: await count(pixelSums(pool, each, singles)),
    picture: await drawSurest(
      generator,
      pool,
      found.map((places) => places.slice(0, exemplars)),
      terms,
      seed,
    ),
    mark: markOfDrawing({
      command: "experiment arithmetic",
      what: "Arithmetic of latent vectors of samples, and of their pixels",
      options: { a, b, c, exemplars, trials, seed },
    }, generator.origin),
    warnings: generator.warnings,
  };
}

/** The sum of the samples that the network is surest of, as a picture. */
async function drawSurest(
  generator: OpenGenerator,
  { latents, labels }: Pool,
  exemplars: readonly (readonly number[])[],
  { groups }: Terms,
  seed: number,
): Promise<Picture> {
  const { latent } = generator;
  const [a, b, c] = exemplars.map((places) => {
    const vectors = new Float32Array(places.length * latent);
    for (const [row, at] of places.entries()) {
      vectors.set(latents.subarray(at * latent, (at + 1) * latent), row * latent);
    }
    const samples = { latents: vectors, labels: labels && places.map((at) => labels[at]!) };
    return exemplarsOf(places.map((at): SeedPlace => `${seed}:${at}`), samples, latent);
  });
  const names = groups.map((conditions) => conditions.map(({ value }) => value).join("+"));
  return await drawResult(generator, { a: a!, b: b!, c: c! }, names, seed, true);
}

/** Refuses the usual groups for a dataset that lacks their labels. */
function expectUsual(known: readonly string[], run: string): void {
  if (["glasses", "hair_style"].every((label) => known.includes(label))) return;
  throw new RangeError(
    `Cannot choose samples of ${run}: "a", "b" and "c" must say what they have in common, as the dataset is not faces; ` +
      `its labels are ${
        known.join(", ") || "none. Without labels, arithmetic() adds samples that you choose"
      }`,
  );
}
