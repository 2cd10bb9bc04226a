import { resolve } from "pathe";
import { FileError, fileError } from "./file_error.ts";
import type { DirEntry, FileInfo, FileProblem, HostFiles, OpenOptions } from "../files.ts";
import { namesOf, webInfo } from "./memory_files.ts";
import { PrivateFile } from "./private_file.ts";
import { type WebFile, type WebFolder, type WebHandle, webNavigator } from "./web_types.ts";

/**
 * Files in the private file system of a page's origin. They stay until the user clears the site's data, or the
 * browser needs their space: `navigator.storage.persist()` asks it not to.
 *
 * What holds there: a file that is written is as before until it is closed or synced, so that a page that is
 * closed leaves no half of it. Files take new names at once. A folder is copied under its new name and then
 * removed, as browsers cannot rename folders: a page that is closed meanwhile leaves part of a copy, which
 * its missing files tell. Locks are those of the Web Locks API, and end with the page. Nothing can be read at
 * once, without waiting.
 */
export function privateFiles(): HostFiles {
  // What follows a file that is closed, or removed at once, waits for that
  let pending: Promise<void> = Promise.resolve();
  let failure: unknown;
  const queue = (work: () => Promise<void>): void => {
    pending = pending.then(work).catch((error) => {
      failure ??= error;
    });
  };
  const settle = async (): Promise<void> => {
    await pending;
    if (failure === undefined) return;
    const error = failure;
    failure = undefined;
    throw error;
  };

  const folderAt = async (names: readonly string[]): Promise<WebFolder> => {
    let at = await root();
    for (const name of names) at = await at.getDirectoryHandle(name);
    return at;
  };
  /** Whatever has a path. */
  const find = async (path: string): Promise<WebHandle> => {
    const names = namesOf(path);
    const name = names.pop();
    const folder = await folderAt(names);
    if (name === undefined) return folder;
    try {
      return await folder.getFileHandle(name);
    } catch (error) {
      if (!isNamed(error, "TypeMismatchError")) throw error;
      return await folder.getDirectoryHandle(name);
    }
  };
  /** Does something after what came before it, with errors that say where. */
  const at = async <T>(
    operation: string,
    path: string | URL,
    work: (path: string) => Promise<T>,
  ): Promise<T> => {
    const text = typeof path === "string" ? path : decodeURIComponent(path.pathname);
    await settle();
    try {
      return await work(text);
    } catch (cause) {
      const problem = problemOf(cause);
      if (cause instanceof FileError || problem === undefined) throw cause;
      throw fileError(problem, operation, text, { cause });
    }
  };

  const open = async (path: string, options: OpenOptions = {}): Promise<PrivateFile> => {
    const { create = false, createNew = false, truncate = false } = options;
    const names = namesOf(path);
    const name = names.pop() ?? "";
    const folder = await folderAt(names);
    const there = await folder.getFileHandle(name).then(() => true, (error) => {
      if (isNamed(error, "NotFoundError")) return false;
      throw isNamed(error, "TypeMismatchError")
        ? fileError(createNew ? "AlreadyExists" : "IsADirectory", "open", path)
        : error;
    });
    if (there && createNew) throw fileError("AlreadyExists", "open", path);
    if (!there && !create && !createNew) throw fileError("NotFound", "open", path);
    const handle = await folder.getFileHandle(name, { create: !there });
    const file = new PrivateFile(handle, resolve("/", path), (await handle.getFile()).size, queue);
    if (truncate) await file.truncate();
    return file;
  };
  const read = async (path: string): Promise<File> => {
    const handle = await find(path);
    if (handle.kind === "directory") throw fileError("IsADirectory", "open", path);
    return await handle.getFile();
  };
  const write = async (path: string, bytes: Uint8Array, createNew = false): Promise<void> => {
    using file = await open(path, createNew ? { createNew } : { create: true, truncate: true });
    await file.write(bytes);
    await file.sync();
  };
  const mkdir = async (path: string, recursive: boolean): Promise<void> => {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) return;
    let folder = await root();
    for (const one of names) folder = await folder.getDirectoryHandle(one, { create: recursive });
    const isThere = await find(path).then((handle) => handle.kind, () => undefined);
    if (isThere === "file" || isThere && !recursive) throw fileError("AlreadyExists", "mkdir", path);
    await folder.getDirectoryHandle(name, { create: true });
  };
  const remove = async (path: string, recursive = false): Promise<void> => {
    const names = namesOf(path);
    const name = names.pop() ?? "";
    await (await folderAt(names)).removeEntry(name, { recursive });
  };
  const rename = async (from: string, to: string): Promise<void> => {
    const handle = await find(from);
    const names = namesOf(to);
    const name = names.pop() ?? "";
    const folder = await folderAt(names);
    if (handle.kind === "file") {
      if (handle.move) return await handle.move(folder, name);
      await copyFile(handle, folder, name);
      return await remove(from);
    }
    const isThere = await folder.getDirectoryHandle(name).then(() => true, () => false);
    if (isThere) throw fileError("AlreadyExists", "rename", to);
    await copyFolder(
      handle,
      await folder.getDirectoryHandle(name, { create: true }),
    );
    await remove(from, true);
  };
  const stat = async (path: string): Promise<FileInfo> => {
    const handle = await find(path);
    if (handle.kind === "directory") return webInfo(false, 0, null);
    const { size, lastModified } = await handle.getFile();
    return webInfo(true, size, new Date(lastModified));
  };

  return {
    appendsByCopy: true,
    open: (path, options) => at("open", path, (path) => open(path, options)),
    openSync: (path) => notAtOnce("open", path),
    readFile: (path) => at("open", path, async (path) => (await read(path)).bytes()),
    readTextFile: (path) => at("open", path, async (path) => (await read(path)).text()),
    writeFile: (path, bytes, options) => at("write", path, (path) => write(path, bytes, options?.createNew)),
    writeTextFile: (path, text, options) =>
      at("write", path, (path) => write(path, new TextEncoder().encode(text), options?.createNew)),
    writeTextFileSync: (path) => notAtOnce("write", path),
    mkdir: (path, options) => at("mkdir", path, (path) => mkdir(path, options?.recursive ?? false)),
    remove: (path, options) => at("remove", path, (path) => remove(path, options?.recursive)),
    removeSync: (path) => queue(() => remove(path)),
    rename: (from, to) => at("rename", from, (from) => rename(from, to)),
    truncate: (path, length) =>
      at("truncate", path, async (path) => {
        using file = await open(path);
        await file.truncate(length);
        await file.sync();
      }),
    async *readDir(path) {
      const entries = await at("readdir", path, async (path) => {
        const handle = await find(path);
        if (handle.kind === "file") throw fileError("NotADirectory", "readdir", path);
        return await Array.fromAsync(handle.values());
      });
      for (const { name, kind } of entries) yield entryOf(name, kind);
    },
    stat: (path) => at("stat", path, stat),
    statSync: (path) => notAtOnce("stat", path),
    lstat: (path) => at("stat", path, stat),
    realPath: (path) => at("stat", path, async (path) => (await find(path), resolve("/", path))),
    syncFolder: () => settle(),
    problemOf,
  };
}

async function copyFile(
  file: WebFile,
  folder: WebFolder,
  name: string,
): Promise<void> {
  const copy = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await (await file.getFile()).stream().pipeTo(copy);
}

async function copyFolder(from: WebFolder, to: WebFolder): Promise<void> {
  for await (const handle of from.values()) {
    if (handle.kind === "file") await copyFile(handle, to, handle.name);
    else {
      const inner = await to.getDirectoryHandle(handle.name, { create: true });
      await copyFolder(handle, inner);
    }
  }
}

async function root(): Promise<WebFolder> {
  return await webNavigator().storage!.getDirectory!();
}

function entryOf(name: string, kind: WebHandle["kind"]): DirEntry {
  return { name, isFile: kind === "file", isDirectory: kind === "directory", isSymlink: false };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}

/** Problems, by the names of a browser's exceptions. */
const PROBLEMS: Readonly<Partial<Record<string, FileProblem>>> = {
  NotFoundError: "NotFound",
  // A file where the path goes on
  TypeMismatchError: "NotADirectory",
  NotAllowedError: "PermissionDenied",
  SecurityError: "PermissionDenied",
  QuotaExceededError: "NoSpace",
};

function problemOf(error: unknown): FileProblem | undefined {
  if (error instanceof FileError) return error.problem;
  return error instanceof DOMException ? PROBLEMS[error.name] : undefined;
}

function notAtOnce(operation: string, path: string | URL): never {
  throw new FileError(
    undefined,
    `Cannot ${operation} '${path}' at once: the private files of a page take their time. ` +
      "Keep what is read so in memory, with memoryHost()",
  );
}
