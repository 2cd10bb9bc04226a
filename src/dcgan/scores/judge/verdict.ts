import type { Scores } from "../score.ts";

/** How good samples are, from worst to best. */
export type Grade = "noise" | "alike" | "copies" | "rough" | "fair" | "good";

/** How good samples are, in words. */
export interface Verdict {
  /** In a word. */
  readonly grade: Grade;
  /** In a sentence. */
  readonly sentence: string;
}

/** Patch distance of samples, over that of the data with itself, up to which they are good, fair and rough. */
const DISTANCES = { good: 4, fair: 8, rough: 20 };

/** Deviation of samples, over that of the data, below which they are alike, and below which they are rough at best. */
const DEVIATIONS = { alike: 0.35, rough: 0.75 };

/** Distance to the nearest image, over that between images of the data, below which samples are copies. */
const COPIES = 0.5;

/** Share of the data with a sample nearby, below which samples are rough and fair at best. */
const COVERAGES = { rough: 0.3, fair: 0.6 };

/**
 * Says how good samples are.
 *
 * @param scores Theirs.
 * @param floor The patch distance of the data with itself: what perfect samples would have.
 */
export function judgeSamples({ swd, deviation, nearest, coverage }: Scores, floor: number): Verdict {
  if (below(deviation?.value, DEVIATIONS.alike)) {
    return { grade: "alike", sentence: "the samples are alike: they hardly vary" };
  }
  if (below(nearest?.value, COPIES)) {
    return { grade: "copies", sentence: "the samples are near copies of the data" };
  }
  const times = swd ? swd.value / Math.max(floor, 1e-9) : Infinity;
  const far = `their patches are ${
    times.toPrecision(2)
  } times as far from the data as the data is from itself`;
  if (times > DISTANCES.rough) {
    return { grade: "noise", sentence: `the samples do not look like the data: ${far}` };
  }
  if (times > DISTANCES.fair) return { grade: "rough", sentence: `the samples are rough: ${far}` };
  if (below(deviation?.value, DEVIATIONS.rough)) {
    const percent = Math.round(100 * deviation!.value);
    return {
      grade: "rough",
      sentence: `the samples are rough: they vary ${percent} % as much as the data, and ${far}`,
    };
  }
  const covered = `a sample is near ${Math.round(100 * (coverage?.value ?? 0))} % of the data`;
  if (below(coverage?.value, COVERAGES.rough)) {
    return { grade: "rough", sentence: `the samples are rough: ${covered}, and ${far}` };
  }
  if (times > DISTANCES.good) return { grade: "fair", sentence: `the samples are fair: ${far}` };
  if (below(coverage?.value, COVERAGES.fair)) {
    return { grade: "fair", sentence: `the samples are fair: ${covered}, and ${far}` };
  }
  return { grade: "good", sentence: `the samples are good: ${far}` };
}

function below(value: number | undefined, limit: number): boolean {
  return value !== undefined && value < limit;
}
