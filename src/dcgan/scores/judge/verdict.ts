import type { Scores } from "../score.ts";

/** How good samples are, from worst to best. */
export type Grade = "noise" | "alike" | "copies" | "rough" | "fair" | "good";

/** How good samples are, in words. */
export interface Verdict {
  /** In a word. */
  readonly grade: Grade;
  /** In a sentence. */
  readonly sentence: string;
  /** What to do next, in a sentence. */
  readonly next: string;
  /** Whether more steps can be expected to help. */
  readonly moreSteps: boolean;
}

type Next = Pick<Verdict, "next" | "moreSteps">;

/** What to do next, by grade. */
const NEXT: Readonly<Record<Grade, Next>> = {
  noise: {
    next: "If advice names a problem, solve that first; otherwise train longer",
    moreSteps: true,
  },
  alike: {
    next: "Start again with a lower --learning-rate, another --seed or a larger --batch",
    moreSteps: false,
  },
  copies: { next: "Add images, or use --flip: longer training only makes better copies", moreSteps: false },
  rough: { next: "Train longer, as most samples get better for thousands of steps", moreSteps: true },
  fair: { next: "Train longer, or with larger networks (--ngf, --ndf)", moreSteps: true },
  good: { next: "Draw samples; larger networks (--ngf, --ndf) may still improve them", moreSteps: false },
};

/** Patch gap up to which samples are good, fair and rough. */
const GAPS = { good: 20, fair: 30, rough: 70 };

/**
 * Raw patch gap up to which samples are no noise, whatever their patch gap: drawings, which are flat but for
 * sharp edges, have a large one from faults that are hardly seen.
 */
const MOST_RAW = 80;

/**
 * Deviation of samples, over that of the data, below which they are alike, and below which they are rough at
 * best.
 */
const DEVIATIONS = { alike: 0.35, rough: 0.75 };

/** Distance to the nearest image, over that between images of the data, below which samples are copies. */
export const COPIES = 0.5;

/** Share of the data with a sample nearby, below which samples are rough and fair at best. */
const COVERAGES = { rough: 0.3, fair: 0.6 };

/** Steps in which small networks may still draw samples that are alike. */
export const LATE = 1500;

/** What to do next about samples that are alike in the first steps. */
const NEXT_EARLY: Next = {
  next: `Train longer: samples are often alike in the first ${LATE} steps`,
  moreSteps: true,
};

/**
 * Says how good samples are, by their scores.
 *
 * @param isEarly Whether the run has hardly begun, so that samples that are alike say little.
 */
export function judgeSamples(scores: Scores, isEarly = false): Verdict {
  const found = gradeOf(scores);
  return { ...found, ...(isEarly && found.grade === "alike" ? NEXT_EARLY : NEXT[found.grade]) };
}

function gradeOf({ patchGap, rawPatchGap, deviation, nearest, coverage }: Scores): Omit<Verdict, keyof Next> {
  if (below(deviation?.value, DEVIATIONS.alike)) {
    return { grade: "alike", sentence: "the samples are alike: they hardly vary" };
  }
  if (below(nearest?.value, COPIES)) {
    return { grade: "copies", sentence: "the samples are near copies of the data" };
  }
  const gap = patchGap?.value ?? Infinity;
  const gapText = `their patch gap is ${gap.toFixed(0)} (0 is perfect, above ${GAPS.rough} is mostly noise)`;
  if (gap > GAPS.rough) {
    const raw = rawPatchGap?.value ?? Infinity;
    return raw > MOST_RAW ? { grade: "noise", sentence: `the samples are far from the data: ${gapText}` } : {
      grade: "rough",
      sentence:
        `the samples are rough: their patch gap is ${gap.toFixed(0)}, but with each scale counting as ` +
        `much as it is seen only ${raw.toFixed(0)}`,
    };
  }
  if (gap > GAPS.fair) return { grade: "rough", sentence: `the samples are rough: ${gapText}` };
  if (below(deviation?.value, DEVIATIONS.rough)) {
    const percent = Math.round(100 * deviation!.value);
    return {
      grade: "rough",
      sentence: `the samples are rough: they vary ${percent}% as much as the data, and ${gapText}`,
    };
  }
  const covered = `a sample is near ${Math.round(100 * (coverage?.value ?? 0))}% of the data`;
  if (below(coverage?.value, COVERAGES.rough)) {
    return { grade: "rough", sentence: `the samples are rough: ${covered}, and ${gapText}` };
  }
  if (gap > GAPS.good) return { grade: "fair", sentence: `the samples are fair: ${gapText}` };
  if (below(coverage?.value, COVERAGES.fair)) {
    return { grade: "fair", sentence: `the samples are fair: ${covered}, and ${gapText}` };
  }
  return { grade: "good", sentence: `the samples are good: ${gapText}` };
}

function below(value: number | undefined, limit: number): boolean {
  return value !== undefined && value < limit;
}
