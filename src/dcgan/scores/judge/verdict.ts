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
}

/** What to do next, by grade. */
const NEXT: Readonly<Record<Grade, string>> = {
  noise: "If advice above names a problem, start again without it; else train longer",
  alike: "Start again with a lower --learning-rate, another --seed or a larger --batch",
  copies: "Add images, or use --flip: longer training only makes better copies",
  rough: "Train longer, as most samples get better for thousands of steps",
  fair: "Train longer, or with larger networks (--ngf, --ndf)",
  good: "Draw samples; larger networks (--ngf, --ndf) may still improve them",
};

/** Patch gap up to which samples are good, fair and rough. */
const GAPS = { good: 20, fair: 30, rough: 70 };

/** Deviation of samples, over that of the data, below which they are alike, and below which they are rough at best. */
const DEVIATIONS = { alike: 0.35, rough: 0.75 };

/** Distance to the nearest image, over that between images of the data, below which samples are copies. */
const COPIES = 0.5;

/** Share of the data with a sample nearby, below which samples are rough and fair at best. */
const COVERAGES = { rough: 0.3, fair: 0.6 };

/** Says how good samples are, by their scores. */
export function judgeSamples(scores: Scores): Verdict {
  const found = gradeOf(scores);
  return { ...found, next: NEXT[found.grade] };
}

function gradeOf({ patchGap, deviation, nearest, coverage }: Scores): Omit<Verdict, "next"> {
  if (below(deviation?.value, DEVIATIONS.alike)) {
    return { grade: "alike", sentence: "the samples are alike: they hardly vary" };
  }
  if (below(nearest?.value, COPIES)) {
    return { grade: "copies", sentence: "the samples are near copies of the data" };
  }
  const gap = patchGap?.value ?? Infinity;
  const gapText = `their patch gap is ${gap.toFixed(0)} (0 is perfect, above ${GAPS.rough} is noise)`;
  if (gap > GAPS.rough) {
    return { grade: "noise", sentence: `the samples do not look like the data: ${gapText}` };
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
