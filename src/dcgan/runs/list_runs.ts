import { host } from "../../host/host.ts";
import { namesIn } from "../checkpoints/checkpoint_files.ts";
import { type DamagedRun, readRun, type RunSummary } from "./run_summary.ts";

/** Folders that are read at once. */
const AT_ONCE = 16;

/** What a folder has at least one of that was a run's, if its config is gone. */
const OF_A_RUN = ["config.json", "metrics.jsonl", "checkpoints"];

/**
 * The runs in a folder, those last written first; of a run folder, that run. A run that cannot be read is
 * among them, with what is wrong. Other folders and files are left out.
 *
 * @param folder Holds run folders.
 * @throws {Error} if there is no such folder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listRuns, openDevice, train } from "@x/dcgan";
 *
 * using device = await openDevice();
 * const folder = await Deno.makeTempDir();
 * const options = { size: 16, ngf: 8, ndf: 8, batch: 4, steps: 2, scoreEvery: 0 } as const;
 * await Array.fromAsync(train(device, { ...options, out: `${folder}/first` }));
 * const [run] = await listRuns(folder);
 * assertEquals([run?.run, run?.state], [`${folder}/first`, "finished"]);
 * ```
 */
export async function listRuns(folder = "runs"): Promise<(RunSummary | DamagedRun)[]> {
  const path = folder.replace(/(?<=.)[\\/]+$/, "");
  const isFolder = await host().stat(path).then(({ isDirectory }) => isDirectory, (error) => {
    if (host().problemOf(error) === "NotFound") return false;
    throw error;
  });
  if (!isFolder) throw new Error(`Cannot list the runs in ${path}: it must be a folder, found none`);
  const runs = await isRun(path) ? [path] : await runsIn(path);
  const found: (RunSummary | DamagedRun)[] = [];
  for (let first = 0; first < runs.length; first += AT_ONCE) {
    found.push(...await Promise.all(runs.slice(first, first + AT_ONCE).map(readRun)));
  }
  return found.sort((a, b) =>
    a.written === b.written ? (a.run < b.run ? -1 : 1) : a.written < b.written ? 1 : -1
  );
}

async function runsIn(folder: string): Promise<string[]> {
  const runs: string[] = [];
  for (const name of await namesIn(folder)) {
    const path = `${folder}/${name}`;
    if (await isRun(path)) runs.push(path);
  }
  return runs;
}

/** Whether a path is a folder that holds something of a run. */
async function isRun(path: string): Promise<boolean> {
  const { isDirectory } = await host().stat(path).catch(() => ({ isDirectory: false }));
  if (!isDirectory) return false;
  // What may not be read may be a run, and is named
  const names = await namesIn(path).catch(() => OF_A_RUN);
  return names.some((name) => OF_A_RUN.includes(name));
}
