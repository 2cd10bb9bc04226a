/**
 * Files in folders that are the user's own. On a machine that several people use, a folder may have been made
 * by somebody else, to lead what is written there to another place, or to hand out files of their own.
 *
 * @module
 */
import { type FileInfo, host, type HostFile } from "../host/host.ts";
import { dirname, isAbsolute, relative, resolve } from "../host/paths.ts";
import { userCacheRoot } from "./user_cache.ts";

/** Windows keeps the owner of a file elsewhere, and gives each user folders of their own. */
const hasOwners = (): boolean => host().system !== "windows";

/** The administrator, who can do anything as it is. */
const ROOT = 0;

/** What to do about a folder that cannot be trusted. */
const elsewhere = (): string =>
  host().system === "linux"
    ? "remove it, or set XDG_CACHE_HOME to another place"
    : "remove it, or name another place for caches";

/** Bit of a mode that lets everybody write. */
const WRITTEN_BY_ALL = 0o002;

/**
 * Makes a folder that only this user may write to, if it does not exist yet.
 *
 * @param folder The folder.
 * @param top The highest folder that is looked at, which may be a link: the user who named it has chosen it.
 * In the user's cache it is the cache's own, which may not.
 * @throws {Error} if one of the folders is a link, belongs to another user, or may be written by everybody.
 */
export async function makeOwnFolder(folder: string, top: string = folder): Promise<void> {
  const folders = foldersDownTo(folder, top);
  const check = async (): Promise<void> => {
    for (const { path, mayBeLink } of folders) await checkFolder(path, mayBeLink);
  };
  await check();
  await host().mkdir(folder, { recursive: true, mode: 0o700 });
  // What was not there before may have been made by others meanwhile
  await check();
}

/**
 * Checks that nobody else could have put files into a folder. One that is not there is fine.
 *
 * @param folder The folder.
 * @param top The highest folder that is looked at.
 * @throws {Error} if one of the folders belongs to another user, or may be written by everybody.
 */
export async function checkOwnFolder(folder: string, top: string = folder): Promise<void> {
  for (const { path } of foldersDownTo(folder, top)) {
    // Where a link of the user's own leads to is the user's choice
    if (await checkFolder(path, true) === "link") return;
  }
}

/**
 * Opens a file to read and write, and creates it if it does not exist. It must be a file of its own: what a
 * link leads to is left alone.
 *
 * @throws {Error} if something else has that name.
 */
export async function openOwnFile(path: string): Promise<HostFile> {
  for (;;) {
    const before = await lookAt(path);
    if (before && !before.isFile) throw notRegular(path, before);
    let file: HostFile;
    try {
      file = await host().open(path, { read: true, write: true, createNew: before === undefined });
    } catch (error) {
      // Somebody else was quicker to make it, or to remove it
      if (host().problemOf(error) === (before ? "NotFound" : "AlreadyExists")) continue;
      throw error;
    }
    const [after, opened] = [await lookAt(path), await file.stat()];
    if (after?.isFile && after.ino === opened.ino && after.dev === opened.dev) return file;
    file.close();
    if (after && !after.isFile) throw notRegular(path, after);
  }
}

/** What a name stands for that must be a file and is none. */
function notRegular(path: string, info: FileInfo): Error {
  return new Error(`${JSON.stringify(path)} must be a regular file, found ${kindOf(info)}: remove it`);
}

/** What something is that is no regular file. */
function kindOf(info: FileInfo): string {
  if (info.isSymlink) return "a link";
  if (info.isDirectory) return "a folder";
  if (info.isFifo) return "a pipe";
  if (info.isSocket) return "a socket";
  return info.isBlockDevice || info.isCharDevice ? "a device" : "something else";
}

/** Whether a path is a folder, or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== ".." && !way.startsWith(`..${host().path.sep}`) && !isAbsolute(way);
}

/** A folder and those above it, down from the highest. */
function foldersDownTo(folder: string, top: string): { path: string; mayBeLink: boolean }[] {
  const root = userCacheRoot();
  const isCache = root !== undefined && isWithin(folder, root);
  const [last, first] = [resolve(folder), resolve(isCache ? root : top)];
  const paths = [last];
  while (isWithin(last, first) && paths[0] !== first) paths.unshift(dirname(paths[0]!));
  return paths.map((path, i) => ({ path, mayBeLink: i === 0 && !isCache }));
}

/**
 * Refuses a folder that is not the user's own. One that may not be looked at is left to the permissions of
 * Deno.
 */
async function checkFolder(path: string, mayBeLink: boolean): Promise<"folder" | "link" | undefined> {
  if (!host().may("read", path)) return undefined;
  const info = await lookAt(path);
  if (info === undefined) return undefined;
  const quoted = JSON.stringify(path);
  if (!info.isDirectory && !(mayBeLink && info.isSymlink)) {
    throw new Error(
      `The folder ${quoted} must be a real folder, found ${info.isFile ? "a file" : kindOf(info)}: ` +
        elsewhere(),
    );
  }
  const own = hasOwners() ? await ownUser(path) : undefined;
  if (own !== undefined && info.uid !== own && info.uid !== ROOT) {
    throw new Error(
      `The folder ${quoted} belongs to another user (${info.uid}, not ${own}), who may have put anything there: ` +
        elsewhere(),
    );
  }
  if (hasOwners() && info.isDirectory && ((info.mode ?? 0) & WRITTEN_BY_ALL) !== 0) {
    throw new Error(
      `The folder ${quoted} may be written by everybody, who may have put anything there: ` +
        `look through it, then "chmod o-w" it`,
    );
  }
  return info.isDirectory ? "folder" : "link";
}

/**
 * The user of this process; `undefined` if it cannot be found out. A file made in a folder has it for an
 * owner.
 */
async function ownUser(folder: string): Promise<number | undefined> {
  if (host().may("uid")) {
    return host().uid() ?? undefined;
  }
  if (!host().may("write", folder)) return undefined;
  const path = `${folder}/.${crypto.randomUUID()}.tmp`;
  try {
    using file = await host().open(path, { write: true, createNew: true });
    return (await file.stat()).uid ?? undefined;
  } catch {
    return undefined;
  } finally {
    await host().remove(path).catch(() => {});
  }
}

async function lookAt(path: string): Promise<FileInfo | undefined> {
  try {
    return await host().lstat(path);
  } catch (error) {
    // A file in place of a folder is reported when something is written
    if (host().problemOf(error) === "NotFound" || host().problemOf(error) === "NotADirectory") {
      return undefined;
    }
    throw error;
  }
}
