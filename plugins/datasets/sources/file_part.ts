import {
  localHeaderLength as headerLength,
  readMember,
  type ZipMember,
} from "../../../src/files/zip/zip_member.ts";
import { DatasetError } from "../contract.ts";
import { type ByteSource, openBytes } from "../formats/byte_source.ts";
import { failure } from "../messages.ts";

/** Where in a file a picture lies: plain data, so that it can be sent to a worker. */
export interface FilePart extends ZipMember {
  /** Path of the file. */
  readonly path: string;
}

/**
 * Reads a part of a file, and unpacks it if it is packed: to no more bytes than the zip says it has, and the
 * right ones.
 *
 * @param source The file, if it is open already.
 * @throws {DatasetError} if it is not as the zip says, or not all there.
 */
export function readPart(part: FilePart, source?: ByteSource): Uint8Array {
  if (source === undefined) {
    using opened = openBytes(part.path, true);
    return readPart(part, opened);
  }
  return saidOfIt(() => readMember(part, source));
}

/**
 * Length of a member's own header, which need not be as long as the directory's entry.
 *
 * @throws {DatasetError} if there is no such header.
 */
export function localHeaderLength(source: ByteSource, offset: number): number {
  return saidOfIt(() => headerLength(source, offset));
}

/** Does something with a member, and says what is wrong with it. */
function saidOfIt<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new DatasetError(cause.message, { cause });
    throw failure(`It cannot be read`, cause);
  }
}
