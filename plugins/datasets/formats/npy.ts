import { DatasetError } from "../contract.ts";
import { quote } from "../wording.ts";
import type { ByteSource } from "./byte_source.ts";

/** What the start of a `.npy` file of bytes says. */
export interface NpyHeader {
  /** Extents, outermost first. */
  readonly shape: readonly number[];
  /** Where the elements start. */
  readonly offset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** Most bytes of a header; one that is longer describes no plain array. */
const MAX_HEADER = 2 ** 16;

const latin1 = new TextDecoder("latin1");

/**
 * Reads the header of NumPy's file of an array of unsigned bytes (uint8) in row-major order; versions 1 to 3.
 *
 * @param path The file's path, for messages.
 * @throws {DatasetError} Where the file is something else, or is longer or shorter than its header says.
 */
export function readNpyHeader(source: ByteSource, path: string): NpyHeader {
  const start = source.read(0, Math.min(12, source.size));
  if (start.length < 12 || MAGIC.some((byte, i) => start[i] !== byte)) {
    throw new DatasetError(`${path} is no npy file: it does not start as one`);
  }
  const version = start[6]!;
  if (version < 1 || version > 3) {
    throw new DatasetError(`${path} must be of npy version 1, 2 or 3: found ${version}`);
  }
  const view = new DataView(start.buffer);
  const prefix = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER || prefix + length > source.size) {
    throw new DatasetError(
      `${path} is cut short: expected a header of ${length} bytes, found ${source.size}`,
    );
  }
  const header = latin1.decode(source.read(prefix, length));
  const [, type] = /'descr':\s*'([^']*)'/.exec(header) ?? [];
  const [, order] = /'fortran_order':\s*(\w+)/.exec(header) ?? [];
  const [, extents] = /'shape':\s*\(([\d,\s]*)\)/.exec(header) ?? [];
  if (type !== "|u1" && type !== "<u1" || order !== "False" || extents === undefined) {
    throw new DatasetError(
      `${path} must hold bytes ('|u1') in row-major order: found ${
        quote(header.trim())
      }; save array.astype('uint8')`,
    );
  }
  const shape = extents.split(",").map((extent) => extent.trim()).filter((extent) => extent !== "").map(
    Number,
  );
  const expected = shape.reduce((product, extent) => product * extent, 1);
  const offset = prefix + length;
  if (source.size - offset !== expected) {
    throw new DatasetError(
      `${path} does not fit its header: expected ${shape.join("x")} = ${expected} bytes, found ${
        source.size - offset
      }`,
    );
  }
  return { shape, offset };
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
