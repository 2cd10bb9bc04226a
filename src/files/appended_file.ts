import { host, SeekMode } from "../host/host.ts";
import { syncFolderOf } from "./atomic_write.ts";

/** Bytes that wait at most, where appending copies the file. */
const MOST_WAITING = 2 ** 20;

/**
 * A file that grows at its end. What cannot be written is kept, and written with the next. Where appending
 * copies the file, what is appended is written when it is synced.
 */
export class AppendedFile {
  /** Path of the file. */
  readonly path: string;
  #pending: Uint8Array[] = [];
  /** Where the file ended before writing to it failed. */
  #end: number | undefined;
  #isNew = true;

  /** The file, which need not be there yet. */
  constructor(path: string) {
    this.path = path;
  }

  /**
   * Appends bytes, after those that could not be written before.
   *
   * @throws {Error} naming the file.
   */
  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) this.#pending.push(bytes);
    const waiting = this.#pending.reduce((sum, { length }) => sum + length, 0);
    if (!host().appendsByCopy || waiting > MOST_WAITING) await this.#write();
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0) return;
    try {
      using file = await host().open(this.path, { write: true, create: true });
      this.#end ??= await file.seek(0, SeekMode.End);
      // Half of what could not be written may be there
      await file.truncate(this.#end);
      await file.seek(this.#end, SeekMode.Start);
      for (const bytes of this.#pending) {
        for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
      }
    } catch (cause) {
      throw this.#failure(cause);
    }
    this.#end = undefined;
    this.#pending = [];
  }

  /**
   * Forces all to disk, that as well which could not be written before.
   *
   * @throws {Error} naming the file.
   */
  async sync(): Promise<void> {
    await this.#write();
    try {
      using file = await host().open(this.path, { write: true });
      await file.sync();
      if (this.#isNew) await syncFolderOf(this.path);
      this.#isNew = false;
    } catch (cause) {
      // Nothing was ever appended
      if (host().problemOf(cause) === "NotFound") return;
      throw this.#failure(cause);
    }
  }

  #failure(cause: unknown): Error {
    return new Error(`Cannot write ${this.path}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
