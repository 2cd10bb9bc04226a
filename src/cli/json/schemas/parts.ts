/** Parts that several documents have. */
import * as v from "valibot";
import { configSchema } from "../../../dcgan/options/config.ts";
import { SCORE_NAMES, type ScoreName } from "../../../dcgan/scores/score.ts";

const whole = v.pipe(v.number(), v.integer());

/** A score and its standard error, which JSON has as null where it is not known. */
const score = v.object({ value: v.number(), error: v.nullable(v.number()) });

/** Scores by name. */
export const scores = v.object(
  Object.fromEntries(SCORE_NAMES.map((name) => [name, v.optional(score)])) as Record<
    ScoreName,
    v.OptionalSchema<typeof score, undefined>
  >,
);

/** The scores of a step. */
export const stepScores = v.object({ step: whole, samples: whole, pictures: whole, scores });

/** How good samples are. */
export const verdict = v.object({
  grade: v.picklist(["noise", "alike", "copies", "rough", "fair", "good"]),
  sentence: v.string(),
  next: v.string(),
  moreSteps: v.boolean(),
});

/** The config of a run, as `config.json` holds it. */
export const runConfig = configSchema;

/** A layer of a network. */
export const layer = v.object({
  name: v.string(),
  kind: v.string(),
  output: v.array(whole),
  parameters: whole,
  flop: v.number(),
});

/** Those that the published schema holds once, by the names that it gives them. */
export const shared = {
  config: runConfig,
  scores,
  "step-scores": stepScores,
  verdict,
  layer,
};
