import { Call, Outside, type Pickled } from "../pickle/pickle.ts";
import { STORAGE_TYPES, type StorageData, type StorageType } from "./storage_types.ts";

/** Bytes of storages, by the keys that a pickle names them by. */
export interface StorageBytes {
  /** Bytes of the whole file, which what is read of it is measured by. */
  readonly fileSize: number;
  /**
   * Reads the bytes of a storage.
   *
   * @param size How many it must have.
   * @throws {SyntaxError} if it has not; as the end of a sentence.
   */
  read(key: string, size: number): Uint8Array<ArrayBuffer>;
}

/** A storage that was read. */
export interface Storage {
  /** Its type. */
  readonly type: StorageType;
  /** Its values. */
  readonly data: StorageData;
}

/** Bytes for each of the file, and as many again, that may be read out of it: tensors may share storages. */
const MOST_TIMES = 16;
const MOST_BESIDES = 2 ** 20;

/** The storages of a file. Each is read once, however many tensors are parts of it. */
export class Storages {
  readonly #bytes: StorageBytes;
  readonly #known = new Map<string, Storage>();
  #room: number;

  /** Reads those of a file. */
  constructor(bytes: StorageBytes) {
    this.#bytes = bytes;
    this.#room = MOST_TIMES * bytes.fileSize + MOST_BESIDES;
  }

  /**
   * The storage that stands in a pickle.
   *
   * @throws {SyntaxError} if it is none, or not there.
   */
  of(outside: Pickled | undefined): Storage {
    const { type, name, key, length } = placeOf(outside);
    const id = `${name} ${key}`;
    const known = this.#known.get(id);
    if (known) return known;
    this.take(length * type.width);
    const bytes = this.#bytes.read(key, length * type.width);
    const storage = { type, data: type.decode(aligned(bytes)) };
    this.#known.set(id, storage);
    return storage;
  }

  /**
   * Counts bytes that are about to be made.
   *
   * @throws {SyntaxError} if they are more than a file of this size should hold.
   */
  take(bytes: number): void {
    this.#room -= bytes;
    if (this.#room >= 0) return;
    throw new SyntaxError(
      `its tensors take more than ${MOST_TIMES} times the ${this.#bytes.fileSize} bytes that it has`,
    );
  }
}

/** What a pickle says of a storage. */
export interface StoragePlace {
  /** Its type. */
  readonly type: StorageType;
  /** What PyTorch calls that. */
  readonly name: string;
  /** Its key. */
  readonly key: string;
  /** How many values it has. */
  readonly length: number;
}

/**
 * What a pickle says of a storage: `("storage", type, key, device, length)`.
 *
 * @throws {SyntaxError} if it says something else.
 */
export function placeOf(outside: Pickled | undefined): StoragePlace {
  const id = outside instanceof Outside && Array.isArray(outside.id) ? outside.id : [];
  const [what, named, key, , length, view] = id.map(textOf);
  if (what !== "storage" || !(named instanceof Call) || typeof key !== "string" || !isCount(length)) {
    throw new SyntaxError("a tensor in it has no storage");
  }
  if (view !== undefined && view !== null) {
    throw new SyntaxError("it holds a view of a storage, which is not read");
  }
  const { name } = named;
  const type = STORAGE_TYPES.get(name);
  if (!type) throw new SyntaxError(`it holds numbers of ${name}, which are not read`);
  return { type, name, key, length };
}

/** The bytes alone, from the beginning of their memory. */
function aligned(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}

/** Texts of Python 2 are bytes. */
export function textOf(value: Pickled): Pickled {
  return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value;
}

/** Whether a value counts something. */
export function isCount(value: Pickled | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
