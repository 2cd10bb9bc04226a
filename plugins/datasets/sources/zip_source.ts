import { constants, inflateRawSync } from "node:zlib";
import type { Entry } from "@zip.js/zip.js";
import { KIND_BYTES } from "../../../src/pictures/mod.ts";
import { DatasetError } from "../contract.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { memberPath } from "../formats/member_path.ts";
import { messageOf, quote } from "../messages.ts";
import { ArchivePictures } from "./archive_pictures.ts";
import { type FilePart, localHeaderLength, readPart } from "./file_part.ts";
import { fingerprintFiles } from "./fingerprint.ts";
import { PassedOver } from "./passed_over.ts";
import { noPictures, type PictureSource } from "./picture_source.ts";

/** What to do with members that cannot be read. */
const REPACK_PLAIN = "Pack the zip again without a password.";
const REPACK = "Pack the zip again, stored or deflated.";

/** Most bytes of a zip's directory, which is read as a whole; those of ten million pictures have fewer. */
const MOST_DIRECTORY = 2 ** 30;

/** Most bytes that the path in a link may have. */
const MOST_TARGET = 4096;

/** Bytes of a packed member that hold its first ones once they are unpacked. */
const PACKED_START = 4096;

/** Unix's bits for the kind of a file, and what they are for a link. */
const KIND = 0o170000;
const LINK = 0o120000;

const STORED = 0;
const DEFLATED = 8;

/**
 * Lists the pictures in a zip file. Only its directory is read now, by zip.js, and single pictures later. A link is a picture
 * where one in another folder of the zip is that it leads to.
 *
 * @param within Folder whose other members are counted, empty for all or with `/` at its end.
 * @throws {DatasetError} if the file is no whole zip, holds no pictures that can be read, or has a path that leads out of
 * it.
 */
export async function openZip(path: string, signal: AbortSignal, within = ""): Promise<PictureSource> {
  const { configure, Reader, ZipReader } = await import("@zip.js/zip.js");
  // One picture is unpacked faster than a worker is asked to
  configure({ useWebWorkers: false });

  class SourceReader extends Reader<ByteSource> {
    constructor(readonly source: ByteSource) {
      super(source);
      this.size = source.size;
    }

    override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
      if (length > MOST_DIRECTORY) {
        throw new DatasetError(
          `${quote(path)} must have a directory of ${MOST_DIRECTORY} bytes at most: found ${length}`,
        );
      }
      // zip.js looks for the end of the directory in more than there may be
      return Promise.resolve(this.source.read(offset, Math.max(0, Math.min(length, this.size - offset))));
    }
  }

  const source = openBytes(path);
  try {
    // What leads out of the zip is found below
    const reader = new ZipReader(new SourceReader(source), { filenameValidation: "tolerant" });
    const passed = new PassedOver(within);
    const pictures = new ArchivePictures(passed);
    try {
      for await (const entry of reader.getEntriesGenerator()) {
        signal.throwIfAborted();
        addMember(pictures, entry, path, source);
      }
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof DatasetError) throw cause;
      throw damaged(path, messageOf(cause), cause);
    }
    const parts = pictures.finish();
    if (parts.size === 0 && within === "") throw noPictures(path, passed);
    return {
      names: [...parts.keys()].sort(),
      passed,
      read: (name) => Promise.try(() => readPart(parts.get(name)!, source)),
      placeOf: (name) => parts.get(name)!,
      fingerprint: (_, signal) => fingerprintFiles([path], signal),
      close: () => Promise.resolve(source[Symbol.dispose]()),
    };
  } catch (cause) {
    source[Symbol.dispose]();
    throw cause;
  }
}

/** Takes a member for a picture, for a link, or for something that is passed over. */
function addMember(pictures: ArchivePictures, entry: Entry, path: string, source: ByteSource): void {
  const { encrypted, compressionMethod: method, externalFileAttributes } = entry;
  // Programs of Windows may mark a folder in no other way
  if (entry.directory || /[\\/]$/.test(entry.filename)) return;
  const name = memberPath(entry.filename, path);
  if (encrypted) return pictures.addOther(["encrypted file", "encrypted files"], name, REPACK_PLAIN);
  if (method !== STORED && method !== DEFLATED) {
    return pictures.addOther(
      [`file packed with method ${method}`, `files packed with method ${method}`],
      name,
      REPACK,
    );
  }
  const part = partOf(entry, path);
  if ((externalFileAttributes >>> 16 & KIND) !== LINK) {
    return pictures.addFile(name, part, () => startOf(part, source));
  }
  if (part.packed!.size > MOST_TARGET) {
    return pictures.addOther(["link to no picture", "links to no pictures"], name);
  }
  try {
    pictures.addLink(name, new TextDecoder().decode(readPart(part, source)));
  } catch (cause) {
    if (!(cause instanceof DatasetError)) throw cause;
    pictures.addOther(["damaged link", "damaged links"], name);
  }
}

/** What is needed of a directory's entry, which is thousands of bytes, to read the member later. */
function partOf(entry: Entry, path: string): FilePart {
  const { offset, compressedSize, uncompressedSize, compressionMethod, signature } = entry;
  const packed = { deflated: compressionMethod === DEFLATED, size: uncompressedSize, crc32: signature ?? 0 };
  return { path, offset, size: compressedSize, packed };
}

/** The first bytes of a member. */
function startOf({ offset, size, packed }: FilePart, source: ByteSource): Uint8Array {
  const bytes = source.read(offset + localHeaderLength(source, offset), Math.min(size, PACKED_START));
  const start = packed!.deflated ? inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
  return start.subarray(0, KIND_BYTES);
}

function damaged(path: string, found: string, cause: unknown): DatasetError {
  const what = `must be a whole zip file: found "${found}"; it may be cut short, copy or download it again`;
  return new DatasetError(`${quote(path)} ${what}`, { cause });
}
