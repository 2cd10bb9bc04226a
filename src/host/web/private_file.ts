import { FileError } from "./file_error.ts";
import type { FileInfo, HostFile, SeekFrom } from "../files.ts";
import { webInfo } from "./memory_files.ts";
import { type WebFile, webNavigator, type WebWritable } from "./web_types.ts";

/** An open file in the private file system of a page's origin. What is written counts once it is synced or closed. */
export class PrivateFile implements HostFile {
  readonly #handle: WebFile;
  readonly #path: string;
  /** Does something before whatever is asked of files next. */
  readonly #queue: (work: () => Promise<void>) => void;
  #size: number;
  #at = 0;
  #writing: WebWritable | undefined;
  #unlock: (() => void) | undefined;

  /** A file, with its path, its bytes and what its closing is queued in. */
  constructor(
    handle: WebFile,
    path: string,
    size: number,
    queue: (work: () => Promise<void>) => void,
  ) {
    this.#handle = handle;
    this.#path = path;
    this.#size = size;
    this.#queue = queue;
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const chunk = 2 ** 16;
    return new ReadableStream({
      pull: async (controller) => {
        const bytes = new Uint8Array(chunk);
        const count = await this.read(bytes);
        if (count === null) controller.close();
        else controller.enqueue(bytes.subarray(0, count));
      },
    });
  }

  async read(bytes: Uint8Array): Promise<number | null> {
    await this.sync();
    const part = (await this.#handle.getFile()).slice(this.#at, this.#at + bytes.length);
    if (part.size === 0) return bytes.length === 0 ? 0 : null;
    bytes.set(await part.bytes());
    this.#at += part.size;
    return part.size;
  }

  async write(bytes: Uint8Array): Promise<number> {
    const writing = await this.#open();
    // What it is given may change while it is written
    await writing.write({ type: "write", position: this.#at, data: bytes.slice() });
    this.#at += bytes.length;
    this.#size = Math.max(this.#size, this.#at);
    return bytes.length;
  }

  seek(offset: number, from: SeekFrom): Promise<number> {
    return Promise.resolve(this.seekSync(offset, from));
  }

  seekSync(offset: number, from: SeekFrom): number {
    return this.#at = offset + (from === 0 ? 0 : from === 1 ? this.#at : this.#size);
  }

  async truncate(length = 0): Promise<void> {
    if (length === this.#size) return;
    await (await this.#open()).truncate(length);
    this.#size = length;
  }

  async stat(): Promise<FileInfo> {
    const { lastModified } = await this.#handle.getFile();
    return webInfo(true, this.#size, new Date(lastModified));
  }

  async sync(): Promise<void> {
    const writing = this.#writing;
    this.#writing = undefined;
    await writing?.close();
  }

  async tryLock(exclusive: boolean): Promise<boolean> {
    if (this.#unlock) return true;
    const { promise: isTaken, resolve: tell } = Promise.withResolvers<boolean>();
    const mode = exclusive ? "exclusive" : "shared";
    const name = `@x/dcgan ${this.#path}`;
    webNavigator().locks.request(name, { mode, ifAvailable: true }, (lock) => {
      tell(lock !== null);
      return lock === null ? undefined : new Promise<void>((resolve) => this.#unlock = resolve);
    });
    return await isTaken;
  }

  close(): void {
    this.#unlock?.();
    this.#unlock = undefined;
    if (this.#writing) this.#queue(() => this.sync());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  readSync(): never {
    return notAtOnce();
  }

  writeSync(): never {
    return notAtOnce();
  }

  truncateSync(): never {
    return notAtOnce();
  }

  statSync(): never {
    return notAtOnce();
  }

  async #open(): Promise<WebWritable> {
    return this.#writing ??= await this.#handle.createWritable({ keepExistingData: true });
  }
}

function notAtOnce(): never {
  throw new FileError(undefined, "The private files of a page cannot be read or written at once");
}
