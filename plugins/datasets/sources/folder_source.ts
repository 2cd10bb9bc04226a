import { join } from "node:path";
import { DatasetError } from "../contract.ts";
import { messageOf, quote } from "../wording.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { isPicture, noPictures, type PictureSource } from "./picture_source.ts";

/**
 * Lists the pictures in a folder and the folders in it. Links are followed, but into no folder twice.
 *
 * @throws {DatasetError} Where there are none, or a folder cannot be read.
 */
export async function openFolder(root: string, signal: AbortSignal): Promise<PictureSource> {
  const names: string[] = [];
  const others: string[] = [];
  const visited = new Set<string>();
  const folders = [""];
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
        if (kind.isDirectory) folders.push(`${name}/`);
        else if (kind.isFile) (isPicture(name) ? names : others).push(name);
      }
    } catch (cause) {
      throw new DatasetError(`The folder ${quote(folder)} cannot be listed: ${messageOf(cause)}`, { cause });
    }
  }
  if (names.length === 0) throw noPictures(root, others);
  return {
    names: names.sort(),
    read: (name) => Deno.readFile(join(root, name)),
    placeOf: (name) => join(root, name),
    fingerprint: (names, signal) => fingerprintFiles(names.values().map((name) => join(root, name)), signal),
    close: () => Promise.resolve(),
  };
}
