import { optionNames, optionTable } from "../options/option_table.ts";
import type { OptionName } from "../options/options.ts";
import { GRADIENT_NORMS, STEP_NUMBERS } from "../numbers/step_numbers.ts";
import { SCORE_NAMES, type ScoreName } from "../scores/score.ts";
import type { StepMeans } from "./step_means.ts";
import type { RunSummary } from "./run_summary.ts";

/** What is known of a run besides its options, scores and numbers. */
const FACTS: Readonly<Record<string, (run: RunSummary) => unknown>> = {
  run: ({ run }) => run,
  state: ({ state }) => state,
  recipe: ({ recipe }) => recipe,
  step: ({ step }) => step,
  written: ({ written }) => written,
  verdict: ({ verdict }) => verdict?.grade,
  bestStep: ({ best }) => best?.step,
  images: ({ config }) => config.images,
};

const options = optionNames.filter((name) => !optionTable[name].passing && name !== "dataOptions");

/** Numbers of steps that no option has the name of. */
const numbers: readonly string[] = [...STEP_NUMBERS, ...GRADIENT_NORMS, "penalties", "epoch"];

/** Names of all that a query can ask for. */
export const FIELD_NAMES: readonly string[] = [
  ...new Set([...Object.keys(FACTS), ...options, ...SCORE_NAMES, ...numbers]),
];

/** Whether a field is a number of steps, which are in a file of their own. */
export function isOfSteps(field: string): boolean {
  return numbers.includes(field);
}

/** The field that a name means: `learning-rate` is `learningRate`. Undefined if there is none. */
export function fieldOf(name: string): string | undefined {
  const field = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return FIELD_NAMES.includes(field) ? field : undefined;
}

/** The option that a field is, if it is one. */
export function optionOfField(field: string): OptionName | undefined {
  return Object.hasOwn(FACTS, field) ? undefined : options.find((name) => name === field);
}

/**
 * The value of a field in a run; undefined if it has none. Scores are those of its best scored step.
 *
 * @param means The numbers of its last steps.
 */
export function valueOf(run: RunSummary, field: string, means: StepMeans | undefined): unknown {
  if (Object.hasOwn(FACTS, field)) return FACTS[field]!(run);
  if (optionOfField(field)) return run.config[field as keyof typeof run.config];
  return isOfSteps(field) ? means?.[field] : run.best?.scores[field as ScoreName]?.value;
}
