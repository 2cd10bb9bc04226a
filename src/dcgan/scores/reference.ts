import type { OpenDataset } from "../../../plugins/datasets/mod.ts";
import { imageSizeOf } from "../../pictures/mod.ts";
import { permuted } from "../../gpu/mod.ts";
import type { Described, FeatureNetwork } from "./features/feature_network.ts";
import { compareApart } from "./apart/compare_apart.ts";
import { PATCHES } from "./patch_distance.ts";
import type { PictureSet } from "./pictures.ts";
import type { PixelReference } from "./pixel_reference.ts";

/** Pictures that are read at once. */
const CHUNK = 256;

/** The side of the data in a comparison: computed once, and compared with many sets of samples. */
export interface Reference extends PixelReference {
  /** What describes pictures, if anything does. */
  readonly network: FeatureNetwork | undefined;
  /** What it finds in these. */
  readonly described: Described | undefined;
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
 * @param signal Ends it once it aborts, with the signal's reason.
 */
export async function prepareReference(
  pictures: PictureSet,
  network?: FeatureNetwork,
  patches: number = PATCHES,
  signal?: AbortSignal,
): Promise<Reference> {
  const measures = await compareApart("measurePictures", [pictures, patches], signal);
  return { pictures, network, described: await network?.describe(pictures.bytes), ...measures };
}
