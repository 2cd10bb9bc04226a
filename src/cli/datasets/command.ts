import type { Command } from "@commander-js/extra-typings";
import { chooseDataset, firstOperand } from "../dataset_flags.ts";
import type { Session } from "../session.ts";
import { addFetchCommand } from "./fetch.ts";
import { addInfoCommand } from "./info.ts";
import { addListCommand } from "./list.ts";
import { addNewCommand } from "./new.ts";
import { addPackCommand } from "./pack.ts";
import { addPreviewCommand } from "./preview.ts";
import { addVerifyCommand } from "./verify.ts";

/** The commands that are about one dataset, whose options become flags. */
const about = {
  info: addInfoCommand,
  preview: addPreviewCommand,
  fetch: addFetchCommand,
  verify: addVerifyCommand,
  pack: addPackCommand,
} as const;

/**
 * Adds `datasets` to the program.
 *
 * @param args The arguments after `datasets`, empty where another command is called.
 */
export async function addDatasetsCommand(
  program: Command,
  session: Session,
  args: readonly string[],
): Promise<void> {
  const group = program.command("datasets")
    .description("list, show, download, check and pack datasets, or start a new one");
  addListCommand(group, session);
  const [called, ...others] = args;
  for (const [name, add] of Object.entries(about)) {
    const specifier = name === called ? firstOperand(others) : undefined;
    await add(group, session, specifier === undefined ? undefined : await chooseDataset(specifier));
  }
  addNewCommand(group, session);
}
