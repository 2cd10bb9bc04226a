import type { FileInfo, HostFile, OpenOptions, SeekFrom } from "./files.ts";
import { isLocked, takeLock } from "./node_lock.ts";

/** What is built into Node, which is loaded only there. */
export interface NodeModules {
  readonly fs: typeof import("node:fs");
  readonly net: typeof import("node:net");
  readonly os: typeof import("node:os");
}

type Stats = import("node:fs").Stats;

/** Opens a file, at once. */
export function openNodeFile(modules: NodeModules, path: string | URL, options: OpenOptions = {}): NodeFile {
  const { openSync } = modules.fs;
  return new NodeFile(modules, `${path}`, openSync(path, flagsOf(modules, options)));
}

function flagsOf({ fs }: NodeModules, { read, write, create, createNew, truncate }: OpenOptions): number {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC } = fs.constants;
  const access = !write ? O_RDONLY : read ? O_RDWR : O_WRONLY;
  return access | (create || createNew ? O_CREAT : 0) | (createNew ? O_EXCL : 0) | (truncate ? O_TRUNC : 0);
}

/** An open file of Node's. */
export class NodeFile implements HostFile {
  readonly #modules: NodeModules;
  readonly #path: string;
  readonly #fd: number;
  #at = 0;
  #isClosed = false;
  #unlock: (() => void) | undefined;

  /** A file by its descriptor, which is closed with it. */
  constructor(modules: NodeModules, path: string, fd: number) {
    this.#modules = modules;
    this.#path = path;
    this.#fd = fd;
  }

  /** The rest of the file; reading it to its end closes it. */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const length = 2 ** 16;
    return new ReadableStream({
      pull: async (controller) => {
        const bytes = new Uint8Array(length);
        const count = await this.read(bytes);
        if (count !== null) return controller.enqueue(bytes.subarray(0, count));
        controller.close();
        this.close();
      },
      cancel: () => this.close(),
    });
  }

  async read(bytes: Uint8Array): Promise<number | null> {
    const { fs } = this.#modules;
    const count = await new Promise<number>((resolve, reject) =>
      fs.read(
        this.#fd,
        bytes,
        0,
        bytes.length,
        this.#at,
        (error, count) => error ? reject(error) : resolve(count),
      )
    );
    return this.#moved(count, bytes.length);
  }

  readSync(bytes: Uint8Array): number | null {
    const count = this.#modules.fs.readSync(this.#fd, bytes, 0, bytes.length, this.#at);
    return this.#moved(count, bytes.length);
  }

  async write(bytes: Uint8Array): Promise<number> {
    const { fs } = this.#modules;
    const count = await new Promise<number>((resolve, reject) =>
      fs.write(
        this.#fd,
        bytes,
        0,
        bytes.length,
        this.#at,
        (error, count) => error ? reject(error) : resolve(count),
      )
    );
    this.#at += count;
    return count;
  }

  writeSync(bytes: Uint8Array): number {
    const count = this.#modules.fs.writeSync(this.#fd, bytes, 0, bytes.length, this.#at);
    this.#at += count;
    return count;
  }

  // deno-lint-ignore require-await -- an error is a rejection
  async seek(offset: number, from: SeekFrom): Promise<number> {
    return this.seekSync(offset, from);
  }

  seekSync(offset: number, from: SeekFrom): number {
    return this.#at = offset + (from === 0 ? 0 : from === 1 ? this.#at : this.statSync().size);
  }

  truncate(length?: number): Promise<void> {
    const { fs } = this.#modules;
    return new Promise((resolve, reject) =>
      fs.ftruncate(this.#fd, length, (error) => error ? reject(error) : resolve())
    );
  }

  truncateSync(length?: number): void {
    this.#modules.fs.ftruncateSync(this.#fd, length);
  }

  // deno-lint-ignore require-await -- an error is a rejection
  async stat(): Promise<FileInfo> {
    return this.statSync();
  }

  statSync(): FileInfo {
    return infoOf(this.#modules.fs.fstatSync(this.#fd));
  }

  sync(): Promise<void> {
    const { fs } = this.#modules;
    return new Promise((resolve, reject) => fs.fsync(this.#fd, (error) => error ? reject(error) : resolve()));
  }

  async tryLock(exclusive: boolean): Promise<boolean> {
    if (this.#unlock) return true;
    if (!exclusive) return !await isLocked(this.#modules, this.#path);
    this.#unlock = await takeLock(this.#modules, this.#path);
    return this.#unlock !== undefined;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unlock?.();
    this.#modules.fs.closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Where there is nothing more to read, Deno says null. */
  #moved(count: number, asked: number): number | null {
    this.#at += count;
    return count === 0 && asked > 0 ? null : count;
  }
}

/** What Node knows of a file, as Deno says it. */
export function infoOf(stats: Stats): FileInfo {
  return {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isSymlink: stats.isSymbolicLink(),
    size: stats.size,
    mtime: stats.mtime,
    dev: stats.dev,
    ino: stats.ino,
    mode: stats.mode,
    uid: stats.uid,
    isBlockDevice: stats.isBlockDevice(),
    isCharDevice: stats.isCharacterDevice(),
    isFifo: stats.isFIFO(),
    isSocket: stats.isSocket(),
  };
}
