import type { Command } from "@commander-js/extra-typings";
import { printable } from "../terminal/printable.ts";
import type { DamagedRun } from "../../dcgan/runs/run_summary.ts";
import { SCORE_NAMES } from "../../dcgan/scores/score.ts";
import { invocation } from "../arguments/invocation.ts";
import type { Session } from "../session.ts";

/** Reads a flag that may be given several times. */
function several(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...before ?? [], value];
}

/** Adds `runs` to the program. */
export function addRunsCommand(program: Command, session: Session): void {
  const { output, terminal } = session;
  const group = program.command("runs")
    .description("list, compare and query the runs in a folder")
    .addHelpText(
      "after",
      `
Examples:
  the runs in the folder runs, those last written first
    $ ${invocation()} runs list
  how two runs differ, and what came of it
    $ ${invocation()} runs compare runs/photos-1 runs/photos-2
  the best of those at 64x64
    $ ${invocation()} runs query --where size=64 --where "patchGap<20" --sort patchGap`,
    );
  const warn = ({ run, problem }: DamagedRun): void =>
    terminal.writeError(`warning: ${printable(`${run} was left out: ${problem}`)}\n`);

  group.command("list", { isDefault: true })
    .description("show each run with its data, recipe, steps, best score and state, the latest first")
    .argument("[folder]", "folder that holds runs", "runs")
    .action(async (folder) => {
      const [{ listRuns }, { listText }] = await Promise.all([
        import("../../dcgan/runs/list_runs.ts"),
        import("./list_text.ts"),
      ]);
      const runs = await listRuns(folder);
      output.result("runs", { runs }, listText(folder, runs, terminal.columns()));
    });

  group.command("compare")
    .description("show how runs differ: options, and scores and numbers at equal steps and at the end")
    .argument("<runs...>", "run folders, at least two")
    .action(async (folders) => {
      const [{ compareRuns }, { compareText }] = await Promise.all([
        import("../../dcgan/runs/compare_runs.ts"),
        import("./compare_text.ts"),
      ]);
      const found = await compareRuns(folders);
      output.result("run-comparison", found, compareText(found, terminal.columns()));
      for (const damaged of found.damaged) warn(damaged);
      if (found.damaged.length > 0) session.exitCode = 1;
    });

  group.command("query")
    .description("find runs by their options, scores and numbers")
    .argument("[folder]", "folder that holds runs", "runs")
    .option("--where <condition>", 'such as size=64 or "patchGap<20"; several must all hold', several)
    .option("--sort <field>", "least first; with - before the field, greatest first (default: latest first)")
    .option("--fields <names>", "fields to show, with commas between them (default: those of the query)")
    .addHelpText(
      "after",
      `
A condition is a field, one of = != < <= > >=, and a value. Fields are
  options of a run, as in scripts or as flags: size, loss, learningRate or learning-rate, ngf, ...
  scores of its best scored step: ${SCORE_NAMES.slice(0, 6).join(", ")},
    ${SCORE_NAMES.slice(6).join(", ")}
  means over its last 100 steps: generatorLoss, discriminatorLossReal, discriminatorLossFake, dReal, dFake,
    dFakeAfter, discriminatorGradientNorm, generatorGradientNorm, penalties; and epoch
  facts: run, state, recipe, step, written, verdict, bestStep, images
A run without a value for a field does not meet a condition on it, and is sorted last.

Examples:
  $ ${invocation()} runs query --where loss=rpgan --where "step>=1000" --sort swd
  $ ${invocation()} runs query --where verdict!=noise --sort -step --fields run,size,step,patchGap,dReal
  $ ${invocation()} runs query --where state=finished --sort swd --json`,
    )
    .action(async (folder, { where, sort, fields }) => {
      const [{ queryRuns }, { queryText }] = await Promise.all([
        import("../../dcgan/runs/query_runs.ts"),
        import("./query_text.ts"),
      ]);
      const found = await queryRuns(folder, {
        ...(where === undefined ? {} : { where }),
        ...(sort === undefined ? {} : { sort }),
        ...(fields === undefined ? {} : { fields: fields.split(",").map((name) => name.trim()) }),
      });
      output.result("run-query", found, queryText(found, terminal.columns()));
      for (const damaged of found.damaged) warn(damaged);
    });
}
