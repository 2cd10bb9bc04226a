import type { Command } from "@commander-js/extra-typings";
import { invocation } from "../arguments/invocation.ts";
import type { Session } from "../session.ts";
import { table } from "../terminal/text.ts";

/** Adds `datasets list`, which `datasets` alone is too. */
export function addListCommand(group: Command, { output }: Session): void {
  group.command("list", { isDefault: true })
    .description("list the built-in datasets")
    .action(async () => {
      const { builtInDatasets } = await import("../../../plugins/datasets/mod.ts");
      const rows = Object.entries(builtInDatasets).map(([name, { description = "" }]) => [name, description]);
      const datasets = rows.map(([name, description]) => ({ name: name!, description }));
      output.result(
        "datasets",
        { datasets },
        `${table(rows, "")}
A folder, zip or tar of pictures, a .npy or .parquet file, hf:user/name, and the path or specifier of a dataset
plugin can be given in the place of a name.
  $ ${invocation()} datasets info mnist
  $ ${invocation()} train --data ./photos
`,
      );
    });
}
