import type { ImageSize } from "../../pictures/mod.ts";
import { checkOptions, type OptionKinds } from "../explore/check_options.ts";
import {
  GENERATOR_KINDS,
  type GeneratorOptions,
  SEED_KIND,
  sidesUpTo,
} from "../explore/generator_options.ts";
import { latentArray, type Latents } from "../explore/latents/given_latents.ts";
import { type SeedPlace, seedPlaces } from "../explore/latents/places.ts";
import { choice, integer, nameList, text, toggle } from "../options/option.ts";

/** One picture of all samples, a picture for each, or one float32 array for other programs. */
export type SampleFormat = "grid" | "images" | "npy";

/** Options of {@linkcode sample}. */
export interface SampleOptions extends GeneratorOptions {
  /**
   * How many samples.
   *
   * @default {64, or of a conditional generator 8 of each class; as many as a grid, seeds or latents have}
   */
  count?: number;
  /**
   * Classes to draw of a conditional generator, by name or by number from 0. Samples take them in turn, and each is a row
   * of a grid.
   *
   * @default {all}
   */
  classes?: readonly (string | number)[];
  /**
   * Seed of the latent vectors. Sample `i` of a seed is the same however many are drawn.
   *
   * @default {1}
   */
  seed?: number;
  /**
   * Draws a picture of each of these seeds in place of many of one: the first sample of a seed, or with `"7:23"` sample 23
   * of seed 7, counted from 0.
   */
  seeds?: readonly SeedPlace[];
  /** Latent vectors to draw from in place of those of a seed, `[count, latent]` or `[count, latent, height, width]`. */
  latents?: Latents;
  /** File to write, over one that is there; for `images` a folder, which must be new or empty. */
  out: string;
  /**
   * What to write: `grid` is one PNG, `images` a PNG for each, `npy` a float32 array `[N, C, H, W]` in [-1, 1].
   *
   * @default {"grid"}
   */
  format?: SampleFormat;
  /**
   * Pictures side by side and below each other in a grid, the columns first: `"3x5"`. It is filled in reading order.
   *
   * @default {as many rows as columns or one fewer; a row for each class}
   */
  grid?: ImageSize;
  /**
   * Pixels between the pictures of a grid and around them.
   *
   * @default {2, and 0 for a single picture}
   */
  padding?: number;
  /**
   * Makes each pixel a square of `scale` x `scale`, in a grid and in images.
   *
   * @default {1}
   */
  scale?: number;
  /** An `.npy` file to write the latent vectors to that the samples were drawn from, truncated if they were. */
  saveLatents?: string;
  /**
   * Whether PNGs say that they were generated, and how; see `readMark()`.
   *
   * @default {true}
   */
  mark?: boolean;
  /** Ends the drawing once it aborts, with the signal's reason. What was written of the samples is removed. */
  signal?: AbortSignal;
}

/** Places of a grid along a side at most. */
const MOST_PLACES = 65536;

/** What each option may be. */
const KINDS: OptionKinds<SampleOptions> = {
  count: integer(1, 65536),
  classes: nameList(),
  seed: SEED_KIND,
  seeds: seedPlaces(1, 4096),
  latents: latentArray(),
  out: text("the path of a file, or of a folder for images"),
  format: choice(["grid", "images", "npy"]),
  grid: sidesUpTo(MOST_PLACES),
  padding: integer(0, 256),
  scale: integer(1, 64),
  saveLatents: text("the path of a file"),
  mark: toggle(),
  signal: null,
  ...GENERATOR_KINDS,
};

/** What options of a grid, or of pictures, need of the format. */
const NEEDED: Readonly<Partial<Record<keyof SampleOptions, readonly SampleFormat[]>>> = {
  grid: ["grid"],
  padding: ["grid"],
  scale: ["grid", "images"],
};

/** Options of which only one can say what is drawn from. */
const SOURCES = ["latents", "seeds", "seed"] as const;

/**
 * Throws if an option is unknown, not allowed, or has no effect beside others.
 *
 * @throws {TypeError} if it is unknown.
 * @throws {RangeError} otherwise.
 */
export function checkSampleOptions(options: SampleOptions): void {
  checkOptions<SampleOptions>("sample()", "sample", options, KINDS, ["out"]);
  const { format = "grid" } = options;
  for (const [name, formats] of Object.entries(NEEDED)) {
    if (options[name as keyof SampleOptions] === undefined || formats.includes(format)) continue;
    throw new RangeError(
      `Cannot sample: "${name}" needs format "${formats.join('" or "')}", found "${format}"`,
    );
  }
  const given = SOURCES.filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    throw new RangeError(
      `Cannot sample: "${given[1]}" cannot be combined with "${
        given[0]
      }", which says what is drawn. Give one of them`,
    );
  }
  const { latents, seeds, count } = options;
  const drawn = latents?.shape[0] ?? seeds?.length ?? count;
  if (count === undefined || count === drawn) return;
  throw new RangeError(
    `Cannot sample: "count" must be ${drawn}, as many as "${given[0]}" has, found ${count}. Leave it out`,
  );
}
