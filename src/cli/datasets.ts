import type { Command } from "@commander-js/extra-typings";
import type { DatasetPlugin } from "../../plugins/datasets/mod.ts";
import { invocation } from "./invocation.ts";
import type { Session } from "./session.ts";
import { table } from "./text.ts";

/** Adds `datasets` to the program. */
export function addDatasetsCommand(program: Command, session: Session): void {
  program.command("datasets")
    .description("list the built-in datasets and their options")
    .action(async () => {
      const { builtInDatasets, describeOption } = await import("../../plugins/datasets/mod.ts");
      const parts = Object.entries(builtInDatasets).map(([name, plugin]) => {
        const rows = Object.entries(plugin.options ?? {}).map(([option, spec]) => [
          option,
          `${spec.description} (${describeOption(spec)}; default: ${JSON.stringify(spec.default)})`,
        ]);
        return datasetText(name, plugin, rows);
      });
      session.terminal.write(`${parts.join("\n")}\n${HOW_TO}`);
    });
}

function datasetText(name: string, { description }: DatasetPlugin, options: readonly string[][]): string {
  return `${name}${description ? `: ${description}` : ""}\n${table(options)}`;
}

const HOW_TO =
  `Options are given as --data-<option> value. A folder or a zip of pictures, and the path or specifier
of a dataset plugin, can be given to --data as well:
  $ ${invocation()} train --data ./photos
`;
