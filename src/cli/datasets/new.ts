import type { Command } from "@commander-js/extra-typings";
import { fileURLToPath } from "node:url";
import config from "../../../deno.json" with { type: "json" };
import { UsageError } from "../errors.ts";
import { denoCommand } from "../arguments/deno_command.ts";
import { invocation } from "../arguments/invocation.ts";
import type { Session } from "../session.ts";
import { shellWord } from "../arguments/shell_word.ts";

/** Adds `datasets new`. */
export function addNewCommand(group: Command, { output }: Session): void {
  group.command("new")
    .description("write a dataset plugin to start from, and its test")
    .argument("<path>", "file to write, such as my_set.ts")
    .action(async (path) => {
      const { DatasetError, newDataset, ownImports } = await import("../../../plugins/datasets/mod.ts");
      const paths = await newDataset(path, ownImports(config.version)).catch((error) => {
        throw error instanceof DatasetError ? new UsageError(error.message) : error;
      });
      // A clone finds its own dependencies by its deno.json; from the registry they come by themselves
      const root = new URL("../../../deno.json", import.meta.url);
      const flag = root.protocol === "file:" ? ` --no-lock --config ${shellWord(fileURLToPath(root))}` : "";
      const file = shellWord(/^[./]/.test(path) ? path : `./${path}`);
      output.files(
        { paths, warnings: [] },
        `Wrote ${paths.join(" and ")}: a dataset that works as it is, and its test.

Run its test:
  $ ${denoCommand()} test -A${flag} ${shellWord(paths[1]!)}
Look at its pictures:
  $ ${invocation()} datasets preview ${file} --out grid.png
Train on it:
  $ ${invocation()} train --data ${file}
`,
      );
    });
}
