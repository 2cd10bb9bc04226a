import * as v from "valibot";
import { type ImageSize, parseSize, sidesOf } from "../../pictures/mod.ts";
import {
  averageLength,
  checkpointChoice,
  choice,
  integer,
  number,
  type OptionKind,
  text,
  toggle,
} from "../options/option.ts";
import type { LoadGeneratorOptions } from "../sampling/load_generator.ts";

/** Which generator to open, and what latent vectors it is drawn from. */
export interface GeneratorOptions extends LoadGeneratorOptions {
  /**
   * What latent vectors are multiplied with, from 0 to 1: below 1 pictures are more alike and often cleaner
   * (Brock et al. 2018, arXiv:1809.11096, section 3.1, cut the distribution off instead, hence the name).
   *
   * @default {1}
   */
  truncation?: number;
  /**
   * Sides of the map of latent vectors that each picture is drawn from, the width first: `"3x2"`. With a side
   * of `n`, the generator's first maps are `n - 1` wider, and the picture is as many times wider as they are.
   * The first layer must be a transposed convolution, and the generator must know no classes.
   *
   * @default {1}
   */
  map?: ImageSize;
}

/** Sides of a latent map at most: the memory of the adapter is the real limit. */
const MOST_MAP = 256;

/** What a number of places may be, across and down. */
export function sidesUpTo(most: number): OptionKind<ImageSize> {
  const isAllowed = (value: unknown) => {
    const size = parseSize(value);
    return size !== undefined && Math.max(...Object.values(sidesOf(size))) <= most;
  };
  return {
    allowed: `columns x rows, as 3x2, each from 1 to ${most}`,
    schema: v.custom<ImageSize>(isAllowed),
    fromText: (text) => text,
  };
}

/** What each of {@linkcode GeneratorOptions} may be. */
export const GENERATOR_KINDS = {
  latentDistribution: choice(["normal", "uniform"]),
  statistics: choice(["running", "batch"]),
  from: checkpointChoice(),
  ema: toggle(),
  emaLength: averageLength(),
  offline: toggle(),
  network: text("what the names of its tensors begin with"),
  truncation: number({ from: 0, to: 1 }),
  map: sidesUpTo(MOST_MAP),
} as const satisfies Readonly<Record<keyof GeneratorOptions, OptionKind<unknown>>>;

/** The same for what draws from single latent vectors, and from no maps of them. */
export const SINGLE_LATENT_KINDS = leaveOutMap(GENERATOR_KINDS);

function leaveOutMap<Kinds extends { readonly map: unknown }>(
  { map: _, ...kinds }: Kinds,
): Omit<Kinds, "map"> {
  return kinds;
}

/** What a seed may be. */
export const SEED_KIND: OptionKind<number> = integer(0, 2 ** 32 - 1);

/** Those options of a function that say which generator. */
export function generatorOptionsOf(options: GeneratorOptions): GeneratorOptions {
  const names = Object.keys(GENERATOR_KINDS) as (keyof GeneratorOptions)[];
  return Object.fromEntries(
    names.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined),
  );
}
