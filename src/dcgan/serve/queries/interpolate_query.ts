import { frameCount } from "../../explore/interpolation.ts";
import { type Interpolation, INTERPOLATION_KIND, usualInterpolation } from "../../explore/latents/between.ts";
import { GENERATOR_KINDS } from "../../explore/generator_options.ts";
import { type SeedPlace, seedPlaces } from "../../explore/latents/places.ts";
import { usualScale } from "../../explore/films/film_options.ts";
import { choice, integer, text, toggle } from "../../options/option.ts";
import { arrangedSides } from "../../sampling/arrangement.ts";
import { imageSizeOf } from "../../../pictures/mod.ts";
import type { Served } from "../served.ts";
import { bytesOfAnswer, MOST_PICTURES } from "./answer_limits.ts";
import { classesOf } from "./classes.ts";
import { acceptedFormat } from "./formats.ts";
import { DECIMAL, DIGITS, QueryError, readQuery } from "./read_query.ts";

const ACTION = "interpolate";

/** Formats, the usual one first. */
const FORMATS = ["png", "webp"] as const;

/** What `/interpolate` may be asked. */
const PARAMETERS = {
  seeds: { kind: seedPlaces(2, 64) },
  steps: { kind: integer(2, MOST_PICTURES), form: DIGITS },
  loop: { kind: toggle() },
  interpolation: { kind: INTERPOLATION_KIND },
  class: { kind: text("the name or the number of a class") },
  truncation: { kind: GENERATOR_KINDS.truncation, form: DECIMAL },
  scale: { kind: integer(1, 64), form: DIGITS },
  format: { kind: choice(FORMATS) },
} as const;

/** The way between samples that a request asks for, with everything that it leaves open chosen. */
export interface InterpolateQuery {
  readonly type: "interpolate";
  /** A PNG has rows, a WebP is a film. */
  readonly format: (typeof FORMATS)[number];
  readonly seeds: readonly SeedPlace[];
  /** Pictures from one to the next; as `interpolate()` chooses if not given. */
  readonly steps: number | undefined;
  readonly loop: boolean | undefined;
  readonly interpolation: Interpolation;
  /** The class as it is asked for; the first if not given. */
  readonly classes: readonly (string | number)[] | undefined;
  /** Its number; undefined if the generator knows none. */
  readonly labels: readonly number[] | undefined;
  readonly truncation: number | undefined;
  /** Each pixel becomes a square of so many; of a film it is known. */
  readonly scale: number | undefined;
  /** How many pictures are drawn. */
  readonly count: number;
  /** How many are side by side. */
  readonly columns: number;
  /** Bytes that the answer takes at most. */
  readonly largest: number;
}

/**
 * Reads a request for the way between samples.
 *
 * @param accept The header `Accept`, which counts if the query names no format.
 * @throws {QueryError} if it asks for what cannot be.
 */
export function interpolateQuery(
  query: string,
  accept: string | undefined,
  served: Served,
): InterpolateQuery {
  const { class: chosen, format: named, seeds = [1, 2, 3, 4], scale: asked, ...rest } = readQuery(
    ACTION,
    query,
    PARAMETERS,
  );
  const { loop, steps, truncation, interpolation = usualInterpolation(served.latentDistribution) } = rest;
  const classes = chosen === undefined ? undefined : [chosen];
  if (served.channels > 4) refuse(`pictures must have 1 to 4 channels, found ${served.channels}`);
  const { labels } = classesOf(served, classes ?? (served.classes && [0]));
  const format = named ?? acceptedFormat(accept, FORMATS);
  const isFilm = format === "webp";
  const parts = loop ? seeds.length : seeds.length - 1;
  const columns = isFilm ? 1 : steps ?? 8;
  const count = isFilm ? frameCount(seeds.length, rest) : parts * columns;
  if (count > MOST_PICTURES) {
    refuse(
      `an answer has at most ${MOST_PICTURES} pictures, found ${count}. Give fewer seeds, or fewer "steps"`,
    );
  }
  const size = imageSizeOf(served.sides);
  const scale = asked ?? (isFilm ? usualScale(served.sides.height) : undefined);
  const sides = arrangedSides(isFilm ? 1 : count, size, { scale }, columns);
  const largest = bytesOfAnswer(ACTION, sides, isFilm ? count : 1);
  return {
    type: "interpolate",
    format,
    seeds,
    steps,
    loop,
    interpolation,
    classes,
    labels,
    truncation,
    scale,
    count,
    columns,
    largest,
  };
}

function refuse(problem: string): never {
  throw new QueryError(`Cannot ${ACTION}: ${problem}`);
}
