import type { Command } from "@commander-js/extra-typings";
import { nearest } from "../../../plugins/datasets/messages.ts";
import { UsageError } from "../errors.ts";
import { invocation } from "../arguments/invocation.ts";
import { chooseDataset, firstOperand } from "../arguments/dataset_flags.ts";
import type { Session } from "../session.ts";
import { fetchCommand } from "./fetch.ts";
import { infoCommand } from "./info.ts";
import { addListCommand } from "./list.ts";
import { addNewCommand } from "./new.ts";
import { packCommand } from "./pack.ts";
import { previewCommand } from "./preview.ts";
import { addDatasetCommand } from "./shared_flags.ts";
import { verifyCommand } from "./verify.ts";

/** The commands that are about one dataset. */
const about = [infoCommand, previewCommand, fetchCommand, verifyCommand, packCommand] as const;

/**
 * Adds `datasets` to the program.
 *
 * @param args The arguments after `datasets`, empty if another command is called.
 */
export async function addDatasetsCommand(
  program: Command,
  session: Session,
  args: readonly string[],
): Promise<void> {
  const group = program.command("datasets")
    .description("list, show, download, check and pack datasets, or start a new one")
    .addHelpText(
      "after",
      `
Examples:
  check a dataset before training: pictures, options, and whether every image can be read
    $ ${invocation()} datasets preview ./photos --out grid.png
    $ ${invocation()} datasets info mnist
    $ ${invocation()} datasets verify ./photos
  download now, train without a network later
    $ ${invocation()} datasets fetch cifar10 --mirror https://mirror.example/cifar
    $ ${invocation()} train --data cifar10 --offline
  decode a dataset once and for all
    $ ${invocation()} datasets pack hf:user/name --size 64 --out set.npy
  a dataset of your own, and its options
    $ ${invocation()} datasets new my_set.ts
    $ ${invocation()} datasets preview ./my_set.ts --help`,
    );
  addListCommand(group, session);
  const [called, ...others] = args;
  for (const command of about) {
    const specifier = command.name === called ? firstOperand(others) : undefined;
    const dataset = specifier === undefined ? undefined : await chooseDataset(specifier, others, session);
    await addDatasetCommand(group, session, command, dataset);
  }
  addNewCommand(group, session);
  checkCommand(called, group);
}

/** Refuses a word that is not a command, which would otherwise count as an excess argument of `list`. */
function checkCommand(called: string | undefined, group: Command): void {
  const names = group.commands.map((command) => command.name());
  if (called === undefined || called.startsWith("-") || called === "help" || names.includes(called)) return;
  const close = nearest(called, names);
  throw new UsageError(
    `"datasets ${called}" is not a command${close ? ` (did you mean "${close}"?)` : ""}: ` +
      `allowed are ${names.join(", ")}`,
  );
}
