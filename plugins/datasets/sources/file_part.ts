import { host, UnpackError } from "../../../src/host/host.ts";
import { DatasetError } from "../contract.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { failure } from "../messages.ts";

/** Where in a file a picture lies: plain data, so that it can be sent to a worker. */
export interface FilePart {
  /** Path of the file. */
  readonly path: string;
  /** Its first byte; of a member of a zip, that of the header in front of it. */
  readonly offset: number;
  /** How many bytes it has there. */
  readonly size: number;
  /** What the zip's directory says of it, if the file is a zip. */
  readonly packed?: PackedMember;
}

/** A member of a zip. */
export interface PackedMember {
  /** Whether it is deflated; else it is stored as it is. */
  readonly deflated: boolean;
  /** Bytes once it is unpacked. */
  readonly size: number;
  /** CRC-32 of those. */
  readonly crc32: number;
}

/** Bytes of the header in front of a member, without name and extra field. */
const LOCAL_HEADER = 30;
const LOCAL_SIGNATURE = 0x04034b50;

/**
 * Reads a part of a file, and unpacks it if it is packed: to no more bytes than the zip says it has, and the
 * right ones.
 *
 * @param source The file, if it is open already.
 * @throws {DatasetError} if it is not as the zip says, or not all there.
 */
export function readPart({ path, offset, size, packed }: FilePart, source?: ByteSource): Uint8Array {
  if (source === undefined) {
    using opened = openBytes(path, true);
    return readPart({ path, offset, size, ...(packed && { packed }) }, opened);
  }
  try {
    if (!packed) return source.read(offset, size);
    return unpack(source.read(offset + localHeaderLength(source, offset), size), packed);
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw failure(`It cannot be read`, cause);
  }
}

/** Length of a member's own header, which need not be as long as the directory's entry. */
export function localHeaderLength(source: ByteSource, offset: number): number {
  const header = new DataView(source.read(offset, LOCAL_HEADER).buffer);
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw new DatasetError("It does not start at the offset in the zip's directory");
  }
  return LOCAL_HEADER + header.getUint16(26, true) + header.getUint16(28, true);
}

function unpack(bytes: Uint8Array, { deflated, size, crc32: expected }: PackedMember): Uint8Array {
  const unpacked = deflated ? inflate(bytes, size) : bytes;
  if (unpacked.length !== size) {
    throw new DatasetError(
      `It unpacks to ${unpacked.length} bytes, not the ${size} that the zip says it has`,
    );
  }
  if (host().crc32(unpacked) !== expected) {
    throw new DatasetError("It is damaged: its checksum does not match");
  }
  return unpacked;
}

function inflate(bytes: Uint8Array, size: number): Uint8Array {
  try {
    return host().unpack(bytes, "deflate", { most: Math.max(1, size) });
  } catch (cause) {
    if (!(cause instanceof UnpackError && cause.kind === "too long")) throw cause;
    throw new DatasetError(`It unpacks to more than the ${size} bytes that the zip says it has`, { cause });
  }
}
