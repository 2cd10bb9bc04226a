import { pyramidDistancesBy, type PyramidScale } from "./metrics/laplacian.ts";
import { asImages, countOf, firstOf, type PictureSet, reversed } from "./pictures.ts";

/** Patches of each level, of which Karras et al. 2018 take 2^14 as well. */
export const PATCHES: number = 2 ** 14;

/** Directions; Karras et al. 2018 take 512. */
const PROJECTIONS = 128;

/**
 * Sliced Wasserstein distances of patches for each scale, the finest first, by what patches are divided by.
 */
export type PatchDistances = Readonly<Record<PyramidScale, readonly number[]>>;

/**
 * Sliced Wasserstein distances of patches, times 1,000 as Karras et al. 2018 print them. Of both sets as many
 * pictures are taken.
 */
export function patchDistances(real: PictureSet, fake: PictureSet, patches: number): PatchDistances {
  const count = Math.min(countOf(real), countOf(fake));
  const [reals, fakes] = [asImages(firstOf(real, count)), asImages(firstOf(fake, count))];
  const options = { patches, projections: PROJECTIONS, seed: 1 };
  const [each, whole] = pyramidDistancesBy(reals, fakes, options, ["each", "whole"]).map((levels) =>
    levels.map((level) => 1000 * level)
  );
  return { each: each!, whole: whole! };
}

/**
 * The same of pictures to themselves, of which other patches are taken: what the choice of patches alone
 * makes of equal sets. That of one half of the pictures to the other would grow as pictures get fewer, and
 * excuse poor samples of them.
 */
export function patchFloors(pictures: PictureSet, patches: number): PatchDistances {
  return patchDistances(pictures, reversed(pictures), patches);
}

/** How much farther samples are than perfect ones, in the worst scale. */
export function worstGap(levels: readonly number[], floors: readonly number[]): number {
  return Math.max(...levels.map((level, at) => level - floors[at]!));
}

/** The mean over scales. */
export function meanOf(levels: readonly number[]): number {
  return levels.reduce((sum, level) => sum + level, 0) / levels.length;
}
