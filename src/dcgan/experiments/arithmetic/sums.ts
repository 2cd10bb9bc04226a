import { combinePictures, meanPicture } from "../../explore/arithmetic/pixel_arithmetic.ts";
import { combine, meanLatent } from "../../explore/arithmetic/vector_arithmetic.ts";
import type { OpenGenerator } from "../../explore/open_generator.ts";
import { permuted } from "../../../gpu/mod.ts";

/** Samples of a generator that exemplars are drawn from. */
export interface Pool {
  /** Their latent vectors, one after another. */
  readonly latents: Float32Array;
  /** Their pictures. */
  readonly pictures: Uint8Array;
  /** Their classes, of a conditional generator. */
  readonly labels: readonly number[] | undefined;
}

/** Places in a pool, of the exemplars of each group. */
export type Triple = readonly [a: readonly number[], b: readonly number[], c: readonly number[]];

/** Triples of random exemplars, each of other ones of its groups. */
export function drawTriples(
  groups: readonly (readonly number[])[],
  exemplars: number,
  trials: number,
  seed: number,
): Triple[] {
  return Array.from(
    { length: trials },
    (_, trial) =>
      groups.map((places, group) =>
        Array.from({ length: exemplars }, (_, at) => {
          // A permutation for each sum and group, so that none is taken twice in one
          const order = { seed, epoch: trial * groups.length + group };
          return places[permuted(at, places.length, order)]!;
        })
      ) as unknown as Triple,
  );
}

/** Pictures of `a - b + c` of mean latent vectors, one after another. */
export async function latentSums(
  generator: OpenGenerator,
  { latents, labels }: Pool,
  triples: readonly Triple[],
): Promise<Uint8Array> {
  const { latent } = generator;
  const sums = new Float32Array(triples.length * latent);
  const mean = (places: readonly number[]) =>
    meanLatent(places.map((at) => latents.subarray(at * latent, (at + 1) * latent)));
  for (const [row, [a, b, c]] of triples.entries()) {
    sums.set(combine(mean(a), mean(b), mean(c)), row * latent);
  }
  return await generator.draw(sums, labels && triples.map(([, , c]) => labels[c[0]!]!));
}

/** Pictures that are `a - b + c` of mean pictures themselves, one after another. */
export function pixelSums(
  { pictures }: Pick<Pool, "pictures">,
  each: number,
  triples: readonly Triple[],
): Uint8Array {
  const sums = new Uint8Array(triples.length * each);
  for (const [row, groups] of triples.entries()) {
    const [a, b, c] = groups.map((places) => meanPicture(pictures, each, places));
    sums.set(combinePictures(a!, b!, c!), row * each);
  }
  return sums;
}
