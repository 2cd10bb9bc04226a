/** Flags that several commands share, for what is drawn and how it is laid out. */
import { Option } from "@commander-js/extra-typings";
import { FILM_KINDS } from "../../dcgan/explore/films/film_options.ts";
import { SEED_KIND, sidesUpTo } from "../../dcgan/explore/generator_options.ts";
import { type SeedPlace, seedPlaces } from "../../dcgan/explore/latents/places.ts";
import { integer } from "../../dcgan/options/option.ts";
import { optionOf } from "../arguments/option_of.ts";

/** The flag for the seed of latent vectors. */
export function seedFlag() {
  return optionOf("--seed <number>", "seed of the latent vectors (default: 1)", SEED_KIND);
}

/** The flag for some pictures of seeds. */
export function seedsFlag(
  what: string,
  least: number,
  most: number,
): Option<"--seeds <list>", undefined, undefined, readonly SeedPlace[]> {
  const summary =
    `${what}: seeds such as 1,5,9, or samples of seeds, such as 7:23 for sample 23 of seed 7, from 0`;
  return optionOf("--seeds <list>", summary, seedPlaces(least, most));
}

/** The flag for how fast a film is. */
export function fpsFlag(usual: string) {
  return optionOf("--fps <number>", `frames a second of a film (default: ${usual})`, FILM_KINDS.fps);
}

/** The flag for a file of latent vectors. */
export function latentsFlag() {
  return new Option(
    "--latents <file>",
    ".npy file of latents to draw from, [N, latent] or [N, latent, height, width], float32 or float64",
  );
}

/** The flag for the places of a grid. */
export function gridFlag(when = "") {
  return optionOf(
    "--grid <columns x rows>",
    `places of the grid${when}, such as 8x3 (default: about a square)`,
    sidesUpTo(65536),
  );
}

/** The flag for the pixels between pictures. */
export function paddingFlag() {
  return optionOf(
    "--padding <pixels>",
    "pixels between images and around them (default: 2, none around a single image)",
    integer(0, 256),
  );
}

/** The flag that makes pictures larger. */
export function scaleFlag(usual: string) {
  return optionOf(
    "--scale <factor>",
    `make each pixel a square of so many pixels a side ${usual}`,
    integer(1, 64),
  );
}
