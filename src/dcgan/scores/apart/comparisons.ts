import { nearestPictures } from "../metrics/nearest.ts";
import { distanceWithin } from "../pictures.ts";
import { measurePictures } from "../pixel_reference.ts";
import { compareFeatures, scorePixels } from "../compare_pictures.ts";

const comparisons = { compareFeatures, distanceWithin, measurePictures, nearestPictures, scorePixels };

/** The name of a comparison. */
export type ComparisonName = keyof typeof comparisons;

/** What each comparison is given. */
export type ComparisonArgs = { [N in ComparisonName]: Parameters<typeof comparisons[N]> };

/** What each gives. */
export type ComparisonResults = { [N in ComparisonName]: ReturnType<typeof comparisons[N]> };

/** Comparisons that take long, by name: functions of plain data, which another thread can call as well. */
const COMPARISONS: { [N in ComparisonName]: (...args: ComparisonArgs[N]) => ComparisonResults[N] } =
  comparisons;

/** Calls a comparison by its name. */
export function compare<N extends ComparisonName>(name: N, args: ComparisonArgs[N]): ComparisonResults[N] {
  return COMPARISONS[name](...args);
}
