import { readDeltaArrays, readDeltaLengths, readDeltas, type Room } from "./delta.ts";
import type { ParquetColumn, ParquetType } from "./metadata.ts";
import { type ParquetValue, readPlain } from "./plain.ts";
import { readRuns } from "./runs.ts";

/** How values are written: its name, and the types of columns that it is read for. */
interface Encoding {
  readonly name: string;
  readonly types: readonly ParquetType[];
}

const all = ["bool", "int32", "int64", "float", "double", "bytes"] as const;

/** The encodings of values, by Parquet's numbers. */
const encodings: Readonly<Record<number, Encoding>> = {
  0: { name: "plain", types: all },
  2: { name: "dictionary", types: all },
  3: { name: "runs", types: ["bool"] },
  5: { name: "delta", types: ["int32", "int64"] },
  6: { name: "delta of lengths", types: ["bytes"] },
  7: { name: "delta of bytes", types: ["bytes"] },
  8: { name: "dictionary", types: all },
  9: { name: "split streams", types: ["int32", "int64", "float", "double"] },
};

/**
 * Encodings that only levels have, which a column lists with those of its values: runs, and bits in a form of
 * old.
 */
const ofLevels = [3, 4];

/**
 * Throws if a column lists an encoding that is not read, before any page is.
 *
 * @throws {SyntaxError} The column, and the encoding.
 */
export function checkEncodings({ name }: ParquetColumn, listed: readonly number[]): void {
  const unknown = listed.find((encoding) => !(encoding in encodings) && !ofLevels.includes(encoding));
  if (unknown === undefined) return;
  throw new SyntaxError(
    `column ${name} has encoding ${unknown}, which is not supported; write it again as plain`,
  );
}

/**
 * Reads the values of a page that are there.
 *
 * @param encoding Parquet's number of the encoding.
 * @param dictionary The values that indices refer to.
 * @param count How many there are.
 * @param room Memory for values that are not views.
 * @throws {SyntaxError} if there are fewer, or the encoding is none for the column's type.
 */
export function decodeValues(
  bytes: Uint8Array,
  encoding: number,
  column: ParquetColumn,
  dictionary: readonly ParquetValue[],
  count: number,
  room: Room,
): ParquetValue[] {
  const { name, type } = column;
  if (!encodings[encoding]?.types.includes(type)) {
    const found = encodings[encoding]?.name ?? `${encoding}`;
    throw new SyntaxError(`column ${name} of ${type} has encoding ${found}, which is not supported for it`);
  }
  if (count === 0) return [];
  switch (encoding) {
    case 0:
      return readPlain(bytes, column, count);
    case 3:
      // Behind the length of all runs
      return Array.from(readRuns(bytes.subarray(4), 1, count));
    case 5:
      return [...readDeltas(bytes, type === "int32" ? 32 : 64, count).values];
    case 6:
      return readDeltaLengths(bytes, count);
    case 7:
      return readDeltaArrays(bytes, count, room);
    case 9:
      return readPlain(
        joinStreams(bytes, type === "int32" || type === "float" ? 4 : 8, count),
        column,
        count,
      );
    default:
      return fromDictionary(bytes, dictionary, count);
  }
}

function fromDictionary(
  bytes: Uint8Array,
  dictionary: readonly ParquetValue[],
  count: number,
): ParquetValue[] {
  const places = readRuns(bytes.subarray(1), bytes[0] ?? 0, count);
  return Array.from(places, (place) => {
    const value = dictionary[place];
    if (value !== undefined) return value;
    throw new SyntaxError(`entry ${place} of ${dictionary.length} in a dictionary is used`);
  });
}

/** Numbers whose first bytes follow each other, then all second bytes, and so on (BYTE_STREAM_SPLIT). */
function joinStreams(bytes: Uint8Array, each: number, count: number): Uint8Array {
  if (bytes.length < count * each) throw new SyntaxError("a page ends before its values do");
  const joined = new Uint8Array(count * each);
  for (let i = 0; i < joined.length; i++) joined[i] = bytes[i % each * count + Math.floor(i / each)]!;
  return joined;
}
