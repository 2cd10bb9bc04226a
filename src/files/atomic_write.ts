/**
 * Files that are whole or not there.
 *
 * @module
 */
import { host, type HostFile, SeekMode } from "../host/host.ts";

/**
 * Writes a file so that a reader of the path finds either the old content or the whole new one, also after a
 * crash or a power cut: the bytes go to a temporary file beside it, are forced to disk, and only then take
 * its name.
 *
 * A process that is killed on the way leaves `<path>.<random>.tmp` behind, and the old file as it was.
 *
 * @param path Where to write. Its folder must exist.
 * @param content The bytes, in one piece or in several.
 * @throws {Error} naming the file, with what the system reported as its cause. The old file is then untouched
 * and the temporary one removed.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    await using file = await AtomicFile.open(path);
    for await (const chunk of content instanceof Uint8Array ? [content] : content) await file.write(chunk);
    await file.finish();
    await syncFolderOf(path);
  } catch (cause) {
    throw new Error(`Cannot write ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** How an {@linkcode AtomicFile} is written. */
export interface AtomicFileOptions {
  /**
   * Whether nothing may be at the path: when writing begins, and when the file takes its name.
   *
   * @default {false}
   */
  createNew?: boolean;
  /** Makes the error that is thrown of what the system reports; that itself is thrown without it. */
  toError?: (cause: unknown) => unknown;
}

/**
 * A file that takes its name only once it is whole: until then its bytes are in `<path>.<random>.tmp`, which
 * is removed if it is disposed before.
 */
export class AtomicFile implements AsyncDisposable {
  readonly #path: string;
  readonly #temporary: string;
  readonly #options: AtomicFileOptions;
  #file: HostFile | undefined;
  #isNamed = false;

  private constructor(path: string, options: AtomicFileOptions) {
    this.#path = path;
    this.#temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
    this.#options = options;
  }

  /** Begins a file. */
  static async open(path: string, options: AtomicFileOptions = {}): Promise<AtomicFile> {
    const file = new AtomicFile(path, options);
    await file.#try(async () => {
      // Better now than after hours of writing
      if (options.createNew) await claim(path).then(() => host().remove(path));
      file.#file = await host().open(file.#temporary, { write: true, createNew: true });
    });
    return file;
  }

  /** Writes bytes after those before. */
  write(bytes: Uint8Array): Promise<void> {
    return this.#try(async () => {
      for (let written = 0; written < bytes.length;) {
        written += await this.#file!.write(bytes.subarray(written));
      }
    });
  }

  /** Writes over the first bytes. */
  async rewrite(bytes: Uint8Array): Promise<void> {
    await this.#try(() => this.#file!.seek(0, SeekMode.Start));
    await this.write(bytes);
  }

  /** Forces the bytes to disk and gives them their name. */
  async finish(): Promise<void> {
    await this.#try(async () => {
      await this.#file!.sync();
      this.#file!.close();
      this.#file = undefined;
      // A file that came meanwhile stays
      if (this.#options.createNew) await claim(this.#path);
      await host().rename(this.#temporary, this.#path);
      this.#isNamed = true;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#file?.close();
    if (!this.#isNamed) await host().remove(this.#temporary).catch(() => {});
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    const { toError = (cause) => cause } = this.#options;
    return await work().catch((cause) => {
      throw toError(cause);
    });
  }
}

/** Makes an empty file, which needs no permission to read: only if nothing has the name. */
async function claim(path: string): Promise<void> {
  (await host().open(path, { write: true, createNew: true })).close();
}

/** Forces the name of a path to disk. */
export async function syncFolderOf(path: string): Promise<void> {
  const end = path.lastIndexOf("/");
  await host().syncFolder(end < 0 ? "." : path.slice(0, end + 1));
}
