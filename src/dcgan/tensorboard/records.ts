import type { HostFile } from "../../host/host.ts";
import { readFullAsync } from "../../files/read_full.ts";
import { maskedCrc32c } from "./crc32c.ts";

/**
 * Bytes around the data of a record: its length and the checksum of that before it, the checksum of the data
 * after it.
 */
const HEAD = 12;
const TAIL = 4;

/** Bytes read at once. */
const CHUNK = 2 ** 20;

/**
 * Data as a record of a TFRecord file: its length in 64 bits, and a masked CRC-32C of the length and of the
 * data.
 */
export function recordOf(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEAD + data.length + TAIL);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, HEAD);
  view.setUint32(HEAD + data.length, maskedCrc32c(data), true);
  return record;
}

/** A record of a file. */
export interface FoundRecord {
  /** Its data, until the next one is read. */
  readonly data: Uint8Array;
  /** Where it ends in the file. */
  readonly end: number;
}

/** The records of a TFRecord file, up to the first that is cut short or damaged. */
export async function* recordsIn(file: HostFile): AsyncGenerator<FoundRecord> {
  const { size } = await file.stat();
  let buffer = new Uint8Array(CHUNK);
  /** Place in the file of the buffer's first byte, and how many it has. */
  let [place, filled, at] = [0, 0, 0];
  /** Whether as many bytes are there from `at` on. */
  const has = async (count: number): Promise<boolean> => {
    if (place + at + count > size) return false;
    if (at + count <= filled) return true;
    const next = count > buffer.length ? new Uint8Array(count) : buffer;
    next.set(buffer.subarray(at, filled));
    [buffer, place, filled, at] = [next, place + at, filled - at, 0];
    filled = await readFullAsync(file, buffer, filled);
    return count <= filled;
  };
  while (await has(HEAD)) {
    const head = new DataView(buffer.buffer, at);
    const length = Number(head.getBigUint64(0, true));
    if (head.getUint32(8, true) !== maskedCrc32c(buffer.subarray(at, at + 8))) return;
    if (!await has(HEAD + length + TAIL)) return;
    const data = buffer.subarray(at + HEAD, at + HEAD + length);
    const checksum = new DataView(buffer.buffer).getUint32(at + HEAD + length, true);
    if (checksum !== maskedCrc32c(data)) return;
    at += HEAD + length + TAIL;
    yield { data, end: place + at };
  }
}
