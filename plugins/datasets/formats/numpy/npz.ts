import { host } from "../../../../src/host/host.ts";
import { DatasetError } from "../../contract.ts";
import { failure, quote } from "../../messages.ts";
import { type FilePart, localHeaderLength, readPart } from "../../sources/file_part.ts";
import { bytesInMemory, type ByteSource } from "../byte_source.ts";
import { type NpyHeader, readNpyHeader } from "../npy.ts";
import { isReadable, partOf, zipEntries } from "../zip.ts";

/** Most bytes that a packed array may unpack to; it is held in memory. */
const MOST_UNPACKED = 2 ** 30;

/** Packed bytes of an array's start that its header is surely in. */
const START = 2 ** 14;

/** Bytes of a packed array that are unpacked for its header, at least. */
const HEADER = 2 ** 17;

/** Most arrays of a file that are looked at. */
const MOST_ARRAYS = 1000;

/** An array in a `.npz` file. */
export interface NpzMember {
  /** What it was saved as. */
  readonly name: string;
  /** Its header; what is wrong with it, if that cannot be read. */
  readonly header: NpyHeader | DatasetError;
  /** Where it lies. */
  readonly part: FilePart;
}

/**
 * Lists the arrays in a `.npz` file, which is a zip of `.npy` files. Only the start of each is read.
 *
 * @throws {DatasetError} if the file is no whole zip, or holds no arrays.
 */
export async function npzMembers(
  source: ByteSource,
  path: string,
  signal: AbortSignal,
): Promise<NpzMember[]> {
  const members: NpzMember[] = [];
  for await (const entry of zipEntries(source, path, { signal, what: "npz file" })) {
    if (entry.directory || entry.encrypted || !entry.filename.endsWith(".npy") || !isReadable(entry)) {
      continue;
    }
    if (members.length === MOST_ARRAYS) {
      throw new DatasetError(`${quote(path)} must hold ${MOST_ARRAYS} arrays at most, found more`);
    }
    const part = partOf(entry, path);
    const name = entry.filename.slice(0, -".npy".length);
    members.push({ name, header: headerOf(source, part, `${quote(name)} in ${quote(path)}`), part });
  }
  if (members.length === 0) {
    throw new DatasetError(`${quote(path)} must hold arrays, found none that ends in .npy`);
  }
  return members;
}

/** Reads an array's header from its first bytes. */
function headerOf(source: ByteSource, part: FilePart, path: string): NpyHeader | DatasetError {
  const { size, deflated } = part.packed!;
  try {
    const at = part.offset + localHeaderLength(source, part.offset);
    const start = source.read(at, Math.min(part.size, deflated ? START : HEADER, source.size - at));
    // What follows the part that is read is missing, and may be
    const bytes = deflated ? host().unpack(start, "deflate", { mayEndEarly: true }) : start;
    return readNpyHeader(bytesInMemory(bytes), path, size);
  } catch (cause) {
    if (cause instanceof DatasetError) return cause;
    return failure(`${path} cannot be read`, cause);
  }
}

/**
 * The bytes of an array: a part of the file if it is stored as it is, else unpacked, in memory.
 *
 * @throws {DatasetError} if it is damaged, or unpacks to too much.
 */
export function openMember(source: ByteSource, { name, part }: NpzMember): ByteSource {
  const { path, offset, size, packed } = part;
  const { deflated, size: unpacked } = packed!;
  if (deflated) {
    if (unpacked > MOST_UNPACKED) {
      throw new DatasetError(
        `${quote(name)} in ${quote(path)} must unpack to ${MOST_UNPACKED} bytes at most, ` +
          `found ${unpacked}; ` +
          `unpack it to a file of its own with unzip ${quote(path)} ${quote(`${name}.npy`)}`,
      );
    }
    return bytesInMemory(readPart(part, source));
  }
  const start = offset + localHeaderLength(source, offset);
  return {
    size,
    read(from, length) {
      if (from + length > size) {
        throw new RangeError(`${length} bytes from ${from} on are not there: it has ${size}`);
      }
      return source.read(start + from, length);
    },
    [Symbol.dispose]: () => {},
  };
}
