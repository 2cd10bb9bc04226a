import { host, type HostFile, SeekMode } from "../../../src/host/host.ts";
import { openOwnFile } from "../../../src/files/own_folder.ts";
import { failure } from "../messages.ts";

/**
 * A download that is not whole yet: `<path>.part`, with `<path>.part.json` beside it that says what it is the
 * beginning of. It is locked, so that two runs never write to it at once.
 */
export class PartFile implements Disposable {
  /** Path of the unfinished file. */
  readonly path: string;
  readonly #target: string;
  readonly #file: HostFile;
  #length: number;
  /** What the server says that this file is: the URL, and a name for the version of the file there. */
  #version: string;

  private constructor(target: string, file: HostFile, length: number, version: string) {
    this.#target = target;
    this.path = `${target}.part`;
    this.#file = file;
    this.#length = length;
    this.#version = version;
  }

  /** Opens or creates the unfinished file of a path, once no other run has it locked. */
  static async open(target: string, signal: AbortSignal): Promise<PartFile> {
    const path = `${target}.part`;
    let file: HostFile | undefined;
    try {
      file = await openLocked(path, signal);
      const { size } = await file.stat();
      const version = await host().readTextFile(`${path}.json`).catch(() => "");
      return new PartFile(target, file, version === "" ? 0 : size, version);
    } catch (cause) {
      file?.close();
      signal.throwIfAborted();
      throw failure(`${path} cannot be written`, cause);
    }
  }

  /** Bytes that have come. */
  get length(): number {
    return this.#length;
  }

  /** What the bytes are the beginning of; empty if that is not known. */
  get version(): string {
    return this.#version;
  }

  /** Whether another run has finished the download while this one waited for it. */
  async isDone(): Promise<boolean> {
    return await host().stat(this.#target).then(({ isFile }) => isFile, () => false);
  }

  /** Starts from nothing, with another version of the file; an empty one cannot be resumed. */
  restart(version: string): void {
    this.#file.truncateSync(0);
    this.#length = 0;
    this.#version = version;
    // Removed first, as it may be a link, to a file that is no part of this
    removeIfThere(`${this.path}.json`);
    if (version !== "") host().writeTextFileSync(`${this.path}.json`, version, { createNew: true });
  }

  /** Adds bytes at the end. */
  append(bytes: Uint8Array): void {
    try {
      this.#file.seekSync(this.#length, SeekMode.Start);
      for (let written = 0; written < bytes.length;) written += this.#file.writeSync(bytes.subarray(written));
    } catch (cause) {
      throw failure(`${this.path} cannot be written, what has come is kept`, cause);
    }
    this.#length += bytes.length;
  }

  /** Gives the file its name, once it is on the disk. */
  async finish(): Promise<void> {
    await this.#file.sync();
    await host().rename(this.path, this.#target);
    removeIfThere(`${this.path}.json`);
  }

  [Symbol.dispose](): void {
    // A file of no bytes is no beginning of anything
    if (this.#length === 0) removeIfThere(this.path);
    this.#file.close();
  }
}

/** Opens and locks a file, waiting while another program has it locked. */
async function openLocked(path: string, signal: AbortSignal): Promise<HostFile> {
  for (;;) {
    const file = await openOwnFile(path);
    try {
      while (!await file.tryLock(true)) {
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      // The program that had it may have renamed or removed it, and another file may have its name now
      const there = await host().lstat(path).catch(() => undefined);
      if (there !== undefined && there.ino === (await file.stat()).ino) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
}

function removeIfThere(path: string): void {
  try {
    host().removeSync(path);
  } catch (error) {
    if (host().problemOf(error) !== "NotFound") throw error;
  }
}
