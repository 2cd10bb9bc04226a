import { host } from "../../../src/host/host.ts";
import type { DatasetPlugin, RemoteFile } from "../contract.ts";
import { messageOf } from "../messages.ts";
import { noCacheDir } from "./cache_dir.ts";
import { problemOf } from "./digest.ts";
import { cachePath } from "./fetch_file.ts";

/** How a file of a dataset is. */
export interface FileState {
  /** What is known of it. */
  readonly file: RemoteFile;
  /** Where it is, or would be. */
  readonly path: string;
  /** Whether it is there and as it must be, is not there, is damaged, or may not be looked at. */
  readonly state: "good" | "missing" | "damaged" | "unreadable";
  /** What is wrong with it, to follow its name, if it is damaged or may not be looked at. */
  readonly problem?: string;
}

/** Checks the files of a dataset in the folder for downloads against their known sizes and checksums. */
export async function verifyFiles(
  plugin: DatasetPlugin,
  cacheDir: string | undefined,
): Promise<FileState[]> {
  const states: FileState[] = [];
  for (const file of plugin.files ?? []) {
    if (cacheDir === undefined) {
      const problem = `cannot be looked for, as ${noCacheDir()}`;
      states.push({ file, path: file.path, state: "unreadable", problem });
      continue;
    }
    const path = cachePath(file, cacheDir);
    try {
      const problem = await problemOf(path, file);
      states.push(
        problem === undefined ? { file, path, state: "good" } : { file, path, state: "damaged", problem },
      );
    } catch (cause) {
      if (host().problemOf(cause) === "NotFound") states.push({ file, path, state: "missing" });
      else states.push({ file, path, state: "unreadable", problem: `cannot be read: ${messageOf(cause)}` });
    }
  }
  return states;
}
