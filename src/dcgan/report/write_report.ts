import { expectKnownOptions } from "../../gpu/mod.ts";
import { writeFileAtomic } from "../../files/atomic_write.ts";
import { pageOf } from "./page.ts";
import { reportOf } from "./report.ts";
import { RunReader } from "./run_reader.ts";

/** Name of the file in a run folder. */
export const REPORT_FILE = "report.html";

/** Options of {@linkcode writeReport}. */
export interface WriteReportOptions {
  /**
   * The file to write; one that is there is replaced.
   *
   * @default {"report.html in the run folder"}
   */
  out?: string;
}

/**
 * Writes how training went as one HTML file, from what is in a run folder: curves, samples, scores, verdict,
 * advice and options. The file opens in a browser without a server and loads nothing else. It holds at most
 * 24 grids of samples, chosen evenly, and 6 MiB of pictures. Runs write it as they train; this makes it
 * again, of older runs too.
 *
 * @param run Path of a run folder.
 * @returns The path of the file.
 * @throws {Error} if it is not a run folder, its config cannot be used, or the file cannot be written.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { openDevice, train, writeReport } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const out = await Deno.makeTempDir();
 * const tiny = { size: 16, ngf: 8, ndf: 8, batch: 8, steps: 2, report: false, out } as const;
 * for await (const _ of train(device, tiny)) {
 *   // Trains
 * }
 * const path = await writeReport(out);
 * assert((await Deno.readTextFile(path)).startsWith("<!doctype html>"));
 * ```
 */
export async function writeReport(run: string, options: WriteReportOptions = {}): Promise<string> {
  expectKnownOptions<WriteReportOptions>("writeReport()", options, { out: true });
  const path = run.replace(/(?<=.)[\\/]+$/, "");
  return await writePage(new RunReader(path), options.out ?? `${path}/${REPORT_FILE}`);
}

/** Writes the page of a run as it is now. Returns its path. */
export async function writePage(reader: RunReader, path: string): Promise<string> {
  const page = await pageOf(await reportOf(await reader.read(), true));
  await writeFileAtomic(path, new TextEncoder().encode(page));
  return path;
}
