import { host, type HostFile, SeekMode } from "../../../src/host/host.ts";
import { readFull } from "../../../src/files/read_full.ts";
import { KIND_BYTES } from "../../../src/pictures/mod.ts";
import { failure, quote } from "../messages.ts";
import { refuseOther } from "./expected_kind.ts";

/** Bytes that can be read in any order: a file, or memory. */
export interface ByteSource extends Disposable {
  /** How many there are. */
  readonly size: number;
  /**
   * Reads some of them. It is synchronous, so that two readings at once cannot move a file under each other.
   *
   * @throws {RangeError} if they are not all there.
   */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

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
  let file: HostFile;
  try {
    file = host().openSync(path);
  } catch (cause) {
    throw failure(`${quote(path)} cannot be opened`, cause);
  }
  const { size } = file.statSync();
  return {
    size,
    read(offset, length) {
      checkRange(offset, length, size);
      const bytes = new Uint8Array(length);
      file.seekSync(offset, SeekMode.Start);
      const filled = readFull(file, bytes);
      if (filled < length) throw new RangeError(`the file ends at ${offset + filled}`);
      return bytes;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/** Bytes in memory; what is read is a copy. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(offset, length) {
      checkRange(offset, length, bytes.length);
      return bytes.slice(offset, offset + length);
    },
    [Symbol.dispose]: () => {},
  };
}

/** Before memory is made for it: a length in a file can be any number. */
function checkRange(offset: number, length: number, size: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
    throw new RangeError(`${length} bytes from ${offset} on are not there: it has ${size}`);
  }
}
