import type { Command } from "@commander-js/extra-typings";
import { nearest } from "../../../plugins/datasets/messages.ts";
import { chooseDataset, valueOf } from "../arguments/dataset_flags.ts";
import { invocation } from "../arguments/invocation.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";
import { arithmeticCommand } from "./arithmetic.ts";
import { dropFiltersCommand } from "./drop_filters.ts";
import { guidedBackpropCommand } from "./guided_backprop.ts";
import { nearestNeighborCommand } from "./nearest_neighbor.ts";
import { addExperimentCommand } from "./shared_flags.ts";
import { svmCommand } from "./svm.ts";
import { walkCommand } from "./walk.ts";

const EXPERIMENTS = [
  svmCommand,
  nearestNeighborCommand,
  walkCommand,
  guidedBackpropCommand,
  dropFiltersCommand,
  arithmeticCommand,
] as const;

/**
 * Adds `experiment` to the program.
 *
 * @param args The arguments after `experiment`, empty if another command is called.
 */
export async function addExperimentCommands(
  program: Command,
  session: Session,
  args: readonly string[],
): Promise<void> {
  const group = program.command("experiment")
    .description(
      "run an experiment of the DCGAN paper on a trained run, and put its figures beside the paper's",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ ${invocation()} experiment svm runs/cifar10-1 --per-class 400
  $ ${invocation()} experiment drop-filters runs/faces-1
  $ ${invocation()} experiment walk runs/faces-1 --help`,
    );
  const [called, ...others] = args;
  const named = valueOf("--data", others);
  for (const experiment of EXPERIMENTS) {
    const isCalled = experiment.name === called && experiment.data !== "none";
    const dataset = isCalled && named !== undefined
      ? await chooseDataset(named, others, session, "--data: ")
      : undefined;
    await addExperimentCommand(group, session, experiment, dataset);
  }
  checkExperiment(called);
}

/** Refuses a word that is not an experiment. */
function checkExperiment(called: string | undefined): void {
  const names: readonly string[] = EXPERIMENTS.map(({ name }) => name);
  if (called === undefined || called.startsWith("-") || called === "help" || names.includes(called)) return;
  const close = nearest(called, names);
  throw new UsageError(
    `"experiment ${called}" is not an experiment${close ? ` (did you mean "${close}"?)` : ""}: ` +
      `allowed are ${names.join(", ")}`,
  );
}
