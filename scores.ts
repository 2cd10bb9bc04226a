/**
 * How good generated images are: each metric of the field as a pure function on arrays, with its error bar. To score a
 * run of this module, use `evaluate` of `@x/dcgan`.
 *
 * @example Compare two sets of features
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { frechetDistance, precisionRecall } from "@x/dcgan/scores";
 *
 * // 40 rows of 2 numbers each; the fake ones are moved by 3
 * const rows = (shift: number) => Float64Array.from({ length: 80 }, (_, i) => Math.sin(i * i) + shift);
 * const real = { data: rows(0), count: 40, dimensions: 2 };
 * const fake = { data: rows(3), count: 40, dimensions: 2 };
 * assertAlmostEquals(frechetDistance(real, fake).distance, 18, 1e-6);
 * assert(precisionRecall(real, fake, { k: 5 }).precision < 0.1);
 * ```
 *
 * @module
 */
import "./src/host/on_native.ts";
// Distances between features
export {
  type FrechetDistance,
  frechetDistance,
  frechetFromMoments,
} from "./src/dcgan/scores/metrics/frechet.ts";
export { type Moments, moments } from "./src/dcgan/scores/metrics/moments.ts";
export {
  kernelDistance,
  kid,
  type KidOptions,
  kidOverSubsets,
  type KidResult,
  type KidSubset,
} from "./src/dcgan/scores/metrics/kid.ts";

// Quality and variety
export { type PrecisionRecall, precisionRecall } from "./src/dcgan/scores/metrics/precision_recall.ts";
export {
  coveredModes,
  type Modes,
  modesErrors,
  type ModesOptions,
} from "./src/dcgan/scores/metrics/modes.ts";
export { deviationError, pixelDeviation, relativeDeviation } from "./src/dcgan/scores/metrics/deviation.ts";
export { nearestError, type NearestPictures, nearestPictures } from "./src/dcgan/scores/metrics/nearest.ts";

// Patches
export {
  laplacianPyramid,
  type Pictures,
  pyramidDistances,
  type PyramidOptions,
  type PyramidScale,
} from "./src/dcgan/scores/metrics/laplacian.ts";
export {
  randomDirections,
  type SlicedWasserstein,
  slicedWasserstein,
} from "./src/dcgan/scores/metrics/sliced_wasserstein.ts";

// Error bars
export {
  bootstrapErrors,
  type ErrorOptions,
  type Estimate,
  type Figures,
  subsetErrors,
} from "./src/dcgan/scores/metrics/standard_error.ts";
export { type Features } from "./src/dcgan/scores/metrics/features.ts";
