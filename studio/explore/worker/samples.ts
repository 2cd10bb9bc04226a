import { neighborhood } from "../../../src/dcgan/explore/arithmetic/vector_arithmetic.ts";
import { type LatentDirection, moveLatent } from "../../../src/dcgan/explore/directions/latent_direction.ts";
import { weightDirections } from "../../../src/dcgan/explore/directions/weight_directions.ts";
import type { OpenGenerator } from "../../../src/dcgan/explore/open_generator.ts";
import { sidesOf } from "../../../src/pictures/mod.ts";
import type { Pictures } from "../../engine/model.ts";
import type { Drawn } from "../drawn.ts";
import { drawsFrom, type Used } from "../source/source.ts";

/** Directions that sliders may have at most. */
const MOST_DIRECTIONS = 32;

/** Draws pictures of latent vectors. */
export async function draw(
  generator: OpenGenerator,
  latents: Float32Array,
  labels?: readonly number[],
): Promise<Drawn> {
  const { size, channels, classes } = generator;
  // A conditional generator draws its first class, if nothing is said
  const given = classes && (labels ?? [0]);
  const data = await generator.draw(latents, given);
  const count = latents.length / generator.latentLength;
  return {
    latents: Float32Array.from(latents),
    labels: given && Array.from({ length: count }, (_, at) => given[at % given.length]!),
    pictures: { count, ...sidesOf(size), channels: channels as Pictures["channels"], data },
  };
}

/** Which samples of a seed. */
export interface RandomSamples {
  /** The seed. */
  readonly seed: number;
  /** Number of the first sample, from 0. */
  readonly first?: number;
  /** How many. */
  readonly count: number;
  /** What latent vectors are multiplied with. */
  readonly truncation?: number;
  /** Their class, of a conditional generator; they take all in turn, if not given. */
  readonly label?: number | undefined;
}

/** Draws samples of a seed: those that `sample` draws. */
export function drawRandom(
  used: Used,
  { seed, first = 0, count, truncation = 1, label }: RandomSamples,
): Promise<Drawn> {
  const generator = drawsFrom(used, truncation);
  const latents = generator.latents(seed, first + count).subarray(first * generator.latent);
  const { classes } = generator;
  const labels = classes &&
    Array.from({ length: count }, (_, at) => label ?? (first + at) % classes.length);
  return draw(generator, latents, labels);
}

/** A latent vector and eight around it, as the paper shows results; it is the fifth. */
export function drawNeighbors(
  used: Used,
  { latent, label, seed }: {
    readonly latent: Float32Array;
    readonly label?: number | undefined;
    readonly seed: number;
  },
): Promise<Drawn> {
  return draw(drawsFrom(used), neighborhood(latent, seed), label === undefined ? undefined : [label]);
}

/** How a latent vector is moved. */
export interface Moves {
  /** Where from. */
  readonly latent: Float32Array;
  /** Class of the picture. */
  readonly label?: number | undefined;
  /** Vectors of length 1, and how far to go along each, in standard deviations of the latents. */
  readonly moves: readonly { readonly vector: Float32Array; readonly sigmas: number }[];
}

/** Draws the picture of a latent vector that is moved along directions. */
export function drawMoved(used: Used, { latent, label, moves }: Moves): Promise<Drawn> {
  const given = moves.map(({ vector, sigmas }) =>
    [{ vector: vector as LatentDirection["vector"] }, sigmas] as const
  );
  const moved = moveLatent(latent, given, used.loaded.latentDistribution);
  return draw(drawsFrom(used), moved, label === undefined ? undefined : [label]);
}

/** The directions that the first layer stretches most, as `directions` finds them of weights. */
export async function findDirections({ loaded: { generator, latent } }: Used): Promise<Float32Array[]> {
  const found = await weightDirections(generator, latent, MOST_DIRECTIONS);
  return found.map(({ vector }) => vector);
}
