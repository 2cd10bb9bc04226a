import type { FileEntry } from "@zip.js/zip.js";
import { DatasetError } from "../contract.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { type FilePart, readPart } from "./file_part.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { isPicture, noPictures, type PictureSource } from "./picture_source.ts";
import { messageOf, quote } from "../wording.ts";

/** Most bytes that one picture in a zip may unpack to; a zip of a kilobyte can hold gigabytes of nothing. */
const MAX_MEMBER = 256 * 2 ** 20;

/** Unix's bits for the kind of a file, and what they are for a link. */
const KIND = 0o170000;
const LINK = 0o120000;

const STORED = 0;
const DEFLATED = 8;

/**
 * Lists the pictures in a zip file. Only its directory is read now, by zip.js, and single pictures later.
 *
 * @throws {DatasetError} Where the file is no whole zip, holds no pictures, or a picture is encrypted, packed in an
 * unusual way or has a path that leads out of the zip.
 */
export async function openZip(path: string, signal: AbortSignal): Promise<PictureSource> {
  const { configure, ERR_UNSAFE_FILENAME, Reader, ZipReader } = await import("@zip.js/zip.js");
  // One picture is unpacked faster than a worker is asked to
  configure({ useWebWorkers: false });

  class SourceReader extends Reader<ByteSource> {
    constructor(readonly source: ByteSource) {
      super(source);
      this.size = source.size;
    }

    override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
      // zip.js looks for the end of the directory in more than there may be
      return Promise.resolve(this.source.read(offset, Math.max(0, Math.min(length, this.size - offset))));
    }
  }

  const source = openBytes(path);
  try {
    checkZip(source, path);
    const reader = new ZipReader(new SourceReader(source));
    const members = new Map<string, FilePart>();
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
        members.set(entry.filename, partOf(entry, path));
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
      read: (name) => Promise.try(() => readPart(members.get(name)!, source)),
      placeOf: (name) => members.get(name)!,
      fingerprint: (_, signal) => fingerprintFiles([path], signal),
      close: () => Promise.resolve(source[Symbol.dispose]()),
    };
  } catch (cause) {
    source[Symbol.dispose]();
    throw cause;
  }
}

/** Throws unless a file starts as a zip does; zip.js finds the missing end of one by itself. */
function checkZip(source: ByteSource, path: string): void {
  const start = source.read(0, Math.min(4, source.size));
  if (start.length === 4 && start[0] === 0x50 && start[1] === 0x4b) return;
  const found = start.length === 0
    ? "an empty file"
    : Array.from(start, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new DatasetError(`${quote(path)} must be a zip file, which starts with 50 4b: found ${found}`);
}

/** What is needed of a directory's entry, which is thousands of bytes, to read the member later. */
function partOf(entry: FileEntry, path: string): FilePart {
  const { offset, compressedSize, uncompressedSize, compressionMethod, signature } = entry;
  const packed = { deflated: compressionMethod === DEFLATED, size: uncompressedSize, crc32: signature ?? 0 };
  return { path, offset, size: compressedSize, packed };
}

function checkMember(entry: FileEntry, path: string): void {
  const { filename, encrypted, compressionMethod, uncompressedSize, externalFileAttributes } = entry;
  const fail = (what: string) => new DatasetError(`${quote(filename)} in ${quote(path)} ${what}`);
  if ((externalFileAttributes >>> 16 & KIND) === LINK) throw fail("is a link; pack it again without links");
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
  const what = "has a path that leads out of the archive; pack it again with plain paths";
  return new DatasetError(`${quote(filename)} in ${quote(path)} ${what}`);
}

function damaged(path: string, found: string, cause: unknown): DatasetError {
  const what = `must be a whole zip file: found "${found}"; it may be cut short, copy or download it again`;
  return new DatasetError(`${quote(path)} ${what}`, { cause });
}
