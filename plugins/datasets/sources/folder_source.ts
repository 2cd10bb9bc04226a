import { join } from "node:path";
import { DatasetError } from "../contract.ts";
import { messageOf, quote } from "../wording.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { isPicture, noPictures, type PictureSource } from "./picture_source.ts";

/**
 * Lists the pictures in a folder and the folders in it. Links are followed, but into no folder twice: a folder goes by the
 * path without links, if there is one, else by the path with the fewest, and of these by the first in the order of code
 * units. So the names are the same wherever the folder is copied to, whatever order its disk lists them in.
 *
 * @throws {DatasetError} Where there are none, or a folder cannot be read.
 */
export async function openFolder(root: string, signal: AbortSignal): Promise<PictureSource> {
  const found: Found = { names: [], others: [], linked: [], visited: new Set() };
  for (let starts = [""]; starts.length > 0; starts = found.linked.splice(0).sort()) {
    for (const start of starts) await walk(root, start, found, signal);
  }
  const { names, others } = found;
  if (names.length === 0) throw noPictures(root, others);
  return {
    names: names.sort(),
    read: (name) => Deno.readFile(join(root, name)),
    placeOf: (name) => join(root, name),
    fingerprint: (names, signal) => fingerprintFiles(names.values().map((name) => join(root, name)), signal),
    close: () => Promise.resolve(),
  };
}

/** What was found so far. */
interface Found {
  /** Paths of the pictures from the root. */
  readonly names: string[];
  /** Paths of all other files. */
  readonly others: string[];
  /** Paths of the folders that are linked, with `/` at their end. */
  readonly linked: string[];
  /** Real paths of the folders that were listed. */
  readonly visited: Set<string>;
}

/**
 * Lists a folder and those in it, but for the ones that are linked.
 *
 * @param start Path of the folder from the root, empty or with `/` at its end.
 */
async function walk(
  root: string,
  start: string,
  { names, others, linked, visited }: Found,
  signal: AbortSignal,
): Promise<void> {
  const folders = [start];
  for (let prefix = folders.pop(); prefix !== undefined; prefix = folders.pop()) {
    signal.throwIfAborted();
    const folder = join(root, prefix);
    try {
      const real = await Deno.realPath(folder);
      if (visited.has(real)) continue;
      visited.add(real);
      for await (const entry of Deno.readDir(folder)) {
        const name = prefix + entry.name;
        // A link to nothing is neither
        const kind = entry.isSymlink ? await Deno.stat(join(root, name)).catch(() => entry) : entry;
        if (kind.isDirectory) (entry.isSymlink ? linked : folders).push(`${name}/`);
        else if (kind.isFile) (isPicture(name) ? names : others).push(name);
      }
    } catch (cause) {
      throw new DatasetError(`The folder ${quote(folder)} cannot be listed: ${messageOf(cause)}`, { cause });
    }
  }
}
