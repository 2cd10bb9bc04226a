import { host, UnpackError } from "../../host/host.ts";
import type { ByteSource } from "./byte_source.ts";

/** Where in a file bytes lie: plain data, so that it can be sent to a worker. */
export interface ZipMember {
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
 * @throws {SyntaxError} if it is not as the zip says.
 * @throws {Error} if it is not all there.
 */
export function readMember({ offset, size, packed }: ZipMember, source: ByteSource): Uint8Array<ArrayBuffer> {
  if (!packed) return source.read(offset, size);
  return unpack(source.read(offset + localHeaderLength(source, offset), size), packed);
}

/**
 * Length of a member's own header, which need not be as long as the directory's entry.
 *
 * @throws {SyntaxError} if there is no such header.
 */
export function localHeaderLength(source: ByteSource, offset: number): number {
  const header = new DataView(source.read(offset, LOCAL_HEADER).buffer);
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw new SyntaxError("It does not start at the offset in the zip's directory");
  }
  return LOCAL_HEADER + header.getUint16(26, true) + header.getUint16(28, true);
}

function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  { deflated, size, crc32: expected }: PackedMember,
): Uint8Array<ArrayBuffer> {
  const unpacked = deflated ? inflate(bytes, size) : bytes;
  if (unpacked.length !== size) {
    throw new SyntaxError(`It unpacks to ${unpacked.length} bytes, not the ${size} that the zip says it has`);
  }
  if (host().crc32(unpacked) !== expected) {
    throw new SyntaxError("It is damaged: its checksum does not match");
  }
  return unpacked;
}

function inflate(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  try {
    return host().unpack(bytes, "deflate", { most: Math.max(1, size) });
  } catch (cause) {
    if (!(cause instanceof UnpackError && cause.kind === "too long")) throw cause;
    throw new SyntaxError(`It unpacks to more than the ${size} bytes that the zip says it has`, { cause });
  }
}
