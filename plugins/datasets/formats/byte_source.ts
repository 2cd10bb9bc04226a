import { type ByteSource, openFileBytes } from "../../../src/files/zip/byte_source.ts";
import { KIND_BYTES } from "../../../src/pictures/mod.ts";
import { failure, quote } from "../messages.ts";
import { refuseOther } from "./expected_kind.ts";

export { bytesInMemory, type ByteSource } from "../../../src/files/zip/byte_source.ts";

/**
 * Opens a file for reading in any order.
 *
 * @param anyKind Whether it may be anything; else it is refused if its first bytes say that it is something
 * that is never read here, such as a web page that was saved in its place.
 * @throws {DatasetError} if it cannot be opened.
 */
export function openBytes(path: string, anyKind = false): ByteSource {
  const source = openFile(path);
  if (anyKind) return source;
  try {
    refuseOther(source.read(0, Math.min(KIND_BYTES, source.size)), path);
    return source;
  } catch (cause) {
    source[Symbol.dispose]();
    throw cause;
  }
}

function openFile(path: string): ByteSource {
  try {
    return openFileBytes(path);
  } catch (cause) {
    throw failure(`${quote(path)} cannot be opened`, cause);
  }
}
