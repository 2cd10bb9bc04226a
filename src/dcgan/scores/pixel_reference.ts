import type { Features } from "./metrics/features.ts";
import { type PatchDistances, patchFloors } from "./patch_distance.ts";
import { countOf, distanceWithin, firstOf, type PictureSet, shrink } from "./pictures.ts";

/** Pictures whose nearest neighbors are looked for. */
export const PROBES = 1000;

/** Pictures of which patches are compared with other ones of the same. */
const FLOOR_PICTURES = 1000;

/** What is measured of the pictures of the data alone. */
export interface PictureMeasures {
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

/** The side of the data in a comparison of pixels. */
export interface PixelReference extends PictureMeasures {
  /** Pictures of the data. */
  readonly pictures: PictureSet;
}

/** Measures pictures of the data. */
export function measurePictures(pictures: PictureSet, patches: number): PictureMeasures {
  const small = shrink(pictures);
  return {
    small,
    within: distanceWithin(small, PROBES),
    floors: patchFloors(firstOf(pictures, Math.min(FLOOR_PICTURES, countOf(pictures))), patches),
    patches,
  };
}
