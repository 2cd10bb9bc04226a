import type { Command } from "@commander-js/extra-typings";
import { STUDIO_KINDS } from "../dcgan/serve/serve_studio.ts";
import { given } from "./arguments/given.ts";
import { invocation } from "./arguments/invocation.ts";
import { optionOf } from "./arguments/option_of.ts";
import type { Session } from "./session.ts";
import { Interrupt } from "./terminal/interrupt.ts";

/** Adds `studio` to the program. */
export function addStudioCommand(program: Command, session: Session): void {
  program.command("studio")
    .description("serve a page that trains on your pictures in a browser tab, and explores what was trained")
    .addOption(
      optionOf(
        "--host <address>",
        "address to listen at; beyond this machine with 0.0.0.0 (default: 127.0.0.1)",
        STUDIO_KINDS.host,
      ),
    )
    .addOption(optionOf("--port <number>", "port; 0 for a free one (default: 8000)", STUDIO_KINDS.port))
    .addHelpText(
      "after",
      `
Open the address in a browser with WebGPU: Chrome or Edge 113, Firefox 141 or Safari 26, or later ones. The
page computes on your graphics card, by the same code as this command line. No picture leaves the browser.

The browser keeps runs as they train, by the address of the page: another port has others. Save a run to go on
with it here: ${invocation()} train --resume RUN --data ./photos

Ctrl-C and SIGTERM end the server.

Examples:
  $ ${invocation()} studio
  $ ${invocation()} studio --port 9000`,
    )
    .action(async (flags) => {
      const { serveStudio } = await import("../dcgan/serve/serve_studio.ts");
      await using server = await serveStudio(given(flags));
      const { url, warnings } = server;
      using interrupt = new Interrupt(() => {}, session.strayErrors.signal);
      for (const warning of warnings) session.terminal.writeError(`warning: ${warning}\n`);
      session.output.result("server", { url, warnings }, `The studio is at ${url} (Ctrl-C to stop)\n`);
      await new Promise<void>((resolve) => interrupt.signal.addEventListener("abort", () => resolve()));
    });
}
