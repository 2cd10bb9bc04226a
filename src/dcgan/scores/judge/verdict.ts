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
const GRADES = { good: 4, fair: 8, rough: 20 };

/**
 * Says how good samples are.
 *
 * @param scores Theirs.
 * @param floor The patch distance of the data with itself: what perfect samples would have.
 */
export function judgeSamples({ swd, deviation, nearest }: Scores, floor: number): Verdict {
  if (deviation && deviation.value < 0.35) {
    return { grade: "alike", sentence: "the samples are alike: the generator has collapsed to few of them" };
  }
  if (nearest && nearest.value < 0.5) {
    return { grade: "copies", sentence: "the samples are near copies of the data" };
  }
  const times = swd ? swd.value / Math.max(floor, 1e-9) : Infinity;
  const far = `their patches are ${
    times.toPrecision(2)
  } times as far from the data as the data is from itself`;
  if (times > GRADES.rough) {
    return { grade: "noise", sentence: `the samples do not look like the data: ${far}` };
  }
  if (times > GRADES.fair) return { grade: "rough", sentence: `the samples are rough: ${far}` };
  if (times > GRADES.good) return { grade: "fair", sentence: `the samples are fair: ${far}` };
  return { grade: "good", sentence: `the samples are good: ${far}` };
}
