import { resolve } from "pathe";
import { FileError, fileError } from "./file_error.ts";
import type { DirEntry, FileInfo, HostFile, HostFiles, OpenOptions, SeekFrom } from "../files.ts";

/** A file in memory. */
class MemoryFile {
  bytes = new Uint8Array(0);
  length = 0;
  mtime = new Date();
  /** Who has locked it. */
  owner: object | undefined;

  resize(length: number): void {
    if (length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    // What is cut off must not come back
    if (length < this.length) this.bytes.fill(0, length, this.length);
    this.length = length;
    this.mtime = new Date();
  }
}

type Folder = Map<string, MemoryFile | Folder>;

/** Files in memory, which are gone with the page or the process. */
export function memoryFiles(): HostFiles {
  const root: Folder = new Map();

  const find = (path: string): MemoryFile | Folder | "NotADirectory" | undefined => {
    let at: MemoryFile | Folder | undefined = root;
    for (const name of namesOf(path)) {
      if (at instanceof MemoryFile) return "NotADirectory";
      at = at?.get(name);
    }
    return at;
  };
  const get = (operation: string, path: string): MemoryFile | Folder => {
    const found = find(path);
    if (found === undefined || found === "NotADirectory") {
      throw fileError(found ?? "NotFound", operation, path);
    }
    return found;
  };
  const folderOf = (operation: string, path: string): [folder: Folder, name: string] => {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) throw fileError("AlreadyExists", operation, path);
    const folder = get(operation, `/${names.join("/")}`);
    if (folder instanceof MemoryFile) throw fileError("NotADirectory", operation, path);
    return [folder, name];
  };
  const open = (path: string, options: OpenOptions = {}): MemoryHandle => {
    const { create, createNew, truncate } = options;
    const [folder, name] = folderOf("open", path);
    const there = folder.get(name);
    if (there && createNew) throw fileError("AlreadyExists", "open", path);
    if (there instanceof Map) throw fileError("IsADirectory", "open", path);
    if (!there && !create && !createNew) throw fileError("NotFound", "open", path);
    const file = there ?? new MemoryFile();
    if (!there) folder.set(name, file);
    if (truncate) file.resize(0);
    return new MemoryHandle(file);
  };
  const write = (path: string, bytes: Uint8Array, createNew = false): void => {
    using file = open(path, createNew ? { createNew } : { create: true, truncate: true });
    file.writeSync(bytes);
  };
  const read = (path: string): Uint8Array<ArrayBuffer> => {
    const file = get("open", path);
    if (!(file instanceof MemoryFile)) throw fileError("IsADirectory", "open", path);
    return file.bytes.slice(0, file.length);
  };
  const stat = (path: string): FileInfo => infoOf(get("stat", path));
  const removeAt = (path: string, recursive = false): void => {
    const [folder, name] = folderOf("remove", path);
    const there = folder.get(name);
    if (!there) throw fileError("NotFound", "remove", path);
    if (there instanceof Map && there.size > 0 && !recursive) {
      throw new FileError(undefined, `the folder is not empty: remove '${path}'`);
    }
    folder.delete(name);
  };

  // deno-lint-ignore require-await -- errors are rejections, as of other hosts
  const later = async <T>(work: () => T): Promise<T> => work();
  return {
    open: (path, options) => later(() => open(pathOf(path), options)),
    openSync: (path, options) => open(pathOf(path), options),
    readFile: (path) => later(() => read(pathOf(path))),
    readTextFile: (path) => later(() => new TextDecoder().decode(read(pathOf(path)))),
    writeFile: (path, bytes, options) => later(() => write(pathOf(path), bytes, options?.createNew)),
    writeTextFile: (path, text, options) =>
      later(() => write(pathOf(path), new TextEncoder().encode(text), options?.createNew)),
    writeTextFileSync: (path, text, options) =>
      write(pathOf(path), new TextEncoder().encode(text), options?.createNew),
    mkdir: (path, { recursive = false } = {}) =>
      later(() => {
        const names = namesOf(path);
        for (const end of recursive ? names.keys() : [names.length - 1]) {
          const [folder, name] = folderOf("mkdir", `/${names.slice(0, end + 1).join("/")}`);
          const there = folder.get(name);
          if (there && !(recursive && there instanceof Map)) throw fileError("AlreadyExists", "mkdir", path);
          if (!there) folder.set(name, new Map());
        }
      }),
    remove: (path, options) => later(() => removeAt(path, options?.recursive)),
    removeSync: (path) => removeAt(path),
    rename: (from, to) =>
      later(() => {
        const [folder, name] = folderOf("rename", from);
        const there = folder.get(name);
        if (!there) throw fileError("NotFound", "rename", from);
        const [target, newName] = folderOf("rename", to);
        if (target.get(newName) instanceof Map) throw fileError("AlreadyExists", "rename", to);
        folder.delete(name);
        target.set(newName, there);
      }),
    truncate: (path, length) => later(() => open(pathOf(path)).truncateSync(length)),
    async *readDir(path) {
      const folder = get("readdir", path);
      if (folder instanceof MemoryFile) throw fileError("NotADirectory", "readdir", path);
      for (const [name, there] of [...folder]) yield { name, ...kindOf(there) };
    },
    stat: (path) => later(() => stat(pathOf(path))),
    statSync: (path) => stat(pathOf(path)),
    lstat: (path) => later(() => stat(path)),
    realPath: (path) => later(() => (stat(path), resolve("/", path))),
    syncFolder: () => Promise.resolve(),
    problemOf: (error) => error instanceof FileError ? error.problem : undefined,
  };
}

/** An open file in memory. */
class MemoryHandle implements HostFile {
  readonly #file: MemoryFile;
  #at = 0;

  constructor(file: MemoryFile) {
    this.#file = file;
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { bytes, length } = this.#file;
    return new Blob([bytes.slice(this.#at, length)]).stream();
  }

  read(bytes: Uint8Array): Promise<number | null> {
    return Promise.resolve(this.readSync(bytes));
  }

  readSync(bytes: Uint8Array): number | null {
    const count = Math.min(bytes.length, this.#file.length - this.#at);
    if (count <= 0) return bytes.length === 0 ? 0 : null;
    bytes.set(this.#file.bytes.subarray(this.#at, this.#at + count));
    this.#at += count;
    return count;
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(this.writeSync(bytes));
  }

  writeSync(bytes: Uint8Array): number {
    const end = this.#at + bytes.length;
    this.#file.resize(Math.max(end, this.#file.length));
    this.#file.bytes.set(bytes, this.#at);
    this.#at = end;
    return bytes.length;
  }

  seek(offset: number, from: SeekFrom): Promise<number> {
    return Promise.resolve(this.seekSync(offset, from));
  }

  seekSync(offset: number, from: SeekFrom): number {
    return this.#at = offset + (from === 0 ? 0 : from === 1 ? this.#at : this.#file.length);
  }

  truncate(length?: number): Promise<void> {
    return Promise.resolve(this.truncateSync(length));
  }

  truncateSync(length = 0): void {
    this.#file.resize(length);
  }

  stat(): Promise<FileInfo> {
    return Promise.resolve(this.statSync());
  }

  statSync(): FileInfo {
    return infoOf(this.#file);
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  tryLock(): Promise<boolean> {
    this.#file.owner ??= this;
    return Promise.resolve(this.#file.owner === this);
  }

  close(): void {
    if (this.#file.owner === this) this.#file.owner = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function pathOf(path: string | URL): string {
  return typeof path === "string" ? path : decodeURIComponent(path.pathname);
}

/** Names of a path, from the root on. */
export function namesOf(path: string): string[] {
  return resolve("/", path).split("/").filter((name) => name !== "");
}

function kindOf(there: MemoryFile | Folder): Omit<DirEntry, "name"> {
  const isFile = there instanceof MemoryFile;
  return { isFile, isDirectory: !isFile, isSymlink: false };
}

function infoOf(there: MemoryFile | Folder): FileInfo {
  const isFile = there instanceof MemoryFile;
  return webInfo(isFile, isFile ? there.length : 0, isFile ? there.mtime : null);
}

/** What is known of a file that no system keeps. */
export function webInfo(isFile: boolean, size: number, mtime: Date | null): FileInfo {
  return {
    isFile,
    isDirectory: !isFile,
    isSymlink: false,
    size,
    mtime,
    dev: null,
    ino: null,
    mode: null,
    uid: null,
    isBlockDevice: false,
    isCharDevice: false,
    isFifo: false,
    isSocket: false,
  };
}
