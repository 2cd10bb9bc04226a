import { choice, integer, nameList, toggle } from "../options/option.ts";
import { checkOptions, type OptionKinds } from "./check_options.ts";
import { endingOf } from "./films/film_kind.ts";
import { FILM_KINDS, type FilmFileOptions } from "./films/film_options.ts";
import { GENERATOR_KINDS, type GeneratorOptions } from "./generator_options.ts";
import { type Interpolation, INTERPOLATION_KIND } from "./latents/between.ts";
import { latentArray, type Latents } from "./latents/given_latents.ts";
import { type SeedPlace, seedPlaces } from "./latents/places.ts";

/** Rows from each picture to the next, a square between four, or one after another in time. */
export type InterpolationLayout = "strip" | "grid" | "film";

/** Options of {@linkcode interpolate}. */
export interface InterpolateOptions extends GeneratorOptions, Omit<FilmFileOptions, "out" | "scale"> {
  /**
   * What to go between, 2 or more: the first sample of a seed, or with `"7:23"` sample 23 of seed 7, counted
   * from 0. A grid has exactly 4: top left, top right, bottom left, bottom right.
   *
   * @default {[1, 2, 3, 4], without `latents`}
   */
  seeds?: readonly SeedPlace[];
  /** Latent vectors to go between in place of those of seeds. */
  latents?: Latents;
  /** File to write, over one that is there: a PNG, or a film, see `filmWalk()`. */
  out: string;
  /**
   * How the pictures are laid out. A PNG may be a film too.
   *
   * @default {"strip" in a PNG, else "film"}
   */
  layout?: InterpolationLayout;
  /**
   * Pictures from one to the next, both counted, 2 to 256.
   *
   * @default {8, and 40 in a film}
   */
  steps?: number;
  /**
   * Whether to go from the last back to the first. Not in a grid.
   *
   * @default {false}
   */
  loop?: boolean;
  /**
   * How to get from one latent vector to another; see `between()`.
   *
   * @default {"spherical" for normal latents, "linear" for uniform ones}
   */
  interpolation?: Interpolation;
  /**
   * Classes to draw of a conditional generator, up to 16: the same latent vectors of each, below each other.
   *
   * @default {the first}
   */
  classes?: readonly (string | number)[];
  /**
   * Makes each pixel a square of `scale` x `scale`.
   *
   * @default {1; in a film, the least that makes it 256 pixels high}
   */
  scale?: number;
}

/** What to go between if nothing says so: as many as a grid has corners. */
export const USUAL_SEEDS: readonly SeedPlace[] = [1, 2, 3, 4];

const KINDS: OptionKinds<InterpolateOptions> = {
  seeds: seedPlaces(2, 256),
  latents: latentArray(),
  layout: choice(["strip", "grid", "film"]),
  steps: integer(2, 256),
  loop: toggle(),
  interpolation: INTERPOLATION_KIND,
  classes: nameList(16),
  ...FILM_KINDS,
  ...GENERATOR_KINDS,
};

/** How the pictures are laid out. */
export function layoutOf({ layout, out }: InterpolateOptions): InterpolationLayout {
  return layout ?? (endingOf(out) === ".png" ? "strip" : "film");
}

/**
 * Throws if an option is unknown, not allowed, or has no effect beside others.
 *
 * @throws {TypeError} if it is unknown.
 * @throws {RangeError} otherwise.
 */
export function checkInterpolateOptions(options: InterpolateOptions): void {
  checkOptions<InterpolateOptions>("interpolate()", "interpolate", options, KINDS, ["out"]);
  const { seeds, latents, loop = false, fps, out, classes } = options;
  const layout = layoutOf(options);
  const problem = seeds && latents
    ? `"latents" cannot be combined with "seeds". Give one of them`
    : problemOf(
      layout,
      seeds?.length ?? latents?.shape[0] ?? USUAL_SEEDS.length,
      loop,
      classes?.length ?? 1,
    ) ??
      (layout !== "film" && fps !== undefined
        ? `"fps" needs layout "film", found "${layout}"`
        : layout !== "film" && endingOf(out) !== ".png"
        ? `"out" must end in .png for layout "${layout}", found "${out}"`
        : undefined);
  if (problem !== undefined) throw new RangeError(`Cannot interpolate: ${problem}`);
}

function problemOf(
  layout: InterpolationLayout,
  ends: number,
  loop: boolean,
  classes: number,
): string | undefined {
  if (ends < 2) return `"latents" must hold 2 vectors or more, found ${ends}`;
  if (layout !== "grid") return undefined;
  if (ends !== 4) {
    return `layout "grid" goes between 4 pictures, found ${ends}. Give 4 seeds, or another layout`;
  }
  if (loop) return `"loop" needs layout "strip" or "film", found "grid"`;
  return classes > 1 ? `layout "grid" is of one class, found ${classes}` : undefined;
}
