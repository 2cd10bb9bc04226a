import { host } from "../../../host/host.ts";
import { dirname } from "../../../host/paths.ts";

/** Runs that a message lists. */
const MOST_LISTED = 10;

/** What to say of a path without a `config.json`: what is there, or in a folder, to name one of these. */
export async function describeNoRun(path: string): Promise<string> {
  const there = await host().stat(path).catch(() => undefined);
  if (!there) return `is not a run folder: nothing can be read there${await runsBeside(path)}`;
  if (!there.isDirectory) {
    return "is not a run folder: it is a file. Name the folder that a run was written to";
  }
  const { runs, weights } = await contentsOf(path);
  if (runs.length > 0) {
    return `is not a run folder but holds runs. Name one of them: ${listed(path, runs)}`;
  }
  if (weights.length > 0) {
    return `is not a run folder: it has no config.json. Name one of the files in it: ${
      listed(path, weights)
    }`;
  }
  return await isThere(`${path}/config.json`)
    ? "is not a run folder: its config.json cannot be read"
    : "is not a run folder: it has no config.json. Name the folder that a run was written to";
}

/** The runs in the folder around a path, as advice at the end of a sentence; nothing if there are none. */
export async function runsBeside(path: string): Promise<string> {
  const folder = dirname(path);
  // Advice is no reason to ask for a permission
  if (!host().may("read", folder)) return "";
  const { runs } = await contentsOf(folder);
  return runs.length === 0 ? "" : `. Runs in ${folder}: ${listed(folder, runs)}`;
}

/** Names of the runs, and of the files of weights, in a folder. */
async function contentsOf(path: string): Promise<{ runs: string[]; weights: string[] }> {
  const runs: string[] = [];
  const weights: string[] = [];
  try {
    for await (const { name, isFile } of host().readDir(path)) {
      if (/\.(safetensors|pth?)$/i.test(name) && isFile) weights.push(name);
      else if (!isFile && await isThere(`${path}/${name}/config.json`)) runs.push(name);
    }
  } catch {
    // A folder that cannot be read helps nobody
  }
  const { compare } = new Intl.Collator("en", { numeric: true });
  return { runs: runs.sort(compare), weights: weights.sort(compare) };
}

async function isThere(path: string): Promise<boolean> {
  return await host().stat(path).then(({ isFile }) => isFile, () => false);
}

function listed(path: string, names: readonly string[]): string {
  const folder = path.replace(/(?<=.)[\\/]+$/, "");
  const more = names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : "";
  return names.slice(0, MOST_LISTED).map((name) => `${folder}/${name}`).join(", ") + more;
}
