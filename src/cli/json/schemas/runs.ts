/** What `runs` gives. */
import * as v from "valibot";
import { runConfig, scores, stepScores, verdict } from "./parts.ts";

const text = v.string();
const whole = v.pipe(v.number(), v.integer());
const time = v.pipe(text, v.isoTimestamp());

const run = v.object({
  run: text,
  state: v.picklist(["running", "finished", "stopped"]),
  config: runConfig,
  recipe: text,
  step: whole,
  written: time,
  best: v.optional(stepScores),
  verdict: v.optional(verdict),
});

const damaged = v.object({ run: text, state: v.literal("damaged"), problem: text, written: time });

const atStep = v.object({
  step: v.optional(whole),
  means: v.optional(v.record(text, v.number())),
  scores: v.optional(scores),
  scoredStep: v.optional(whole),
});

/** `runs list`. */
export const runs = v.object({ runs: v.array(v.union([run, damaged])) });

/** `runs compare`. */
export const runComparison = v.object({
  runs: v.array(run),
  options: v.array(v.object({ option: text, values: v.array(v.unknown()) })),
  atEqualSteps: v.array(v.object({ step: whole, runs: v.array(atStep) })),
  atEnd: v.array(atStep),
  damaged: v.array(damaged),
});

/** `runs query`. */
export const runQuery = v.object({
  fields: v.array(text),
  runs: v.array(v.object({ run: text, values: v.record(text, v.unknown()) })),
  damaged: v.array(damaged),
});
