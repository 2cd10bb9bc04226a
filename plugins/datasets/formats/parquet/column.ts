import type { ByteSource } from "../byte_source.ts";
import { checkEncodings, decodeValues } from "./decode_values.ts";
import type { Room } from "./delta.ts";
import type { ParquetChunk, ParquetColumn } from "./metadata.ts";
import { type ParquetValue, readPlain } from "./plain.ts";
import { readRuns } from "./runs.ts";
import { ThriftReader, type ThriftStruct } from "./thrift.ts";
import { checkCodec, unpackPage } from "./unpack.ts";

/** Most bytes of the values of a chunk: 1 GiB. */
const MOST = 2 ** 30;

/** Bytes that any chunk may unpack to, and how many times as much as it has one may that is larger. */
const ANY = 2 ** 24;
const MOST_GAIN = 256;

/** Most bytes of the header of a page. */
const MOST_HEADER = 2 ** 24;

/** Bytes of memory for values of a chunk that are no views of its pages. */
const MOST_SHARED = 2 ** 28;

const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_2 = 3;

/** What the pages of a chunk have in common. */
interface Pages {
  readonly column: ParquetColumn;
  readonly codec: number;
  /** Values of the dictionary, once its page came. */
  dictionary: ParquetValue[];
  readonly room: Room;
}

/**
 * Throws if a chunk uses more of the format than is read, before any page is.
 *
 * @throws {SyntaxError} What it uses.
 */
export function checkParquetChunk(column: ParquetColumn, chunk: ParquetChunk): void {
  const { name, type, repeated } = column;
  if (repeated) throw new SyntaxError(`column ${name} holds lists`);
  if (type === "other") throw new SyntaxError(`column ${name} holds neither numbers nor bytes`);
  const most = Math.min(MOST, Math.max(ANY, MOST_GAIN * chunk.size));
  if (chunk.unpackedSize > most || chunk.size > MOST) {
    throw new SyntaxError(
      `column ${name} must unpack to ${most} bytes a row group at most, found ${chunk.unpackedSize}`,
    );
  }
  checkCodec(chunk.codec);
  checkEncodings(column, chunk.encodings);
}

/**
 * Reads a column's chunk of a row group: pages of both versions, values in all encodings but those of lists,
 * packed in all ways but LZO. Byte arrays are views of unpacked pages.
 *
 * @param rows Rows of the group.
 * @throws {SyntaxError} if the chunk is damaged, or uses more of the format than that.
 */
export function readParquetChunk(
  source: ByteSource,
  column: ParquetColumn,
  chunk: ParquetChunk,
  rows: number,
): ParquetValue[] {
  checkParquetChunk(column, chunk);
  const values: ParquetValue[] = [];
  const bytes = source.read(chunk.offset, chunk.size);
  for (const page of pageValues(bytes, column, chunk, rows)) {
    for (const value of page) values.push(value);
  }
  if (values.length === rows) return values;
  throw new SyntaxError(`column ${column.name} has ${values.length} values for ${rows} rows`);
}

/**
 * Looks for the first value of a chunk that is there, in the pages that lie whole in its first bytes.
 *
 * @param most How many bytes are read.
 * @returns Nothing if the pages are larger than that; `null` if those that are not have no values.
 * @throws {SyntaxError} if the chunk is damaged there, or cannot be read.
 */
export function peekParquetChunk(
  source: ByteSource,
  column: ParquetColumn,
  chunk: ParquetChunk,
  rows: number,
  most: number,
): ParquetValue | undefined {
  checkParquetChunk(column, chunk);
  const bytes = source.read(chunk.offset, Math.min(chunk.size, most));
  let found: null | undefined;
  for (const page of pageValues(bytes, column, chunk, rows)) {
    for (const value of page) {
      if (value !== null) return value;
      found = null;
    }
  }
  return found;
}

/** The values of a chunk, page by page, as far as its bytes go. */
function* pageValues(
  bytes: Uint8Array,
  column: ParquetColumn,
  { codec, size: whole, unpackedSize }: ParquetChunk,
  rows: number,
): Generator<ParquetValue[]> {
  const pages: Pages = { column, codec, dictionary: [], room: { bytes: MOST_SHARED } };
  let missing = rows;
  let unpacked = 0;
  for (let at = 0; missing > 0;) {
    if (at === bytes.length) return;
    const reader = new ThriftReader(bytes.subarray(0, at + MOST_HEADER), at);
    let header: ThriftStruct;
    try {
      header = reader.struct();
    } catch (cause) {
      // Only a part of the chunk was read
      if (bytes.length < whole) return;
      throw cause;
    }
    const size = header.number(2);
    const packedSize = header.number(3);
    if (size < 0 || packedSize < 0 || reader.offset + packedSize > whole) {
      throw new SyntaxError(`a page of column ${column.name} is cut short`);
    }
    unpacked += size;
    // Pages may not unpack to more than their chunk says, beside the headers that it counts as well
    if (unpacked > Math.min(MOST, unpackedSize + 2 ** 16)) {
      throw new SyntaxError(`column ${column.name} unpacks to more than the ${unpackedSize} bytes it says`);
    }
    at = reader.offset + packedSize;
    if (at > bytes.length) return;
    const page = bytes.subarray(reader.offset, at);
    const kind = header.number(1);
    if (kind === DICTIONARY_PAGE) {
      const count = header.struct(7)?.number(1) ?? 0;
      // No writer puts a value into a dictionary that no row has
      if (count > rows) throw new SyntaxError(`a dictionary has ${count} values, for ${rows} rows`);
      pages.dictionary = readPlain(unpackPage(page, codec, size), column, count);
    } else if (kind === DATA_PAGE || kind === DATA_PAGE_2) {
      const values = (kind === DATA_PAGE ? readPage : readPage2)(page, size, header, pages, missing);
      missing -= values.length;
      yield values;
    }
  }
}

/** Reads a page of some size once it is unpacked, which has no more values than are missing. */
type PageReader = (
  page: Uint8Array,
  size: number,
  header: ThriftStruct,
  pages: Pages,
  missing: number,
) => ParquetValue[];

/** A page of version 1: definition levels, after their length, and values, all packed together. */
const readPage: PageReader = (packed, size, header, pages, missing) => {
  const page = unpackPage(packed, pages.codec, size);
  const data = dataOf(header, 5);
  const count = countOf(data, missing);
  const { optional } = pages.column;
  let start = 0;
  let levels: Uint32Array | undefined;
  if (optional > 0) {
    if (page.length < 4) throw new SyntaxError("a page ends before its values do");
    const length = new DataView(page.buffer, page.byteOffset).getUint32(0, true);
    levels = readRuns(page.subarray(4, 4 + length), bitsFor(optional), count);
    start = 4 + length;
  }
  return valuesOf(page.subarray(start), data.number(2), pages, levels, count);
};

/** A page of version 2: definition levels, never packed, then values. */
const readPage2: PageReader = (page, size, header, pages, missing) => {
  const data = dataOf(header, 8);
  const count = countOf(data, missing);
  const levelSize = data.number(5) + data.number(6);
  if (levelSize < 0 || levelSize > page.length || levelSize > size) {
    throw new SyntaxError("a page is cut short");
  }
  const { optional } = pages.column;
  const levels = optional > 0
    ? readRuns(page.subarray(data.number(6), levelSize), bitsFor(optional), count)
    : undefined;
  const rest = page.subarray(levelSize);
  const plain = data.boolean(7, true) ? unpackPage(rest, pages.codec, size - levelSize) : rest;
  return valuesOf(plain, data.number(4), pages, levels, count);
};

/** What a header says of its page's values. */
function dataOf(header: ThriftStruct, field: number): ThriftStruct {
  const data = header.struct(field);
  if (data !== undefined) return data;
  throw new SyntaxError("a page does not say what it holds; it is damaged");
}

/** Number of values of a page. */
function countOf(data: ThriftStruct, most: number): number {
  const count = data.number(1);
  if (count >= 0 && count <= most) return count;
  throw new SyntaxError(`a page has ${count} values, expected at most ${most}`);
}

function bitsFor(value: number): number {
  return 32 - Math.clz32(value);
}

function valuesOf(
  bytes: Uint8Array,
  encoding: number,
  { column, dictionary, room }: Pages,
  levels: Uint32Array | undefined,
  count: number,
): ParquetValue[] {
  if (levels === undefined) return decodeValues(bytes, encoding, column, dictionary, count, room);
  const isThere = (i: number): boolean => levels[i] === column.optional;
  let present = 0;
  for (let i = 0; i < count; i++) if (isThere(i)) present++;
  const found = decodeValues(bytes, encoding, column, dictionary, present, room);
  let next = 0;
  return Array.from({ length: count }, (_, i) => isThere(i) ? found[next++]! : null);
}
