import type { DirEntry, FileInfo, Host, HostFile, OpenOptions, SeekFrom } from "../../src/host/host.ts";

/** Where a position is counted from, by the number that says so. */
const [START, CURRENT] = [0, 1];

/**
 * Files that the user gave to the page, as folders of a host: they are read from where they are when they are
 * needed, so that they take no memory. They cannot be changed.
 */
export class GivenFiles {
  #files = new Map<string, File>();
  #folders = new Map<string, Map<string, DirEntry>>();

  /** Adds a file, and the folders that it is in. Its path begins with a slash. */
  add(path: string, file: File): void {
    this.#files.set(path, file);
    for (let at = path; at !== "/" && at !== "";) {
      const end = at.lastIndexOf("/");
      const [folder, name] = [at.slice(0, end) || "/", at.slice(end + 1)];
      const entries = this.#folders.get(folder) ?? new Map<string, DirEntry>();
      this.#folders.set(folder, entries);
      const isFile = at === path;
      entries.set(name, { name, isFile, isDirectory: !isFile, isSymlink: false });
      at = folder;
    }
  }

  /** Forgets all files. */
  clear(): void {
    this.#files.clear();
    this.#folders.clear();
  }

  /** The host with these files in it: where a path is one of them, it comes before what the host has there. */
  over(host: Host): Host {
    const at = (path: string | URL) => host.path.resolve(path instanceof URL ? host.fromFileUrl(path) : path);
    const file = (path: string | URL) => this.#files.get(at(path));
    // The root is the host's own: its folder lists both
    const folder = (path: string) => at(path) === "/" ? undefined : this.#folders.get(at(path));
    const info = (path: string | URL): FileInfo | undefined => {
      const found = file(path);
      if (found) return infoOf(found);
      return folder(at(path)) ? infoOf(undefined) : undefined;
    };
    const refuseWrites = (path: string | URL, { write, create, truncate }: OpenOptions = {}): void => {
      if (write || create || truncate) {
        throw new TypeError(`Cannot write ${path}: it is a file of the user's`);
      }
    };
    return {
      ...host,
      // deno-lint-ignore require-await
      async open(path, options) {
        const found = file(path);
        if (!found) return host.open(path, options);
        refuseWrites(path, options);
        return new GivenFile(found);
      },
      openSync(path, options) {
        const found = file(path);
        if (!found) return host.openSync(path, options);
        refuseWrites(path, options);
        return new GivenFile(found);
      },
      async readFile(path) {
        const found = file(path);
        return found ? new Uint8Array(await found.arrayBuffer()) : await host.readFile(path);
      },
      readTextFile: (path) => file(path)?.text() ?? host.readTextFile(path),
      async *readDir(path) {
        const found = folder(path);
        if (found) return yield* found.values();
        yield* host.readDir(path);
      },
      stat: async (path) => info(path) ?? await host.stat(path),
      statSync: (path) => info(path) ?? host.statSync(path),
      lstat: async (path) => info(path) ?? await host.lstat(path),
      realPath: async (path) => info(path) ? at(path) : await host.realPath(path),
    };
  }
}

function infoOf(file: File | undefined): FileInfo {
  return {
    isFile: file !== undefined,
    isDirectory: file === undefined,
    isSymlink: false,
    size: file?.size ?? 0,
    mtime: file ? new Date(file.lastModified) : null,
    dev: null,
    ino: null,
    mode: null,
    uid: null,
    isBlockDevice: null,
    isCharDevice: null,
    isFifo: null,
    isSocket: null,
  };
}

/** What only workers have: reading at once. */
declare const FileReaderSync: new () => { readAsArrayBuffer(part: Blob): ArrayBuffer };

/** An open file of the user's. */
class GivenFile implements HostFile {
  #file: File;
  #reader = new FileReaderSync();
  #position = 0;

  constructor(file: File) {
    this.#file = file;
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#file.stream();
  }

  readSync(bytes: Uint8Array): number | null {
    const end = Math.min(this.#position + bytes.length, this.#file.size);
    if (end <= this.#position) return bytes.length === 0 ? 0 : null;
    const read = this.#reader.readAsArrayBuffer(this.#file.slice(this.#position, end));
    bytes.set(new Uint8Array(read));
    this.#position = end;
    return read.byteLength;
  }

  read(bytes: Uint8Array): Promise<number | null> {
    return Promise.try(() => this.readSync(bytes));
  }

  seekSync(offset: number, from: SeekFrom): number {
    const base = from === START ? 0 : from === CURRENT ? this.#position : this.#file.size;
    return this.#position = base + offset;
  }

  seek(offset: number, from: SeekFrom): Promise<number> {
    return Promise.resolve(this.seekSync(offset, from));
  }

  statSync(): FileInfo {
    return infoOf(this.#file);
  }

  stat(): Promise<FileInfo> {
    return Promise.resolve(this.statSync());
  }

  writeSync(): number {
    throw new TypeError(`Cannot write ${this.#file.name}: it is a file of the user's`);
  }

  write(): Promise<number> {
    return Promise.try(() => this.writeSync());
  }

  truncateSync(): void {
    this.writeSync();
  }

  truncate(): Promise<void> {
    return Promise.try(() => this.truncateSync());
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  tryLock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): void {}

  [Symbol.dispose](): void {}
}
