import { type Outside, type Pickled, type ReadPickle, readPickle } from "../pickle/pickle.ts";
import { PickleBytes } from "../pickle/pickle_bytes.ts";
import type { ByteSource } from "../zip/byte_source.ts";
import { placeOf, textOf } from "./storages.ts";
import { type Container, MOST_PICKLE } from "./zip_container.ts";

/** The number that such a file begins with, as a pickle reads it: 0x1950a86a20f9469cfc6c. */
const MAGIC = new PickleBytes(
  Uint8Array.of(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19),
  0,
).long(10);

/** The only version of it. */
const VERSION = 1001;

/** Bytes of the number of values in front of each storage. */
const LENGTH = 8;

/**
 * Opens what `torch.save` wrote before PyTorch 1.6: pickles of a magic number, a version, facts of the
 * machine, what was saved and the keys of its storages, then the storages in that order.
 *
 * @throws {SyntaxError} if it is damaged, or another pickle; as the end of a sentence.
 */
export function openLegacyContainer(source: ByteSource): Container {
  const head = source.read(0, Math.min(source.size, MOST_PICKLE));
  let at = 0;
  const next = (): ReadPickle => {
    const read = readPickle(head, at);
    at = read.end;
    return read;
  };
  if (next().value !== MAGIC) throw new SyntaxError("it is a pickle that torch.save did not write");
  const { value: version } = next();
  if (version !== VERSION) {
    throw new SyntaxError(`it must be of version ${VERSION}, found ${JSON.stringify(version)}`);
  }
  const { value: machine } = next();
  if (machine instanceof Map && machine.get("little_endian") === false) {
    throw new SyntaxError("its numbers have their highest byte first. Save it again on a usual machine");
  }
  const { value: saved, outside } = next();
  const { value: keys } = next();
  if (!Array.isArray(keys)) throw new SyntaxError("it must list the keys of its storages");
  const offsets = offsetsOf(keys, outside, at);
  return {
    saved,
    storages: {
      fileSize: source.size,
      read(key, size) {
        const offset = offsets.get(key);
        if (offset === undefined) throw new SyntaxError(`its storage ${JSON.stringify(key)} is missing`);
        // A length in values is in front of them, which the pickle says as well
        if (offset + size > source.size) {
          throw new SyntaxError(
            `it must have ${offset + size} bytes at least, found ${source.size} (truncated)`,
          );
        }
        return source.read(offset, size);
      },
    },
  };
}

/** Where the values of each storage begin, by its key, if they follow each other in this order. */
function offsetsOf(
  keys: readonly Pickled[],
  outside: readonly Outside[],
  start: number,
): ReadonlyMap<string, number> {
  const places = outside.filter(({ id }) => Array.isArray(id) && textOf(id[0] ?? null) === "storage").map(
    placeOf,
  );
  const sizes = new Map(places.map(({ key, type, length }) => [key, type.width * length]));
  const offsets = new Map<string, number>();
  let offset = start;
  for (const key of keys.map(textOf)) {
    const size = typeof key === "string" ? sizes.get(key) : undefined;
    if (size === undefined) throw new SyntaxError("it lists a storage that no tensor has");
    offsets.set(key as string, offset += LENGTH);
    offset += size;
  }
  return offsets;
}
