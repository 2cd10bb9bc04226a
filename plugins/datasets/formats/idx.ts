import { DatasetError } from "../contract.ts";

/** An array from an IDX file, the format of MNIST: http://yann.lecun.com/exdb/mnist/ describes it. */
export interface IdxArray {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The values, last axis closest together. */
  readonly data: Uint8Array;
}

/** Code for unsigned bytes in the third byte of the file. */
const UNSIGNED_BYTE = 0x08;

/**
 * Reads an IDX file of unsigned bytes.
 *
 * @param bytes The file, unpacked.
 * @param rank How many axes it must have.
 * @param path The file's path, for messages.
 * @throws {DatasetError} if the file is something else, or is longer or shorter than its header says.
 */
export function readIdx(bytes: Uint8Array, rank: number, path: string): IdxArray {
  const magic = UNSIGNED_BYTE << 8 | rank;
  if (bytes.length < 4) {
    throw new DatasetError(`${path} is not an IDX file: expected a header, found ${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = view.getUint32(0);
  if (found !== magic) {
    throw new DatasetError(
      `${path} is not an IDX file of bytes with ${rank} axes: expected ${hex(magic)} at its start, ` +
        `found ${hex(found)}`,
    );
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new DatasetError(
      `${path} is cut short: expected a header of ${header} bytes, found ${bytes.length}`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = shape.reduce((product, length) => product * length, 1);
  const data = bytes.subarray(header);
  if (data.length !== expected) {
    throw new DatasetError(
      `${path} does not fit its header: expected ${shape.join("x")} = ${expected} bytes, ` +
        `found ${data.length}`,
    );
  }
  return { shape, data };
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
