/** Runs that a message lists. */
const MOST_LISTED = 10;

/** What to say of a folder that has no `config.json`: what is in it, to name one of these. */
export async function describeNoRun(path: string): Promise<string> {
  const { runs, weights } = await contentsOf(path);
  if (runs.length > 0) {
    return `is not a run folder but holds runs. Name one of them: ${listed(path, runs)}`;
  }
  if (weights.length > 0) {
    return `is not a run folder: it has no config.json. Name one of the files in it: ${
      listed(path, weights)
    }`;
  }
  return "is not a run folder: its config.json cannot be read";
}

/** Names of the runs, and of the files of weights, in a folder. */
async function contentsOf(path: string): Promise<{ runs: string[]; weights: string[] }> {
  const runs: string[] = [];
  const weights: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(path)) {
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
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

function listed(path: string, names: readonly string[]): string {
  const folder = path.replace(/(?<=.)[\\/]+$/, "");
  const more = names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : "";
  return names.slice(0, MOST_LISTED).map((name) => `${folder}/${name}`).join(", ") + more;
}
