import type { Command } from "@commander-js/extra-typings";
import type { Session } from "./session.ts";

/** Adds `datasets` to the program. */
export function addDatasetsCommand(program: Command, session: Session): void {
  program.command("datasets")
    .description("list the built-in datasets and their options")
    .action(() => {
      session.terminal.write("");
    });
}
