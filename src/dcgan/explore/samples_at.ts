import type { OpenGenerator } from "./open_generator.ts";
import { latentsAt, placeOf, type SeedPlace } from "./latents/places.ts";

/** Latent vectors, and the classes of their pictures. */
export interface LatentSamples {
  /** The latent vectors, one after another. */
  readonly latents: Float32Array<ArrayBuffer>;
  /** Their classes; undefined if the generator knows none. */
  readonly labels: readonly number[] | undefined;
}

/**
 * The samples at some places, one after another.
 *
 * @param classes Classes that the samples of a seed have in turn, of a conditional generator.
 */
export function samplesAt(
  generator: OpenGenerator,
  places: readonly SeedPlace[],
  classes: readonly number[] | undefined,
): LatentSamples {
  const latents = new Float32Array(places.length * generator.latent);
  for (const [at, vector] of latentsAt(generator, places).entries()) {
    latents.set(vector, at * generator.latent);
  }
  const labels = classes && places.map((place) => classes[placeOf(place).sample % classes.length]!);
  return { latents, labels };
}
