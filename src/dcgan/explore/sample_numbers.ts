import { integer, type OptionKind } from "../options/option.ts";
import * as v from "valibot";
import type { OpenGenerator } from "./open_generator.ts";

/** Highest number of a sample, so that those before it are drawn in a second. */
const HIGHEST = 65535;

/** Numbers of samples, counted from 0 in the order of `sample --seed`. */
export function sampleNumbers(): OptionKind<readonly number[]> {
  const { schema } = integer(0, HIGHEST);
  return {
    allowed: `numbers of samples from 0 to ${HIGHEST}, with commas between them`,
    schema: v.pipe(v.array(schema), v.minLength(1)),
    fromText: (text) => text.split(",").map((one) => one.trim() === "" ? NaN : Number(one)),
  };
}

/** Latent vectors of samples, and their classes. */
export interface ChosenSamples {
  /** The latent vectors, one after another. */
  readonly latents: Float32Array<ArrayBuffer>;
  /** Their classes; undefined if the generator knows none. */
  readonly labels: readonly number[] | undefined;
}

/**
 * The samples of some numbers, counted from 0: those that `sample()` draws from the same seed and classes.
 *
 * @param classes Classes that samples have in turn.
 */
export function samplesOf(
  generator: OpenGenerator,
  numbers: readonly number[],
  seed: number,
  classes: readonly number[] | undefined,
): ChosenSamples {
  const { latent } = generator;
  const all = generator.latents(seed, Math.max(...numbers) + 1);
  const latents = new Float32Array(numbers.length * latent);
  for (const [place, number] of numbers.entries()) {
    latents.set(all.subarray(number * latent, (number + 1) * latent), place * latent);
  }
  return { latents, labels: classes && numbers.map((number) => classes[number % classes.length]!) };
}
