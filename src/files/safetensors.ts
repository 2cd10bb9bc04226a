/**
 * The safetensors format: named arrays in one file, as PyTorch, Hugging Face and others read and write it.
 *
 * A file is the header's length (unsigned 64-bit, little-endian), the header (JSON: for each name the element
 * type, the shape and where its bytes begin and end), and the bytes of all arrays, one after another without
 * gaps.
 *
 * @module
 */
import { host } from "../host/host.ts";
import { writeFileAtomic } from "./atomic_write.ts";
import { fromBfloat16 } from "./bfloat16.ts";
import { AGAIN, headerLength, PREFIX, problemOfFile, problemOfHead } from "./safetensors_head.ts";

/**
 * The array that holds the values of each element type. `BF16` is read as `F32`; others (`BOOL`, ...) are
 * refused.
 */
export interface SafetensorsArrays {
  /** 64-bit floats. */
  F64: Float64Array<ArrayBuffer>;
  /** 64-bit integers. */
  I64: BigInt64Array<ArrayBuffer>;
  /** 32-bit floats. */
  F32: Float32Array<ArrayBuffer>;
  /** 32-bit integers. */
  I32: Int32Array<ArrayBuffer>;
  /** 16-bit floats. */
  F16: Float16Array<ArrayBuffer>;
  /** Bytes. */
  U8: Uint8Array<ArrayBuffer>;
}

/** Name of an element type. */
export type SafetensorsDType = keyof SafetensorsArrays;

/** An array of numbers on the host, row-major, with its shape. */
export type TensorData<D extends SafetensorsDType = SafetensorsDType> = {
  [Name in D]: {
    /** Element type. */
    readonly dtype: Name;
    /** Extents, outermost first; empty for a single number. */
    readonly shape: readonly number[];
    /** The elements. */
    readonly data: SafetensorsArrays[Name];
  };
}[D];

/** What a safetensors file holds. */
export interface Safetensors {
  /** The arrays by name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** What the writer noted about the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Element types that are read. */
type ReadDType = SafetensorsDType | "BF16";

interface Entry {
  readonly name: string;
  readonly dtype: ReadDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Largest alignment first, so that laying types out in this order keeps every element aligned. */
const ARRAYS: { readonly [D in SafetensorsDType]: new (bytes: ArrayBuffer) => SafetensorsArrays[D] } = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  F16: Float16Array,
  U8: Uint8Array,
};

const BYTES: Readonly<Record<ReadDType, number>> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, U8: 1 };

/**
 * The bytes of a safetensors file. The same tensors in the same order give the same bytes.
 *
 * @throws {RangeError} if a tensor's values do not fit its shape.
 * @throws {TypeError} if they are not of its element type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeSafetensors, encodeSafetensors } from "@x/dcgan/nn";
 *
 * const bias = { dtype: "F32", shape: [2], data: new Float32Array([1, 2]) } as const;
 * const { tensors } = decodeSafetensors(encodeSafetensors(new Map([["bias", bias]])));
 * assertEquals(tensors.get("bias")?.data, Float32Array.of(1, 2));
 * ```
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const order = Object.keys(ARRAYS);
  const sorted = [...tensors].sort(([, a], [, b]) => order.indexOf(a.dtype) - order.indexOf(b.dtype));
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push(["__metadata__", metadata]);
  if (tensors.has("__metadata__")) {
    throw new RangeError("Cannot write a tensor named '__metadata__': rename it");
  }
  let bytes = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    checkTensor(name, { dtype, shape, data } as TensorData);
    entries.push([name, { dtype, shape, data_offsets: [bytes, bytes += data.byteLength] }]);
  }
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const start = PREFIX + Math.ceil(header.length / 8) * 8;
  const file = new Uint8Array(start + bytes).fill(0x20, 0, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - PREFIX), true);
  file.set(header, PREFIX);
  let at = start;
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * Reads the bytes of a safetensors file. All that the header says is checked against the bytes that are there
 * before anything of that size is made.
 *
 * @param bytes The whole file.
 * @param source Name of the file, for messages.
 * @throws {SyntaxError} if the file is truncated or not safetensors, if its tensors do not lie one after
 * another, if two have one name, or if one has an element type that is neither BF16 nor among
 * {@linkcode SafetensorsArrays}. A file of another kind that is known, such as PyTorch's own, is named, with
 * what to do.
 */
export function decodeSafetensors(bytes: Uint8Array, source = "the safetensors file"): Safetensors {
  const fail = (problem: string, cause?: unknown): never => {
    throw new SyntaxError(`Cannot read ${source}: ${problem}`, { cause });
  };
  const problem = problemOfHead(bytes, bytes.length);
  if (problem !== undefined) fail(problem);
  const start = PREFIX + Number(headerLength(bytes));
  let header: unknown;
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(PREFIX, start));
    header = JSON.parse(text);
  } catch (cause) {
    fail("its header is not JSON (damaged, or no safetensors)", cause);
  }
  if (!isRecord(header)) return fail("its header must be a JSON object");

  const { __metadata__: metadata = {}, ...described } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    fail("the '__metadata__' in its header must map names to strings");
  }
  const entries = Object.entries(described).map(([name, value]) => parseEntry(name, value, fail));
  const twice = nameTwice(text);
  if (twice !== undefined) fail(`its header describes '${twice}' twice`);
  const available = bytes.length - start;
  let reached = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (end > available) {
      fail(`tensor '${name}' ends at byte ${end} of the data, found ${available} (truncated). ${AGAIN}`);
    }
    if (begin !== reached) {
      const relation = begin < reached ? "overlaps the one before it" : "leaves a gap before it";
      fail(`tensor '${name}' ${relation}: it begins at byte ${begin} of the data, expected ${reached}`);
    }
    reached = end;
  }
  if (reached !== available) fail(`its tensors end at byte ${reached} of the data, found ${available} bytes`);

  const tensors = entries.map(({ name, dtype, shape, begin, end }) => {
    const copy = bytes.slice(start + begin, start + end).buffer;
    if (dtype === "BF16") {
      return [name, { dtype: "F32", shape, data: fromBfloat16(copy) } as TensorData] as const;
    }
    return [name, { dtype, shape, data: new ARRAYS[dtype](copy) } as TensorData] as const;
  });
  return { tensors: new Map(tensors), metadata: metadata as Record<string, string> };
}

/**
 * Reads a safetensors file.
 *
 * @throws {SyntaxError} as {@linkcode decodeSafetensors} does.
 */
export async function readSafetensors(path: string | URL): Promise<Safetensors> {
  // A large file that is none is not read whole
  const problem = await problemOfFile(path);
  if (problem !== undefined) throw new SyntaxError(`Cannot read ${path}: ${problem}`);
  return decodeSafetensors(await host().readFile(path), `${path}`);
}

/**
 * Writes a safetensors file in one go: a reader finds the old file or the whole new one.
 *
 * @throws {RangeError} if a tensor's values do not fit its shape.
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata));
}

function checkTensor(name: string, { dtype, shape, data }: TensorData): void {
  const described = `Cannot write tensor '${name}' of shape [${shape.join(", ")}]`;
  if (!Object.hasOwn(ARRAYS, dtype)) {
    throw new TypeError(
      `${described}: its element type is ${dtype}, allowed are ${Object.keys(ARRAYS).join(", ")}`,
    );
  }
  if (!(data instanceof ARRAYS[dtype])) {
    throw new TypeError(
      `${described}: ${dtype} values come in a ${ARRAYS[dtype].name}, ` +
        `found a ${(data as object).constructor.name}`,
    );
  }
  if (!isCounts(shape)) {
    throw new RangeError(`${described}: every extent must be a whole number of at least 0`);
  }
  const expected = shape.reduce((size, extent) => size * extent, 1);
  if (data.length !== expected) {
    throw new RangeError(`${described}: it takes ${expected} values, found ${data.length}`);
  }
}

/**
 * A name that a header describes twice, which the format forbids: parsed JSON has only the last. All values
 * are objects, so that a text directly in the header is a name.
 */
function nameTwice(header: string): string | undefined {
  const names = new Set<string>();
  let depth = 0;
  for (const [token] of header.matchAll(/"(?:[^"\\]+|\\.)*"|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1) {
      const name = JSON.parse(token) as string;
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return undefined;
}

function parseEntry(name: string, value: unknown, fail: (problem: string) => never): Entry {
  const described = isRecord(value) ? value : fail(`tensor '${name}' must be described by a JSON object`);
  const { dtype, shape, data_offsets: offsets } = described;
  if (typeof dtype !== "string" || !Object.hasOwn(BYTES, dtype)) {
    fail(
      `tensor '${name}' has element type ${JSON.stringify(dtype)}, ` +
        `allowed are ${Object.keys(BYTES).join(", ")}`,
    );
  }
  const extents = isCounts(shape) ? shape : fail(`tensor '${name}' must have a shape of whole numbers`);
  const [begin, end] = isCounts(offsets) && offsets.length === 2 && offsets[0]! <= offsets[1]!
    ? (offsets as [number, number])
    : fail(`tensor '${name}' must have two rising data_offsets, found ${JSON.stringify(offsets)}`);
  const expected = extents.reduce((size, extent) => size * extent, BYTES[dtype as ReadDType]);
  if (end - begin !== expected) {
    fail(`tensor '${name}' (${dtype} [${extents.join(", ")}]) takes ${expected} bytes, found ${end - begin}`);
  }
  return { name, dtype: dtype as ReadDType, shape: extents, begin, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}
