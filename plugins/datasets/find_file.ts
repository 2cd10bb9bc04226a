import { join } from "node:path";
import { DatasetError } from "./contract.ts";
import { messageOf } from "./wording.ts";

/**
 * The first of some files that is in a folder.
 *
 * @throws {DatasetError} Where the folder cannot be looked at.
 */
export async function findFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    try {
      if ((await Deno.stat(path)).isFile) return path;
    } catch (cause) {
      const missing = cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
      if (!missing) throw new DatasetError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
    }
  }
  return undefined;
}
