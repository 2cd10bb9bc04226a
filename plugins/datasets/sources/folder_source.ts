import { join, relative } from "node:path";
import { DatasetError } from "../contract.ts";
import { messageOf, quote } from "../wording.ts";
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
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    try {
      const real = await Deno.realPath(folder);
      if (visited.has(real)) continue;
      visited.add(real);
      for await (const entry of Deno.readDir(folder)) {
        const path = join(folder, entry.name);
        // A link to nothing is neither
        const kind = entry.isSymlink ? await Deno.stat(path).catch(() => entry) : entry;
        const name = relative(root, path).replaceAll("\\", "/");
        if (kind.isDirectory) folders.push(path);
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
    close: () => Promise.resolve(),
  };
}
