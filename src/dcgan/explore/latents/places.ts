import * as v from "valibot";
import type { OptionKind } from "../../options/option.ts";
import type { OpenGenerator } from "../open_generator.ts";

/**
 * One picture of a seed: the first, or with `"7:23"` sample 23 of seed 7, counted from 0, as files of images
 * are.
 */
export type SeedPlace = number | `${number}:${number}`;

/** Seeds and samples at most. */
const MOST = { seed: 2 ** 32 - 1, sample: 65535 };

/** Lists of places; as text, with commas between them. */
export function seedPlaces(least: number, most: number): OptionKind<readonly SeedPlace[]> {
  const isPlace = (value: unknown) => {
    const [, seed, sample = "0"] = /^(\d{1,10})(?::(\d{1,5}))?$/.exec(`${value}`) ?? [];
    return seed !== undefined && Number(seed) <= MOST.seed && Number(sample) <= MOST.sample;
  };
  return {
    allowed: `${least === most ? least : `${least} to ${most}`} seeds from 0 to ${MOST.seed}, as 1,5,9, ` +
      "or samples of seeds, as 7:23",
    schema: v.pipe(v.array(v.custom<SeedPlace>(isPlace)), v.minLength(least), v.maxLength(most)),
    fromText: (text) =>
      text.split(",").map((one) => /^\d{1,10}$/.test(one.trim()) ? Number(one) : one.trim()),
  };
}

/** The seed of a place, and which of its samples. */
export function placeOf(place: SeedPlace): { seed: number; sample: number } {
  const [seed = 0, sample = 0] = `${place}`.split(":").map(Number);
  return { seed, sample };
}

/** The latent vectors of places, one for each. */
export function latentsAt(
  generator: OpenGenerator,
  places: readonly SeedPlace[],
): Float32Array<ArrayBuffer>[] {
  return places.map((place) => {
    const { seed, sample } = placeOf(place);
    return generator.latents(seed, 1, sample);
  });
}
