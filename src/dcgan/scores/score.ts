/** A figure, and how far it may be off. */
export interface Score {
  /** The figure of all pictures. */
  readonly value: number;
  /** Its standard error: one deviation of what other samples and pictures of the same kind would give. */
  readonly error: number;
}

/** Names of the scores, in the order in which they are shown. */
export type ScoreName =
  | "frechet"
  | "kid"
  | "precision"
  | "recall"
  | "density"
  | "coverage"
  | "modes"
  | "reverseKl"
  | "swd"
  | "patchGap"
  | "rawPatchGap"
  | "deviation"
  | "nearest";

/** What a score says. */
export interface ScoreMeaning {
  /** Its name in the field. */
  readonly title: string;
  /** What good pictures have. */
  readonly best: "low" | "high" | "near 1";
  /** What it says, in one line. */
  readonly meaning: string;
}

/** What each score says. */
export const SCORES: Readonly<Record<ScoreName, ScoreMeaning>> = {
  frechet: {
    title: "Fréchet distance",
    best: "low",
    meaning: "how far the features of samples are from those of the data",
  },
  kid: {
    title: "KID",
    best: "low",
    meaning: "the same with a kernel, and no bias from the number of images",
  },
  precision: { title: "precision", best: "high", meaning: "share of samples that look like the data" },
  recall: { title: "recall", best: "high", meaning: "share of the data that samples look like" },
  density: { title: "density", best: "near 1", meaning: "precision in which outliers count little" },
  coverage: {
    title: "coverage",
    best: "high",
    meaning: "share of images of the data with a sample nearby",
  },
  modes: { title: "modes", best: "high", meaning: "classes of the data that occur among the samples" },
  reverseKl: { title: "reverse KL", best: "low", meaning: "how uneven the classes of samples are, in nats" },
  swd: {
    title: "sliced Wasserstein",
    best: "low",
    meaning: "how far patches of samples are from those of the data, over all scales, times 1,000",
  },
  patchGap: {
    title: "patch gap",
    best: "low",
    meaning: "how much farther that is than between patches of the data itself, in the worst scale",
  },
  rawPatchGap: {
    title: "raw patch gap",
    best: "low",
    meaning: "the same, but with each scale counting as much as it is seen",
  },
  deviation: {
    title: "deviation",
    best: "near 1",
    meaning: "how much samples differ from each other, divided by how much the data does",
  },
  nearest: {
    title: "nearest",
    best: "near 1",
    meaning: "distance from samples to the nearest image of the data, divided by that between its images",
  },
};

/** Names of all scores. */
export const SCORE_NAMES: readonly ScoreName[] = Object.keys(SCORES) as ScoreName[];

/** Scores of a generator. Those that need features or classes are missing if there are none. */
export type Scores = Readonly<Partial<Record<ScoreName, Score>>>;

/** Whether a score is better than another. */
export function isBetter(name: ScoreName, value: number, than: number): boolean {
  const { best } = SCORES[name];
  if (best === "low") return value < than;
  if (best === "high") return value > than;
  return Math.abs(value - 1) < Math.abs(than - 1);
}
