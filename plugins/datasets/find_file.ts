import { type FileInfo, host } from "../../src/host/host.ts";
import { join } from "../../src/host/paths.ts";
import { DatasetError } from "./contract.ts";
import { failure, messageOf, quote } from "./messages.ts";

/**
 * The first of some files that is in a folder.
 *
 * @throws {DatasetError} if the folder cannot be looked at.
 */
export async function findFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    try {
      if ((await host().stat(path)).isFile) return path;
    } catch (cause) {
      const missing = host().problemOf(cause) === "NotFound" || host().problemOf(cause) === "NotADirectory";
      if (!missing) throw failure(`${path} cannot be read`, cause);
    }
  }
  return undefined;
}

/**
 * What is at a path.
 *
 * @param problem What the error says first, if nothing there can be looked at.
 * @throws {DatasetError} if nothing there can be looked at.
 */
export async function lookAt(path: string, problem: string): Promise<FileInfo> {
  return await host().stat(path).catch((cause) => {
    throw failure(problem, cause);
  });
}

/**
 * The data of a dataset that has none of its own.
 *
 * @param what What it must be.
 * @throws {DatasetError} if none is given.
 */
export function requireData(data: string | undefined, dataset: string, what: string, advice = ""): string {
  if (data !== undefined) return data;
  throw new DatasetError(
    `Dataset ${quote(dataset)} needs data, ${what}, found none: give it by --data-root${advice}`,
  );
}

/** What a folder contains, or what is there instead, to follow `where there`: `are "a", "b", ...`. */
export async function whatIsThere(folder: string): Promise<string> {
  try {
    const names = (await Array.fromAsync(host().readDir(folder), ({ name }) => name)).sort();
    if (names.length === 0) return "is nothing";
    const shown = names.slice(0, 8).map((name) => quote(name)).join(", ");
    return `${names.length === 1 ? "is" : "are"} ${shown}${names.length > 8 ? ", ..." : ""}`;
  } catch (cause) {
    return host().problemOf(cause) === "NotADirectory"
      ? "is a file"
      : `is no folder to look into: ${messageOf(cause)}`;
  }
}
