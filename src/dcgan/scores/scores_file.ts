import { host } from "../../host/host.ts";
import * as v from "valibot";
import { writeFileAtomic } from "../../files/atomic_write.ts";
import { isBetter, SCORE_NAMES, type ScoreName, type Scores } from "./score.ts";

/** Name of the file in a run folder: a line of JSON for each scored step. */
export const SCORES_FILE = "scores.jsonl";

/** The scores of one step of a run. */
export interface StepScores {
  /** After which step. */
  readonly step: number;
  /** How many samples were scored. */
  readonly samples: number;
  /** With how many pictures of the data they were compared. */
  readonly pictures: number;
  /** What they are. */
  readonly scores: Scores;
}

const score = v.object({ value: v.number(), error: v.nullable(v.number()) });
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const line = v.object({
  step: count,
  samples: count,
  pictures: count,
  scores: v.object(Object.fromEntries(SCORE_NAMES.map((name) => [name, v.optional(score)]))),
});

/** The scores in a file, by step; none if there is no file. Lines that are damaged are left out. */
export async function readScores(path: string): Promise<StepScores[]> {
  let text: string;
  try {
    text = await host().readTextFile(path);
  } catch (error) {
    if (host().problemOf(error) === "NotFound") return [];
    throw error;
  }
  return text.split("\n").flatMap((one) => {
    try {
      const { scores, ...rest } = v.parse(line, JSON.parse(one));
      const known = Object.entries(scores).flatMap(([name, found]) =>
        // JSON has no NaN
        found ? [[name, { value: found.value, error: found.error ?? NaN }]] : []
      );
      return [{ ...rest, scores: Object.fromEntries(known) as Scores }];
    } catch {
      return [];
    }
  });
}

/** Writes scores over what the file held. */
export async function writeScores(path: string, scores: readonly StepScores[]): Promise<void> {
  const text = scores.map((one) => `${JSON.stringify(one)}\n`).join("");
  await writeFileAtomic(path, new TextEncoder().encode(text));
}

/** Leaves the scores up to a step in a file, and no others. */
export async function keepScores(path: string, last: number): Promise<void> {
  const scored = await readScores(path);
  const kept = scored.filter(({ step }) => step <= last);
  if (kept.length < scored.length) await writeScores(path, kept);
}

/** The step with the best score; the first of several. Undefined if none has that score. */
export function bestOf(scored: readonly StepScores[], by: ScoreName): StepScores | undefined {
  let best: StepScores | undefined;
  for (const one of scored) {
    const value = one.scores[by]?.value;
    if (value === undefined) continue;
    if (best === undefined || isBetter(by, value, best.scores[by]!.value)) best = one;
  }
  return best;
}
