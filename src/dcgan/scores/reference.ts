import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { imageSizeOf } from "../../pictures/mod.ts";
import { permuted } from "../../gpu/mod.ts";
import type { Described, FeatureNetwork } from "./features/feature_network.ts";
import type { Features } from "./metrics/features.ts";
import { type PatchDistances, PATCHES, patchFloors } from "./patch_distance.ts";
import { countOf, distanceWithin, firstOf, type PictureSet, shrink } from "./pictures.ts";

/** Pictures that are read at once. */
const CHUNK = 256;

/** Pictures whose nearest neighbors are looked for. */
export const PROBES = 1000;

/** Pictures of which patches are compared with other ones of the same. */
const FLOOR_PICTURES = 1000;

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
  /**
   * Sliced Wasserstein distances of their patches to other ones of theirs: what perfect samples would have.
   */
  readonly floors: PatchDistances;
  /** Patches of each level that it was taken from. */
  readonly patches: number;
}

/**
 * Places in a dataset of a fixed random choice of pictures, the same for every run; a smaller choice begins a
 * larger.
 */
export function chosenPlaces({ length }: OpenDataset, count: number): number[] {
  return Array.from(
    { length: Math.min(count, length) },
    (_, place) => permuted(place, length, { seed: 0, epoch: 0 }),
  );
}

/** Reads the pictures of {@linkcode chosenPlaces}. */
export async function readPictures(
  dataset: OpenDataset,
  count: number,
  signal?: AbortSignal,
): Promise<PictureSet> {
  const [height, width, channels] = dataset.shape;
  const size = imageSizeOf({ width, height });
  const each = height * width * channels;
  const places = chosenPlaces(dataset, count);
  const bytes = new Uint8Array(places.length * each);
  for (let start = 0; start < places.length; start += CHUNK) {
    const part = places.slice(start, start + CHUNK);
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
    floors: patchFloors(firstOf(pictures, Math.min(FLOOR_PICTURES, countOf(pictures))), patches),
    patches,
  };
}
