import type { Command } from "@commander-js/extra-typings";
import { invocation } from "../arguments/invocation.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";
import { printable } from "../terminal/printable.ts";

/** Adds `mark` to the program. */
export function addMarkCommand(program: Command, session: Session): void {
  program.command("mark")
    .description("show how a picture or a film was made, from what this program wrote into it")
    .argument("<file>", "PNG, APNG, WebP, GIF or MP4")
    .addHelpText(
      "after",
      `
Examples:
  $ ${invocation()} mark grid.png
  $ ${invocation()} sample runs/faces-1 --repeat grid.png --scale 4 --out larger.png`,
    )
    .action(async (file) => {
      const { readMark } = await import("../../dcgan/explore/marks/read_mark.ts");
      const mark = await readMark(file).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound || error instanceof SyntaxError)) throw error;
        throw new UsageError(
          error instanceof SyntaxError
            ? `<file>: ${error.message}`
            : `<file> must be an existing file, found "${file}"`,
        );
      });
      if (!mark) {
        throw new Error(`${file} has no mark of this program: it was made by something else, or unmarked`);
      }
      const { description, software, made } = mark;
      const lines = [description, `software: ${software}`, `made: ${JSON.stringify(made)}`].map(printable);
      session.output.result("mark", { file, ...mark }, `${lines.join("\n")}\n`);
    });
}
