import { type FileInfo, host } from "../../../src/host/host.ts";
import { join } from "../../../src/host/paths.ts";
import { readFull } from "../../../src/files/read_full.ts";
import { KIND_BYTES } from "../../../src/pictures/mod.ts";
import { DatasetError } from "../contract.ts";
import { failure, quote } from "../messages.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { PassedOver } from "./passed_over.ts";
import { picksPicture } from "./picks_picture.ts";
import { isHidden, isHiddenByChoice, noPictures, type PictureSource } from "./picture_source.ts";

/** What Deno puts in a name in the place of what is not UTF-8. */
const GARBLED = "\ufffd";

/** What to do with names that have it. */
const RENAME = "Rename files whose names are not UTF-8, as Deno cannot open them.";

/**
 * Lists the pictures in a folder and the folders in it. Links are followed, but into no folder twice: a
 * folder goes by the path without links, if there is one, else by the path with the fewest, and of these by
 * the first in the order of code units. So the names are the same wherever the folder is copied to, whatever
 * order its disk lists them in.
 *
 * @param within Folder whose other files are counted, empty for all or with `/` at its end.
 * @throws {DatasetError} if there are none, or the folder cannot be read.
 */
export async function openFolder(root: string, signal: AbortSignal, within = ""): Promise<PictureSource> {
  const passed = new PassedOver(within);
  const found: Found = { names: [], passed, linked: [], visited: new Set() };
  for (let starts = [""]; starts.length > 0; starts = found.linked.splice(0).sort()) {
    for (const start of starts) await walk(root, start, found, signal);
  }
  const { names } = found;
  if (names.length === 0 && within === "") throw await noPicturesIn(root, passed);
  return {
    names: names.sort(),
    passed,
    read: (name) => host().readFile(join(root, name)),
    placeOf: (name) => join(root, name),
    fingerprint: (names, signal) => fingerprintFiles(names.values().map((name) => join(root, name)), signal),
    close: () => Promise.resolve(),
  };
}

/** The error for a folder without pictures, which may be that of a plugin. */
async function noPicturesIn(root: string, passed: PassedOver): Promise<DatasetError> {
  const module = join(root, "mod.ts");
  const error = noPictures(root, passed);
  if (!await host().stat(module).then(({ isFile }) => isFile, () => false)) return error;
  return new DatasetError(`${error.message}. If it is a dataset plugin, give its module, ${quote(module)}`);
}

/** What was found so far. */
interface Found {
  /** Paths of the pictures from the root. */
  readonly names: string[];
  /** What is beside them. */
  readonly passed: PassedOver;
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
async function walk(root: string, start: string, found: Found, signal: AbortSignal): Promise<void> {
  const { passed, linked, visited } = found;
  const folders = [start];
  for (let prefix = folders.pop(); prefix !== undefined; prefix = folders.pop()) {
    signal.throwIfAborted();
    const folder = join(root, prefix);
    try {
      const real = await host().realPath(folder);
      if (visited.has(real)) {
        // Without links none is met twice
        passed.add(
          ["link to a folder that is used already", "links to folders that are used already"],
          prefix,
        );
        continue;
      }
      visited.add(real);
      for await (const entry of host().readDir(folder)) {
        const name = prefix + entry.name;
        // No wait if there is none, as there may be millions
        if (entry.name.includes(GARBLED) && !await isThere(join(root, name))) {
          passed.add(["file whose name is not UTF-8", "files whose names are not UTF-8"], name, RENAME);
          continue;
        }
        const kind = entry.isSymlink ? await targetOf(root, name, passed) : entry;
        if (kind === undefined) continue;
        if (kind.isDirectory && isHidden(name)) {
          if (isHiddenByChoice(name)) passed.add(["hidden folder", "hidden folders"], `${name}/`);
          continue;
        }
        if (kind.isDirectory) (entry.isSymlink ? linked : folders).push(`${name}/`);
        else if (!kind.isFile) passed.add(["pipe or device", "pipes or devices"], name);
        else if (picksPicture(name, () => startOf(join(root, name)), passed)) found.names.push(name);
      }
    } catch (cause) {
      if (prefix === "" || !isClosed(cause)) {
        throw failure(`The folder ${quote(folder)} cannot be listed`, cause);
      }
      passed.add(["folder that may not be read", "folders that may not be read"], prefix);
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  return await host().lstat(path).then(() => true, () => false);
}

/** What a link leads to; nothing if it leads nowhere. */
async function targetOf(root: string, name: string, passed: PassedOver): Promise<FileInfo | undefined> {
  try {
    return await host().stat(join(root, name));
  } catch (cause) {
    if (isHidden(name)) return undefined;
    if (isClosed(cause)) {
      passed.add(["link that may not be followed", "links that may not be followed"], name);
    } else passed.add(["link that leads nowhere", "links that lead nowhere"], name);
    return undefined;
  }
}

/** Whether something may not be read, by the system or by Deno; other errors may be temporary. */
function isClosed(cause: unknown): boolean {
  return host().problemOf(cause) === "PermissionDenied" || host().problemOf(cause) === "NotCapable";
}

/** The first bytes of a file; read synchronously, as that is quicker. */
function startOf(path: string): Uint8Array {
  using file = host().openSync(path);
  const bytes = new Uint8Array(KIND_BYTES);
  return bytes.subarray(0, readFull(file, bytes));
}
