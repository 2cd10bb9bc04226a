import { host } from "../../../src/host/host.ts";
import type { Entry } from "@zip.js/zip.js";
import { KIND_BYTES } from "../../../src/pictures/mod.ts";
import { DatasetError } from "../contract.ts";
import type { ByteSource } from "../formats/byte_source.ts";
import { memberPath } from "../formats/member_path.ts";
import { isReadable, partOf, zipEntries } from "../formats/zip.ts";
import { type ArchivePictures, NO_PICTURE, openArchive } from "./archive_pictures.ts";
import { type FilePart, localHeaderLength, readPart } from "./file_part.ts";
import type { PictureSource } from "./picture_source.ts";

/** What to do with members that cannot be read. */
const REPACK_PLAIN = "Pack the zip again without a password.";
const REPACK = "Pack the zip again, stored or deflated.";

/** Most bytes that the path in a link may have. */
const MOST_TARGET = 4096;

/** Bytes of a packed member that hold its first ones once they are unpacked. */
const PACKED_START = 4096;

/** Unix's bits for the kind of a file, and what they are for a link. */
const KIND = 0o170000;
const LINK = 0o120000;

/**
 * Lists the pictures in a zip file. Only its directory is read now, by zip.js, and single pictures later. A
 * link is a picture if one in another folder of the zip is that it leads to.
 *
 * @param within Folder whose other members are counted, empty for all or with `/` at its end.
 * @throws {DatasetError} if the file is no whole zip, holds no pictures that can be read, or has a path that
 * leads out of it.
 */
export function openZip(path: string, signal: AbortSignal, within = ""): Promise<PictureSource> {
  return openArchive(path, within, async (source, pictures) => {
    // What leads out of the zip is found below
    for await (const entry of zipEntries(source, path, { signal, what: "zip file", anyName: true })) {
      addMember(pictures, entry, path, source);
    }
  });
}

/** Takes a member for a picture, for a link, or for something that is passed over. */
function addMember(pictures: ArchivePictures, entry: Entry, path: string, source: ByteSource): void {
  const { encrypted, compressionMethod: method, externalFileAttributes } = entry;
  // Programs of Windows may mark a folder in no other way
  if (entry.directory || /[\\/]$/.test(entry.filename)) return;
  const name = memberPath(entry.filename, path);
  if (encrypted) return pictures.addOther(["encrypted file", "encrypted files"], name, REPACK_PLAIN);
  if (!isReadable(entry)) {
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
  if (part.packed!.size > MOST_TARGET) return pictures.addOther(NO_PICTURE, name);
  try {
    pictures.addLink(name, new TextDecoder().decode(readPart(part, source)));
  } catch (cause) {
    if (!(cause instanceof DatasetError)) throw cause;
    pictures.addOther(["damaged link", "damaged links"], name);
  }
}

/** The first bytes of a member. */
function startOf({ offset, size, packed }: FilePart, source: ByteSource): Uint8Array {
  const bytes = source.read(offset + localHeaderLength(source, offset), Math.min(size, PACKED_START));
  const start = packed!.deflated ? host().unpack(bytes, "deflate", { mayEndEarly: true }) : bytes;
  return start.subarray(0, KIND_BYTES);
}
