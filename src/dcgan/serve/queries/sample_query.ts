import { arrangedSides } from "../../sampling/arrangement.ts";
import { GENERATOR_KINDS, SEED_KIND } from "../../explore/generator_options.ts";
import { type SeedPlace, seedPlaces } from "../../explore/latents/places.ts";
import { choice, integer, nameList } from "../../options/option.ts";
import { imageSizeOf } from "../../../pictures/mod.ts";
import type { Served } from "../served.ts";
import { bytesOfAnswer, MOST_PICTURES, MOST_PIXELS } from "./answer_limits.ts";
import { classesOf } from "./classes.ts";
import { acceptedFormat, type AnswerFormat } from "./formats.ts";
import { DECIMAL, DIGITS, QueryError, readQuery } from "./read_query.ts";

const ACTION = "sample";

/** Formats, the usual one first. */
const FORMATS = ["png", "webp", "npy"] as const;

/** What `/sample` may be asked. */
const PARAMETERS = {
  seed: { kind: SEED_KIND, form: DIGITS },
  seeds: { kind: seedPlaces(1, MOST_PICTURES) },
  count: { kind: integer(1, MOST_PICTURES), form: DIGITS },
  class: { kind: nameList(MOST_PICTURES), isRepeated: true },
  truncation: { kind: GENERATOR_KINDS.truncation, form: DECIMAL },
  scale: { kind: integer(1, 64), form: DIGITS },
  format: { kind: choice(FORMATS) },
} as const;

/** Samples that a request asks for, with everything that it leaves open chosen. */
export interface SampleQuery {
  readonly type: "sample";
  readonly format: AnswerFormat;
  /** Seed of the samples, if there are no `seeds`. */
  readonly seed: number;
  readonly seeds: readonly SeedPlace[] | undefined;
  /** How many samples. */
  readonly count: number;
  /** Classes as they are asked for; all if not given. */
  readonly classes: readonly (string | number)[] | undefined;
  /** Numbers of the classes that samples take in turn; undefined if the generator knows none. */
  readonly labels: readonly number[] | undefined;
  readonly truncation: number | undefined;
  readonly scale: number | undefined;
  /** Bytes that the answer takes at most. */
  readonly largest: number;
}

/**
 * Reads a request for samples.
 *
 * @param accept The header `Accept`, which counts if the query names no format.
 * @throws {QueryError} if it asks for what cannot be.
 */
export function sampleQuery(query: string, accept: string | undefined, served: Served): SampleQuery {
  const { class: classes, format: named, seed, seeds, truncation, scale, ...rest } = readQuery(
    ACTION,
    query,
    PARAMETERS,
  );
  if (seeds && seed !== undefined) refuse(`"seed" cannot be combined with "seeds". Give one of them`);
  if (seeds && rest.count !== undefined && rest.count !== seeds.length) {
    refuse(`"count" must be ${seeds.length}, as many as "seeds" has, found ${rest.count}. Leave it out`);
  }
  const format = named ?? acceptedFormat(accept, served.channels > 4 ? FORMATS.slice(2) : FORMATS);
  if (format === "npy" && scale !== undefined) refuse(`"scale" needs format "png" or "webp", found "npy"`);
  if (format !== "npy" && served.channels > 4) {
    refuse(`pictures must have 1 to 4 channels, found ${served.channels}. Ask for format "npy"`);
  }
  const { labels, count: usual } = classesOf(served, classes);
  const count = rest.count ?? seeds?.length ?? Math.min(usual, MOST_PICTURES);
  const chosen = { format, seeds, count, classes, labels, truncation, scale };
  const largest = format === "npy"
    ? bytesOfArray(served, count)
    : bytesOfAnswer(ACTION, gridOf(chosen, served).sides);
  return { type: "sample", seed: seed ?? 1, ...chosen, largest };
}

function refuse(problem: string): never {
  throw new QueryError(`Cannot ${ACTION}: ${problem}`);
}

/** The bytes of an array, which may have as many numbers as a picture may have pixels. */
function bytesOfArray({ sides: { width, height }, channels }: Served, count: number): number {
  const numbers = count * channels * width * height;
  if (numbers <= MOST_PIXELS) return 4 * numbers;
  refuse(`an answer has at most ${MOST_PIXELS} numbers, found ${numbers}. Ask for fewer pictures`);
}

/** How the samples of a request lie in one picture. */
export function gridOf(
  { count, labels, scale }: Pick<SampleQuery, "count" | "labels" | "scale">,
  { sides }: Served,
): { columns: number; sides: { width: number; height: number } } {
  const classes = labels?.length ?? 1;
  // Of several classes, each is a row, if there are two of each
  const isInRows = classes > 1 && count >= 2 * classes;
  const columns = isInRows ? Math.ceil(count / classes) : Math.ceil(Math.sqrt(count));
  const places = isInRows ? columns * classes : count;
  return { columns, sides: arrangedSides(places, imageSizeOf(sides), { scale }, columns) };
}
