import { type Score, SCORE_NAMES, type ScoreName, SCORES, type Scores } from "../../dcgan/scores/score.ts";
import { figure } from "./text.ts";

/** A score with its error: `12.3 ± 0.4`. */
export function scoreText({ value, error }: Score): string {
  return Number.isFinite(error) ? `${figure(value)} ± ${figure(error)}` : figure(value);
}

/** The scores of a step in a line, the one that decides first. */
export function scoresLine(scores: Scores, by: ScoreName): string {
  const names = [by, ...SCORE_NAMES.filter((name) => name !== by)];
  return names.flatMap((name) => {
    const found = scores[name];
    return found ? [`${SCORES[name].title} ${name === by ? scoreText(found) : figure(found.value)}`] : [];
  }).join(", ");
}
