import { host, SeekMode } from "../../host/host.ts";
import { readFull } from "../read_full.ts";

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

/** Opens a file for reading in any order. */
export function openFileBytes(path: string | URL): ByteSource {
  const file = host().openSync(path);
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
