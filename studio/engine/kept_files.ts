import { privateHost } from "../../src/host/browser.ts";
import type { Host, HostFiles } from "../../src/host/host.ts";

/**
 * The private files of the page's origin, which outlast the tab; undefined if this page has none, as one that
 * was opened from the disk, or in a private window of some browsers.
 *
 * @param folder Where files are to be kept; made if it is not there.
 */
export async function findKeptFiles(folder: string): Promise<HostFiles | undefined> {
  const storage = navigator.storage as { getDirectory?: unknown } | undefined;
  if (typeof storage?.getDirectory !== "function") return undefined;
  const files = privateHost();
  // Some browsers have the function, and refuse when it is called, or when something is written
  const probe = `${folder}/.${crypto.randomUUID()}`;
  try {
    await files.mkdir(folder, { recursive: true });
    await files.writeFile(probe, new Uint8Array());
    await files.remove(probe);
    return files;
  } catch {
    return undefined;
  }
}

/** A host whose files in one folder are elsewhere. */
export function withFolder(host: Host, folder: string, files: HostFiles): Host {
  const isIn = (path: string | URL): boolean => {
    const at = host.path.resolve(path instanceof URL ? host.fromFileUrl(path) : path);
    return at === folder || at.startsWith(`${folder}/`);
  };
  const of = (path: string | URL): HostFiles => isIn(path) ? files : host;
  return {
    ...host,
    appendsByCopy: files.appendsByCopy ?? false,
    open: (path, options) => of(path).open(path, options),
    openSync: (path, options) => of(path).openSync(path, options),
    readFile: (path) => of(path).readFile(path),
    readTextFile: (path) => of(path).readTextFile(path),
    writeFile: (path, bytes, options) => of(path).writeFile(path, bytes, options),
    writeTextFile: (path, text, options) => of(path).writeTextFile(path, text, options),
    writeTextFileSync: (path, text, options) => of(path).writeTextFileSync(path, text, options),
    mkdir: (path, options) => of(path).mkdir(path, options),
    remove: (path, options) => of(path).remove(path, options),
    removeSync: (path) => of(path).removeSync(path),
    rename: (from, to) => of(from).rename(from, to),
    truncate: (path, length) => of(path).truncate(path, length),
    readDir: (path) => of(path).readDir(path),
    stat: (path) => of(path).stat(path),
    statSync: (path) => of(path).statSync(path),
    lstat: (path) => of(path).lstat(path),
    realPath: (path) => of(path).realPath(path),
    syncFolder: (path) => of(path).syncFolder(path),
    problemOf: (error) => files.problemOf(error) ?? host.problemOf(error),
  };
}
