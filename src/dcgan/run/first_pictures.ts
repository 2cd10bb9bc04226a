import { host } from "../../host/host.ts";
import { DatasetError, type OpenDataset } from "../../../plugins/datasets/mod.ts";
import { firstPlaces } from "../batches/batches.ts";
import { placesInTurn } from "../batches/places_in_turn.ts";
import { countInGrid, EMPTY } from "../sampling/class_rows.ts";
import type { TrainConfig } from "../options/config.ts";

/** Pictures that tell one dataset from another of as many. */
const COMPARED = 64;

/** What of a run's config says which pictures are shown. */
type ShownConfig = Pick<TrainConfig, "samples" | "seed" | "conditional" | "classes">;

/** The first pictures of a run, in the order in which its steps get them. */
export interface FirstPictures {
  /** A checksum of the first 64 of them, or of all if there are fewer. */
  readonly fingerprint: string;
  /**
   * As many as `real.png` shows, one after the other; undefined if there is no memory for them. With classes,
   * of each the first, in turns as samples have them, and empty ones in the places of those that are not
   * there.
   */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Reads the first pictures of a run: a resumed run recognizes its dataset by them, wherever it is now.
 *
 * @throws {DatasetError} if they cannot be read.
 */
export async function readFirstPictures(
  dataset: OpenDataset,
  config: ShownConfig,
  signal?: AbortSignal,
): Promise<FirstPictures> {
  const compared = comparedPlaces(dataset, config);
  const shown = shownPlaces(dataset, config);
  // Each is read once
  const places = [...new Set([...compared, ...shown])].filter((place) => place !== undefined);
  try {
    const bytes = await readPlaces(dataset, places, signal);
    return { fingerprint: checksumOf(dataset, compared, bytes), bytes: arranged(bytes, places, shown) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DatasetError || places.length <= compared.length) throw error;
    return { fingerprint: await fingerprintOf(dataset, config, signal), bytes: undefined };
  }
}

/**
 * A checksum of the first pictures of a run.
 *
 * @throws {DatasetError} if they cannot be read.
 */
export async function fingerprintOf(
  dataset: OpenDataset,
  config: Pick<TrainConfig, "seed">,
  signal?: AbortSignal,
): Promise<string> {
  const compared = comparedPlaces(dataset, config);
  return checksumOf(dataset, compared, await readPlaces(dataset, compared, signal));
}

function checksumOf(dataset: OpenDataset, compared: readonly number[], bytes: Uint8Array): string {
  const hash = host().sha256().update(JSON.stringify(dataset.shape));
  return hash.update(bytes.subarray(0, compared.length * lengthOf(dataset))).digest("hex").slice(0, 32);
}

/** Places of the pictures that tell a dataset from another. */
function comparedPlaces({ length }: OpenDataset, { seed }: Pick<TrainConfig, "seed">): number[] {
  return firstPlaces(length, seed, Math.min(COMPARED, length));
}

/** Places of the pictures that `real.png` shows. */
function shownPlaces(dataset: OpenDataset, config: ShownConfig): (number | undefined)[] {
  const { samples, seed, classes } = config;
  return classes
    ? placesInTurn(dataset, config, classes.length, countInGrid(samples, classes.length))
    : firstPlaces(dataset.length, seed, Math.min(samples, dataset.length));
}

async function readPlaces(
  dataset: OpenDataset,
  places: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(places.length * lengthOf(dataset));
  await dataset.read(places, bytes, signal);
  return bytes;
}

/** Pictures of places in the order in which they are shown. */
function arranged(
  bytes: Uint8Array,
  places: readonly number[],
  shown: readonly (number | undefined)[],
): Uint8Array {
  const each = bytes.length / places.length;
  if (shown.every((place, at) => place === places[at])) return bytes.subarray(0, shown.length * each);
  const found = new Map(places.map((place, at) => [place, at]));
  const all = new Uint8Array(shown.length * each).fill(EMPTY);
  for (const [at, place] of shown.entries()) {
    if (place === undefined) continue;
    const from = found.get(place)! * each;
    all.set(bytes.subarray(from, from + each), at * each);
  }
  return all;
}

/** Values of one picture. */
function lengthOf({ shape }: OpenDataset): number {
  return shape.reduce((product, extent) => product * extent);
}
