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
  /** Whether the first axis is the one whose elements lie side by side (Fortran's order), instead of the last. */
  readonly columnMajor: boolean;
  /** Where the elements start. */
  readonly offset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** Most bytes of a header; one that is longer describes no plain array. */
const MAX_HEADER = 2 ** 16;

/** Most axes that NumPy gives an array. */
const MOST_AXES = 64;

const latin1 = new TextDecoder("latin1");

/** Whether a file starts as NumPy's file of an array does. */
export function startsAsNpy(source: ByteSource): boolean {
  const start = source.read(0, Math.min(MAGIC.length, source.size));
  return start.length === MAGIC.length && MAGIC.every((byte, i) => start[i] === byte);
}

/**
 * Reads the header of NumPy's file of an array, versions 1 to 3, as Python 2 and 3 write it.
 *
 * @param path The file's path, for messages.
 * @param size Bytes of the whole file, where the source has only its start.
 * @throws {DatasetError} if the file is something else, holds no numbers, or is longer or shorter than its header says.
 */
export function readNpyHeader(source: ByteSource, path: string, size: number = source.size): NpyHeader {
  if (!startsAsNpy(source)) throw new DatasetError(`${path} is no npy file: it does not start as one`);
  const start = source.read(0, Math.min(12, source.size));
  const version = start[6] ?? 0;
  if (version < 1 || version > 3) {
    throw new DatasetError(`${path} must be of npy version 1, 2 or 3: found ${version}`);
  }
  const prefix = version === 1 ? 10 : 12;
  if (start.length < prefix) throw new DatasetError(`${path} is cut short: found ${size} bytes in all`);
  const view = new DataView(start.buffer);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER || prefix + length > source.size) {
    throw new DatasetError(`${path} is cut short: expected a header of ${length} bytes, found ${size}`);
  }
  const header = latin1.decode(source.read(prefix, length));
  const [, descr] = /'descr':\s*('[^']*'|\[)/.exec(header) ?? [];
  const [, order] = /'fortran_order':\s*(\w+)/.exec(header) ?? [];
  const [, extents] = /'shape':\s*\(([\dL,\s]*)\)/.exec(header) ?? [];
  if (descr === undefined || order === undefined || extents === undefined) {
    throw new DatasetError(`${path} must say its type, order and shape: found ${quote(header.trim())}`);
  }
  const type = elementType(descr.replaceAll("'", ""), path);
  // Python 2 writes `10L`
  const shape = extents.split(",").map((extent) => extent.trim().replace(/L$/, "")).filter((extent) =>
    extent !== ""
  ).map(Number);
  if (shape.length > MOST_AXES || !shape.every(Number.isSafeInteger)) {
    throw new DatasetError(`${path} must have a shape that an array can have: found ${quote(extents)}`);
  }
  const expected = shape.reduce((product, extent) => product * extent, type.size);
  const offset = prefix + length;
  if (size - offset !== expected) {
    throw new DatasetError(
      `${path} does not fit its header: expected ${
        [...shape, type.name].join("x")
      } = ${expected} bytes, found ${size - offset}${
        size - offset < expected ? "; it may be cut short" : ""
      }`,
    );
  }
  return { shape, type, columnMajor: order === "True", offset };
}

/** The start of a `.npy` file of bytes in row-major order, which follow it. */
export function npyByteHeader(shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${extents}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = new Uint8Array(length).fill(0x20);
  header.set([...MAGIC, 1, 0]);
  new DataView(header.buffer).setUint16(8, length - 10, true);
  header.set(new TextEncoder().encode(text), 10);
  header[length - 1] = 0x0a;
  return header;
}
