import { type Command, Option } from "@commander-js/extra-typings";
import { invocation } from "./arguments/invocation.ts";
import { integer } from "../dcgan/options/option.ts";
import { checkSamplesOut } from "./arguments/check_paths.ts";
import { overwriteFlag } from "./arguments/flags.ts";
import { optionOf } from "./arguments/option_of.ts";
import { Interrupt } from "./terminal/interrupt.ts";
import type { Session } from "./session.ts";
import type { ReportServer } from "../dcgan/report/watch/page_server.ts";

/** The flag of the port of a page. */
export function portFlag(summary: string): Option<"--port <number>", undefined, undefined, number> {
  return optionOf("--port <number>", summary, integer(0, 65535));
}

/** Adds `report` and `watch` to the program. */
export function addReportCommands(program: Command, session: Session): void {
  program.command("report")
    .description("write report.html of a run again: its curves, samples, scores and options in one page")
    .argument("<run>", "run folder")
    .addOption(new Option("--out <file>", "file to write (default: report.html in the run folder)"))
    .option(...overwriteFlag)
    .addHelpText(
      "after",
      `
A run keeps its report.html up to date by itself. This makes one of a run of an earlier version, of a run with
--no-report, or elsewhere. The file needs no server and no network: open it in a browser, or send it to somebody.

Examples:
  $ ${invocation()} report runs/faces-1
  $ ${invocation()} report runs/faces-1 --out faces.html`,
    )
    .action(async (run, { out, overwrite = false }) => {
      if (out !== undefined) await checkSamplesOut(out, "file", overwrite);
      const { writeReport } = await import("../dcgan/report/write_report.ts");
      const path = await writeReport(run, out === undefined ? {} : { out });
      session.output.files({ paths: [path], warnings: [] }, `report of ${run}: ${path}\n`);
    });
  program.command("watch")
    .description("show a run in a browser as it trains, also one that another process trains")
    .argument("<run>", "run folder")
    .addOption(portFlag("port of the page on this machine (default: a free one)"))
    .addHelpText(
      "after",
      `
The page is for this machine only: it is served on 127.0.0.1. Ctrl-C ends it; the run goes on.
train --watch shows a run that begins.

Examples:
  $ ${invocation()} watch runs/faces-1
  $ ${invocation()} watch runs/faces-1 --port 8080`,
    )
    .action(async (run, { port }) => {
      const { RunFolder } = await import("../dcgan/run/folder/run_folder.ts");
      await RunFolder.at(run).readConfig();
      await using server = await servePage(port);
      server.show(run);
      session.output.result("page", { run, url: server.url }, watchText(server.url));
      using interrupt = new Interrupt(() => {}, session.strayErrors.signal);
      await new Promise<void>((resolve) => interrupt.signal.addEventListener("abort", () => resolve()));
    });
}

/** Serves a page, and says where. */
export async function openPage(port: number | undefined, { terminal }: Session): Promise<ReportServer> {
  const server = await servePage(port);
  terminal.write(watchText(server.url));
  return server;
}

async function servePage(port: number | undefined): Promise<ReportServer> {
  const { serveReport } = await import("../dcgan/report/watch/serve_report.ts");
  return await serveReport(port === undefined ? {} : { port });
}

function watchText(url: string): string {
  return `Watch it: ${url} (Ctrl-C to stop)\n`;
}
