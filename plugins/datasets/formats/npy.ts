import { readNpyText, startsAsNpy } from "../../../src/files/npy.ts";
import { DatasetError } from "../contract.ts";
import { quote } from "../messages.ts";
import type { ByteSource } from "./byte_source.ts";
import { type ElementType, elementType } from "./numpy/elements.ts";

/** What the start of a `.npy` file says. */
export interface NpyHeader {
  /** Extents, outermost first. */
  readonly shape: readonly number[];
  /** What the elements are. */
  readonly type: ElementType;
  /**
   * Whether the first axis is the one whose elements lie side by side (Fortran's order), instead of the last.
   */
  readonly columnMajor: boolean;
  /** Where the elements start. */
  readonly offset: number;
}

/** Most bytes of a header; one that is longer describes no plain array. */
const MAX_HEADER = 2 ** 16;

/** Most axes that NumPy gives an array. */
const MOST_AXES = 64;

const latin1 = new TextDecoder("latin1");

/**
 * Reads the header of NumPy's file of an array, versions 1 to 3, as Python 2 and 3 write it.
 *
 * @param path The file's path, for messages.
 * @param size Bytes of the whole file, if the source has only its start.
 * @throws {DatasetError} if the file is something else, holds no numbers, or is longer or shorter than its
 * header says.
 */
export function readNpyHeader(source: ByteSource, path: string, size: number = source.size): NpyHeader {
  const start = source.read(0, Math.min(12, source.size));
  if (!startsAsNpy(start)) {
    throw new DatasetError(`${path} must be a .npy file, found other bytes at its start`);
  }
  const version = start[6] ?? 0;
  if (version < 1 || version > 3) {
    throw new DatasetError(`${path} must be of npy version 1, 2 or 3, found ${version}`);
  }
  const prefix = version === 1 ? 10 : 12;
  if (start.length < prefix) {
    throw new DatasetError(`${path} must be a whole .npy file, found only ${size} bytes`);
  }
  const view = new DataView(start.buffer);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER || prefix + length > source.size) {
    throw new DatasetError(`${path} is cut short: expected a header of ${length} bytes, found ${size}`);
  }
  const header = latin1.decode(source.read(prefix, length));
  const { descr, order, extents, shape } = readNpyText(header);
  if (descr === undefined || order === undefined || extents === undefined) {
    throw new DatasetError(`${path} must say its type, order and shape, found ${quote(header.trim())}`);
  }
  const type = elementType(descr, path);
  if (shape.length > MOST_AXES || !shape.every(Number.isSafeInteger)) {
    throw new DatasetError(`${path} must have a shape that an array can have, found ${quote(extents)}`);
  }
  const expected = shape.reduce((product, extent) => product * extent, type.size);
  const offset = prefix + length;
  if (size - offset !== expected) {
    const cut = size - offset < expected ? "; it may be cut short" : "";
    throw new DatasetError(
      `${path} does not fit its header: expected ${[...shape, type.name].join("x")} = ${expected} bytes, ` +
        `found ${size - offset}${cut}`,
    );
  }
  return { shape, type, columnMajor: order === "True", offset };
}
