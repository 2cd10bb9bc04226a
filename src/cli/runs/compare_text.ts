import type { RunAtStep, RunComparison } from "../../dcgan/runs/compare_runs.ts";
import type { GRADIENT_NORMS, STEP_NUMBERS } from "../../dcgan/numbers/step_numbers.ts";
import { SCORE_NAMES, SCORES } from "../../dcgan/scores/score.ts";
import { flagOf } from "../arguments/flags.ts";
import type { OptionName } from "../../dcgan/options/options.ts";
import { fitTable } from "./fit_table.ts";
import { numberText, optionText } from "./value_text.ts";

/** What each mean is called in the field. */
const NUMBERS: Readonly<
  Record<typeof STEP_NUMBERS[number] | typeof GRADIENT_NORMS[number] | "penalties", string>
> = {
  discriminatorLossReal: "loss D, real",
  discriminatorLossFake: "loss D, fake",
  generatorLoss: "loss G",
  dReal: "D(x)",
  dFake: "D(G(z))",
  dFakeAfter: "D(G(z)) after",
  discriminatorGradientNorm: "gradient norm D",
  generatorGradientNorm: "gradient norm G",
  penalties: "penalties",
};

/** Runs side by side, a column each. */
export function compareText({ runs, options, atEqualSteps, atEnd }: RunComparison, columns: number): string {
  if (runs.length === 0) return "";
  const differing = options.map(({ option, values }) => [
    option === "images" ? option : flagOf(option as OptionName),
    ...values.map((value) => optionText(option, value)),
  ]);
  const rows = [
    ["", ...runs.map(({ run }) => run)],
    ["state", ...runs.map(({ state }) => state)],
    ["steps", ...runs.map(({ step, config }) => `${step}/${config.steps}`)],
    ["recipe", ...runs.map(({ recipe }) => recipe)],
    ...differing.length > 0 ? differing : [["options", ...runs.map(() => "the same")]],
    ...atEqualSteps.flatMap(({ step, runs }) => [
      ["", ...runs.map(() => "")],
      [`step ${step}`, ...runs.map(() => "")],
      ...numbersOf(runs),
    ]),
    ["", ...runs.map(() => "")],
    ["at the end", ...atEnd.map(({ step, scoredStep }) => endText(step, scoredStep))],
    ...numbersOf(atEnd),
    ["samples", ...runs.map(({ verdict, best }) => verdict ? `${verdict.grade} at step ${best!.step}` : "-")],
  ];
  return fitTable(rows, columns, rows[0]!.map((_, i) => i));
}

function endText(step: number | undefined, scoredStep: number | undefined): string {
  if (step === undefined) return "no steps";
  return scoredStep === undefined || scoredStep === step
    ? `step ${step}`
    : `step ${step}, scored ${scoredStep}`;
}

/** A row for each number or score that some of the runs have. */
function numbersOf(runs: readonly RunAtStep[]): string[][] {
  const rows = [
    ...Object.entries(NUMBERS).map(([name, title]) =>
      [title, runs.map(({ means }) => means?.[name])] as const
    ),
    ...SCORE_NAMES.map((name) =>
      [SCORES[name].title, runs.map(({ scores }) => scores?.[name]?.value)] as const
    ),
  ];
  return rows.filter(([, values]) => values.some((value) => value !== undefined))
    .map(([title, values]) => [`  ${title}`, ...values.map(numberText)]);
}
