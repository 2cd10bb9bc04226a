import { pyramidDistances } from "./metrics/laplacian.ts";
import { asImages, countOf, firstOf, type PictureSet } from "./pictures.ts";

/** Patches of each level, of which Karras et al. 2018 take 2^14 as well. */
export const PATCHES: number = 2 ** 14;

/** Directions; Karras et al. 2018 take 512. */
const PROJECTIONS = 128;

/**
 * Sliced Wasserstein distance of patches, the mean over scales, times 1,000 as Karras et al. 2018 print it. Of both sets
 * as many pictures are taken.
 */
export function patchDistance(real: PictureSet, fake: PictureSet, patches: number): number {
  const count = Math.min(countOf(real), countOf(fake));
  const options = { patches, projections: PROJECTIONS, seed: 1 };
  const levels = pyramidDistances(asImages(firstOf(real, count)), asImages(firstOf(fake, count)), options);
  return 1000 * levels.reduce((sum, one) => sum + one, 0) / levels.length;
}
