import type { FileEntry } from "@zip.js/zip.js";
import { DatasetError } from "./contract.ts";
import { isPicture, noPictures, type PictureSource } from "./picture_source.ts";
import { messageOf, quote } from "./wording.ts";

/** Most bytes that one picture in a zip may unpack to; a zip of a kilobyte can hold gigabytes of nothing. */
const MAX_MEMBER = 256 * 2 ** 20;

const STORED = 0;
const DEFLATED = 8;

/**
 * Lists the pictures in a zip file. Only its directory is read now, and single pictures later.
 *
 * @throws {DatasetError} Where the file is no whole zip, holds no pictures, or a picture is encrypted, packed in an
 * unusual way or has a path that leads out of the zip.
 */
export async function openZip(path: string, signal: AbortSignal): Promise<PictureSource> {
  const { configure, ERR_UNSAFE_FILENAME, Reader, ZipReader } = await import("@zip.js/zip.js");
  // One picture is unpacked faster than a worker is asked to
  configure({ useWebWorkers: false });

  class FileReader extends Reader<Deno.FsFile> {
    constructor(readonly file: Deno.FsFile) {
      super(file);
    }

    override async init(): Promise<void> {
      await super.init?.();
      this.size = (await this.file.stat()).size;
    }

    override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
      return Promise.resolve(readAt(this.file, offset, Math.min(length, this.size - offset)));
    }
  }

  const file = await Deno.open(path).catch((cause) => {
    throw new DatasetError(`${quote(path)} cannot be opened: ${messageOf(cause)}`, { cause });
  });
  try {
    await checkZip(file, path);
    const reader = new ZipReader(new FileReader(file), { checkSignature: true });
    const members = new Map<string, FileEntry>();
    const others: string[] = [];
    try {
      for await (const entry of reader.getEntriesGenerator()) {
        signal.throwIfAborted();
        if (entry.directory) continue;
        if (!isPicture(entry.filename)) {
          others.push(entry.filename);
          continue;
        }
        checkMember(entry, path);
        members.set(entry.filename, entry);
      }
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof DatasetError) throw cause;
      const found = messageOf(cause);
      if (found === ERR_UNSAFE_FILENAME) throw climbing((cause as { filename?: string }).filename, path);
      throw damaged(path, found, cause);
    }
    if (members.size === 0) throw noPictures(path, others);
    return {
      names: [...members.keys()].sort(),
      read: async (name) => new Uint8Array(await members.get(name)!.arrayBuffer()),
      async close() {
        await reader.close();
        file.close();
      },
    };
  } catch (cause) {
    file.close();
    throw cause;
  }
}

/** Reads a part of a file. It is synchronous, so that two readings at once cannot move the file under each other. */
function readAt(file: Deno.FsFile, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, length));
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let filled = 0; filled < bytes.length;) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) throw new Error(`the file ends at ${offset + filled}`);
    filled += count;
  }
  return bytes;
}

/** Throws unless a file starts as a zip does; zip.js finds the missing end of one by itself. */
async function checkZip(file: Deno.FsFile, path: string): Promise<void> {
  const start = new Uint8Array(4);
  const count = await file.read(start) ?? 0;
  if (count < 4 || start[0] !== 0x50 || start[1] !== 0x4b) {
    const found = count === 0
      ? "an empty file"
      : Array.from(start.subarray(0, count), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new DatasetError(`${quote(path)} must be a zip file, which starts with 50 4b: found ${found}`);
  }
}

function checkMember(entry: FileEntry, path: string): void {
  const { filename, encrypted, compressionMethod, uncompressedSize } = entry;
  const fail = (what: string) => new DatasetError(`${quote(filename)} in ${quote(path)} ${what}`);
  if (encrypted) throw fail("is encrypted; pack it again without a password");
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw fail(
      `must be stored or deflated (methods 0 and 8): found method ${compressionMethod}; pack it again`,
    );
  }
  if (uncompressedSize > MAX_MEMBER) {
    throw fail(`must unpack to ${MAX_MEMBER} bytes at most: found ${uncompressedSize}`);
  }
}

function climbing(filename: string | undefined, path: string): DatasetError {
  const what = "has a path that leads out of the zip; pack it again with plain paths";
  return new DatasetError(`${quote(filename)} in ${quote(path)} ${what}`);
}

function damaged(path: string, found: string, cause: unknown): DatasetError {
  const what = `must be a whole zip file: found "${found}"; it may be cut short, copy or download it again`;
  return new DatasetError(`${quote(path)} ${what}`, { cause });
}
