/**
 * NumPy's `.npy` files, for handing images to other programs.
 *
 * @module
 */

/** An array of 32-bit floats with its shape. */
export interface NpyArray {
  /** Extents, outermost first. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** Magic, version, length of the header. */
const PREFIX = 10;

/**
 * The start of a `.npy` file (version 1.0) in row-major order. The elements follow it, as they are in memory;
 * a long file can so be written piece by piece.
 *
 * @param descr NumPy's code of the elements: little-endian 32-bit floats, or bytes.
 * @throws {RangeError} if an extent is not a whole number of at least 0.
 */
export function npyHeader(shape: readonly number[], descr: "<f4" | "|u1" = "<f4"): Uint8Array<ArrayBuffer> {
  if (!isShape(shape)) {
    throw new RangeError(
      `Cannot write an array of shape [${shape.join(", ")}]: ` +
        "every extent must be a whole number of at least 0",
    );
  }
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${extents}), }`;
  const length = Math.ceil((PREFIX + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length).fill(0x20);
  bytes.set([...MAGIC, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, length - PREFIX, true);
  bytes.set(new TextEncoder().encode(header), PREFIX);
  bytes[length - 1] = 0x0a;
  return bytes;
}

/** Whether a file starts as NumPy's file of an array does. */
export function startsAsNpy(start: Uint8Array): boolean {
  return MAGIC.every((byte, i) => start[i] === byte);
}

/** What a header says of its array, each missing if it does not say that. */
export interface NpyText {
  /** NumPy's code of the elements, such as `<f4`; `[` for records. */
  readonly descr?: string | undefined;
  /** Whether the order is Fortran's: `True` or `False`. */
  readonly order?: string | undefined;
  /** The extents as they are written, and as numbers. */
  readonly extents?: string | undefined;
  readonly shape: readonly number[];
}

/** Reads the text of a header, as Python 2 (which writes `10L`) and 3 write it. */
export function readNpyText(header: string): NpyText {
  const descr = /'descr':\s*(?:'([^']*)'|(\[))/.exec(header);
  const extents = /'shape':\s*\(([\dL,\s]*)\)/.exec(header)?.[1];
  return {
    descr: descr?.[1] ?? descr?.[2],
    order: /'fortran_order':\s*(\w+)/.exec(header)?.[1],
    extents,
    shape: (extents ?? "").split(",").map((extent) => extent.trim().replace(/L$/, ""))
      .filter((extent) => extent !== "").map(Number),
  };
}

/**
 * The bytes of a `.npy` file, for example of images `[N, C, H, W]`, that `numpy.load` reads.
 *
 * @throws {RangeError} if the number of values does not fit the shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeNpy, encodeNpy } from "@x/dcgan/nn";
 *
 * const file = encodeNpy({ shape: [1, 3], data: new Float32Array([1, 2, 3]) });
 * assertEquals(decodeNpy(file).shape, [1, 3]);
 * ```
 */
export function encodeNpy({ shape, data }: NpyArray): Uint8Array<ArrayBuffer> {
  const header = npyHeader(shape);
  const expected = shape.reduce((size, extent) => size * extent, 1);
  if (data.length !== expected) {
    throw new RangeError(
      `Cannot write an array of shape [${shape.join(", ")}]: it takes ${expected} values, ` +
        `found ${data.length}`,
    );
  }
  const file = new Uint8Array(header.length + data.byteLength);
  file.set(header);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return file;
}

/**
 * Reads the bytes of a `.npy` file of little-endian floats in row-major order, of 32 bits, or of 64, which
 * are rounded.
 *
 * @param bytes The whole file.
 * @param source Name of the file, for messages.
 * @throws {SyntaxError} if it is no such file, or truncated.
 */
export function decodeNpy(bytes: Uint8Array, source = "the npy file"): NpyArray {
  if (bytes.length < PREFIX || !startsAsNpy(bytes)) {
    throw new SyntaxError(`Cannot read ${source}: it does not begin as a npy file does`);
  }
  if (bytes[6] !== 1) throw new SyntaxError(`Cannot read ${source}: npy version ${bytes[6]}, expected 1`);
  const start = PREFIX + new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  const header = new TextDecoder("latin1").decode(bytes.subarray(PREFIX, start));
  const { descr, order, extents, shape } = readNpyText(header);
  if (descr !== "<f4" && descr !== "<f8" || order !== "False" || extents === undefined || !isShape(shape)) {
    throw new SyntaxError(
      `Cannot read ${source}: expected '<f4' or '<f8' in row-major order, found ${
        header.trim() || "no header"
      }`,
    );
  }
  const expected = shape.reduce((size, extent) => size * extent, descr === "<f8" ? 8 : 4);
  if (bytes.length - start !== expected) {
    throw new SyntaxError(
      `Cannot read ${source}: shape [${shape.join(", ")}] takes ${expected} bytes, ` +
        `found ${bytes.length - start}`,
    );
  }
  const { buffer } = bytes.slice(start);
  return {
    shape,
    data: descr === "<f8" ? new Float32Array(new Float64Array(buffer)) : new Float32Array(buffer),
  };
}

function isShape(extents: readonly number[]): boolean {
  return extents.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
}
