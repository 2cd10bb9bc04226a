import type { DatasetPlugin, RemoteFile } from "../contract.ts";
import { problemOf } from "./digest.ts";
import { cachePath } from "./fetch_file.ts";

/** How a file of a dataset is. */
export interface FileState {
  /** What is known of it. */
  readonly file: RemoteFile;
  /** Where it is, or would be. */
  readonly path: string;
  /** Whether it is there and as it must be, is not there, or is damaged. */
  readonly state: "good" | "missing" | "damaged";
  /** What is wrong with it, to follow its name, where it is damaged. */
  readonly problem?: string;
}

/** Holds the files of a dataset in the folder for downloads to what is known of them. */
export async function verifyFiles(plugin: DatasetPlugin, cacheDir: string): Promise<FileState[]> {
  const states: FileState[] = [];
  for (const file of plugin.files ?? []) {
    const path = cachePath(file, cacheDir);
    const isThere = await Deno.stat(path).then(({ isFile }) => isFile, () => false);
    const problem = isThere ? await problemOf(path, file) : undefined;
    const state = !isThere ? "missing" : problem === undefined ? "good" : "damaged";
    states.push({ file, path, state, ...(problem === undefined ? {} : { problem }) });
  }
  return states;
}
