import { Call, type Pickled, readPickle } from "../../../src/files/pickle/pickle.ts";
import { DatasetError } from "../contract.ts";
import { messageOf } from "../messages.ts";
import { CIFAR_BYTES } from "./cifar.ts";

/** Ways to say that an array is of bytes. */
const byteTypes: readonly unknown[] = ["u1", "|u1", "uint8"];

/**
 * Reads a file of the Python version of CIFAR, and gives the records of the binary version: a pickled
 * dictionary with the array `data` of n times 3,072 bytes, and a list for each kind of label. Nothing in it
 * is run.
 *
 * @param labels Names of these lists, in the order of the label bytes.
 * @param path The file's path, for messages.
 * @throws {DatasetError} if the file is something else.
 */
export function recordsOfPickle(bytes: Uint8Array, labels: readonly string[], path: string): Uint8Array {
  const batch = valueOf(bytes, path);
  const data = batch instanceof Map ? bytesOf(batch.get("data")) : undefined;
  const lists = batch instanceof Map ? labels.map((name) => batch.get(name)) : [];
  const length = data === undefined ? 0 : data.length / CIFAR_BYTES;
  const fits = data !== undefined && length > 0 && lists.every((list) => isLabels(list, length));
  if (!fits) {
    throw new DatasetError(
      `${path} must hold the bytes "data" of n pictures, and n labels each as "${
        labels.join('" and "')
      }", found ${
        batch instanceof Map
          ? [...batch.keys()].slice(0, 8).map((key) => `"${key}"`).join(", ")
          : "something else"
      }`,
    );
  }
  const record = labels.length + CIFAR_BYTES;
  const records = new Uint8Array(length * record);
  for (let i = 0; i < length; i++) {
    for (const [which, list] of lists.entries()) records[i * record + which] = (list as number[])[i]!;
    records.set(data.subarray(i * CIFAR_BYTES, (i + 1) * CIFAR_BYTES), i * record + labels.length);
  }
  return records;
}

/** What a pickle holds. */
function valueOf(bytes: Uint8Array, path: string): Pickled {
  try {
    return readPickle(bytes).value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const must = `${path} must be a pickle of plain values and arrays`;
    throw new DatasetError(`${must}, found that ${messageOf(cause)}`, { cause });
  }
}

/** The bytes of an array of NumPy, n times 3,072 in row-major order. */
function bytesOf(array: Pickled | undefined): Uint8Array | undefined {
  if (!(array instanceof Call)) return undefined;
  const [bytes, type, shape, isFortran] = partsOf(array);
  const isBytes = type instanceof Call && type.name === "numpy.dtype" &&
    byteTypes.includes(textOf(type.args?.[0]));
  if (!isBytes || isFortran !== false || !(bytes instanceof Uint8Array) || !Array.isArray(shape)) {
    return undefined;
  }
  const [length, each] = shape;
  return shape.length === 2 && each === CIFAR_BYTES && bytes.length === Number(length) * CIFAR_BYTES
    ? bytes
    : undefined;
}

/** Bytes, type, shape and order of an array, as protocol 5 and those before it pickle one. */
function partsOf({ name, args = [], state }: Call): (Pickled | undefined)[] {
  if (name.endsWith("._frombuffer")) return [args[0], args[1], args[2], textOf(args[3]) !== "C"];
  const [, shape, type, isFortran, bytes] = Array.isArray(state) ? state : [];
  return [bytes, type, shape, isFortran];
}

function textOf(value: Pickled | undefined): unknown {
  return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value;
}

function isLabels(list: Pickled | undefined, length: number): boolean {
  return Array.isArray(list) && list.length === length &&
    list.every((label) => Number.isInteger(label) && (label as number) >= 0 && (label as number) < 256);
}
