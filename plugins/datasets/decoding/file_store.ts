import { host, type HostFile, SeekMode } from "../../../src/host/host.ts";
import { dirname } from "../../../src/host/paths.ts";
import { AtomicFile } from "../../../src/files/atomic_write.ts";
import { openOwnFile } from "../../../src/files/own_folder.ts";
import { readFull } from "../../../src/files/read_full.ts";
import { messageOf, quote } from "../messages.ts";
import type { PictureStore } from "./picture_store.ts";

/** Start of every file, with the version of the format. */
const MAGIC = "decoded pictures 1\n";
/** Bytes before the first image: the magic, what the file is of as JSON, and zeros. */
const HEADER_BYTES = 4096;
/** Bytes in front of each image. */
const CHECK_BYTES = 4;

/** What the images in a file are of. A file with any other value is not used. */
export interface FileStoreSource {
  /** Identifies the source's files (names, sizes, dates) and everything that decides what they become. */
  readonly fingerprint: string;
  /** Number of images. */
  readonly length: number;
  /** Bytes of one. */
  readonly each: number;
}

/**
 * Keeps images in a file, for this run and later ones. Nothing in the file is trusted unchecked: its header
 * must name the same source, or the file is started over; and before each image there is a checksum over it,
 * its place and the source, or else the image counts as not there. So a file may be half filled, cut short,
 * torn by a crash, damaged, or filled by two programs at once, and every image read from it is still right.
 * Checksums guard against accidents: anyone who may write to the cache folder, and wants to, can put other
 * images there.
 */
export class FileStore implements PictureStore {
  #file: HostFile;
  #seed: number;
  #record: Uint8Array;
  #report: (message: string) => void;
  #path: string;
  #full = false;

  private constructor(
    file: HostFile,
    path: string,
    { fingerprint, each }: FileStoreSource,
    report: (message: string) => void,
  ) {
    this.#file = file;
    this.#path = path;
    this.#seed = host().crc32(fingerprint);
    this.#record = new Uint8Array(CHECK_BYTES + each);
    this.#report = report;
  }

  /**
   * Opens the file, or starts a new one if there is none or it holds something else. Creates its folder.
   *
   * @param path Where it is.
   * @param source What its images are of.
   * @param report Called once if images can no longer be kept, for example because the disk is full.
   * @throws {Error} if it cannot be opened or written.
   */
  static async open(
    path: string,
    source: FileStoreSource,
    report: (message: string) => void,
  ): Promise<FileStore> {
    const header = headerOf(source);
    await host().mkdir(dirname(path), { recursive: true });
    if (!await startsWith(path, header)) {
      // A process that has the old file open keeps reading that
      await using begun = await AtomicFile.open(path);
      await begun.write(header);
      await begun.finish();
    }
    return new FileStore(await openOwnFile(path), path, source, report);
  }

  get(index: number, into: Uint8Array): boolean {
    const record = this.#record;
    this.#seek(index);
    if (readFull(this.#file, record) < record.length) return false;
    const image = record.subarray(CHECK_BYTES);
    if (new DataView(record.buffer).getUint32(0) !== this.#checkOf(index, image)) return false;
    into.set(image);
    return true;
  }

  put(index: number, image: Uint8Array): void {
    if (this.#full) return;
    const record = this.#record;
    new DataView(record.buffer).setUint32(0, this.#checkOf(index, image));
    record.set(image, CHECK_BYTES);
    try {
      this.#seek(index);
      for (let written = 0; written < record.length;) {
        written += this.#file.writeSync(record.subarray(written));
      }
    } catch (cause) {
      this.#full = true;
      this.#report(
        `Decoded pictures are no longer kept, as ${quote(this.#path)} cannot be written: ${messageOf(cause)}`,
      );
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #seek(index: number): void {
    this.#file.seekSync(HEADER_BYTES + index * this.#record.length, SeekMode.Start);
  }

  /** Never 0, which a place that was not written holds. */
  #checkOf(index: number, image: Uint8Array): number {
    return host().crc32(image, (this.#seed + index) >>> 0) || 1;
  }
}

function headerOf(source: FileStoreSource): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(new TextEncoder().encode(`${MAGIC}${JSON.stringify(source)}\n`));
  return header;
}

async function startsWith(path: string, header: Uint8Array): Promise<boolean> {
  try {
    using file = await host().open(path);
    const start = new Uint8Array(header.length);
    return readFull(file, start) === start.length && start.every((byte, i) => byte === header[i]);
  } catch (error) {
    if (host().problemOf(error) === "NotFound") return false;
    throw error;
  }
}
