import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { permuted } from "../../gpu/mod.ts";
import type { Described, FeatureNetwork } from "./features/feature_network.ts";
import type { Features } from "./metrics/features.ts";
import { patchDistance, PATCHES } from "./patch_distance.ts";
import { distanceWithin, halvesOf, type PictureSet, shrink } from "./pictures.ts";

/** Pictures that are read at once. */
const CHUNK = 256;

/** Pictures whose nearest neighbors are looked for. */
export const PROBES = 1000;

/** The side of the data in a comparison: computed once, and compared with many sets of samples. */
export interface Reference {
  /** Pictures of the data. */
  readonly pictures: PictureSet;
  /** What describes pictures, if anything does. */
  readonly network: FeatureNetwork | undefined;
  /** What it finds in these. */
  readonly described: Described | undefined;
  /** Small copies of them. */
  readonly small: Features;
  /** Mean distance of the small copies to the nearest other one. */
  readonly within: number;
  /** Sliced Wasserstein distance of one half of them to the other: what perfect samples would have. */
  readonly floor: number;
  /** Patches of each level that it was taken from. */
  readonly patches: number;
}

/** Reads pictures of a dataset: a fixed random choice, the same for every run. */
export async function readPictures(
  dataset: OpenDataset,
  count: number,
  signal?: AbortSignal,
): Promise<PictureSet> {
  const [size, , channels] = dataset.shape;
  const each = size * size * channels;
  const wanted = Math.min(count, dataset.length);
  const bytes = new Uint8Array(wanted * each);
  const indices = Array.from(
    { length: wanted },
    (_, place) => permuted(place, dataset.length, { seed: 0, epoch: 0 }),
  );
  for (let start = 0; start < wanted; start += CHUNK) {
    const part = indices.slice(start, start + CHUNK);
    await dataset.read(part, bytes.subarray(start * each, (start + part.length) * each), signal);
  }
  return { bytes, size, channels };
}

/**
 * Prepares pictures of the data to be compared with samples.
 *
 * @param patches Patches of each level: fewer cost less, and raise the distance of equal sets.
 */
export async function prepareReference(
  pictures: PictureSet,
  network?: FeatureNetwork,
  patches: number = PATCHES,
): Promise<Reference> {
  const small = shrink(pictures);
  return {
    pictures,
    network,
    described: await network?.describe(pictures.bytes),
    small,
    within: distanceWithin(small, PROBES),
    floor: patchDistance(...halvesOf(pictures), patches),
    patches,
  };
}
