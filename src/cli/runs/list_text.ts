import type { DamagedRun, RunSummary } from "../../dcgan/runs/run_summary.ts";
import { sizeText } from "../../dcgan/options/table/image_size.ts";
import { invocation } from "../arguments/invocation.ts";
import { printable } from "../terminal/printable.ts";
import { counted, figure } from "../terminal/text.ts";
import { ageText } from "./age_text.ts";
import { fitTable } from "./fit_table.ts";

/** Names of scores in the width of a column. */
const SHORT_SCORES = { swd: "swd", frechet: "FD" } as const;

/**
 * The runs of a folder as a table that fits a number of columns, and what is wrong with those that are
 * damaged.
 */
export function listText(
  folder: string,
  runs: readonly (RunSummary | DamagedRun)[],
  columns: number,
  now: Date = new Date(),
): string {
  if (runs.length === 0) {
    return `There are no runs in ${printable(folder)}. Start one: ${invocation()} train --data ./photos\n`;
  }
  const by = [...new Set(runs.flatMap((run) => run.state === "damaged" ? [] : [run.config.scoreBy]))];
  // What all have in common is said once
  const score = by.length === 1 ? SHORT_SCORES[by[0]!] : "best";
  const titles = ["run", "state", "data", "size", "recipe", "steps", "age", score, "verdict"];
  const rows = runs.map((run) => rowOf(run, now, by.length > 1));
  const damaged = runs.filter((run) => run.state === "damaged")
    .map(({ run, problem }) => `${printable(`${run}: ${problem}`)}\n`);
  return [
    fitTable([titles, ...rows], columns, [0, 2, 4]),
    ...damaged.length === 0 ? [] : [`\n${counted(damaged.length, "damaged run")}:\n`, ...damaged],
  ].join("");
}

function rowOf(run: RunSummary | DamagedRun, now: Date, namesScore: boolean): string[] {
  const age = ageText(new Date(run.written), now);
  if (run.state === "damaged") return [run.run, run.state, "", "", "", "", age, "", ""];
  const { config: { data, size, steps, scoreBy }, best, verdict } = run;
  const score = best?.scores[scoreBy];
  return [
    run.run,
    run.state,
    data.split(/[\\/]/).filter((part) => part !== "").at(-1) ?? data,
    sizeText(size),
    run.recipe,
    `${run.step}/${steps}`,
    age,
    score ? `${namesScore ? `${SHORT_SCORES[scoreBy]} ` : ""}${figure(score.value)}` : "",
    verdict?.grade ?? "",
  ];
}
