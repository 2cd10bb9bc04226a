import { host, UnpackError } from "../../../src/host/host.ts";
import { DatasetError } from "../contract.ts";
import { messageOf } from "../messages.ts";

/**
 * Unpacks gzip, or returns bytes that are not packed as they are.
 *
 * @param path The file's path, for messages.
 * @param most Most bytes that it may unpack to; a gzip of a megabyte can hold a gigabyte of nothing.
 * @throws {DatasetError} if the gzip is cut short, corrupt, or unpacks to more.
 */
export function unpackGzip(bytes: Uint8Array, path: string, most: number): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return host().unpack(bytes, "gzip", { most });
  } catch (cause) {
    if (cause instanceof UnpackError && cause.kind === "too long") {
      throw new DatasetError(`${path} must unpack to ${most} bytes at most, found more`, { cause });
    }
    throw new DatasetError(
      `${path} cannot be unpacked: expected whole gzip, ` +
        `found "${messageOf(cause)}" after ${bytes.length} bytes; download it again`,
      { cause },
    );
  }
}
