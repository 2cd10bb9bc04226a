import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { ByteSource } from "../byte_source.ts";
import type { ParquetChunk, ParquetColumn } from "./metadata.ts";
import { type ParquetValue, readPlain } from "./plain.ts";
import { readRuns } from "./runs.ts";
import { unpackSnappy } from "./snappy.ts";
import { ThriftReader, type ThriftStruct } from "./thrift.ts";

/** Most bytes of a page, or of the values of a chunk: 1 GiB. */
const MOST = 2 ** 30;

const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const DATA_PAGE_2 = 3;

const PLAIN = 0;
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const RLE_DICTIONARY = 8;

/**
 * Reads a column's chunk of a row group: pages of both versions, values plain or from a dictionary, packed with Snappy,
 * gzip, Brotli, Zstandard or not at all. Byte arrays are views of unpacked pages.
 *
 * @param rows Rows of the group.
 * @throws {SyntaxError} Where the chunk is damaged, or uses more of the format than that.
 */
export function readParquetChunk(
  source: ByteSource,
  column: ParquetColumn,
  chunk: ParquetChunk,
  rows: number,
): ParquetValue[] {
  if (column.repeated) throw new SyntaxError(`column ${column.name} holds lists`);
  if (column.type === "other") throw new SyntaxError(`column ${column.name} holds neither numbers nor bytes`);
  if (chunk.unpackedSize > MOST || chunk.size > MOST) {
    throw new SyntaxError(`column ${column.name} must have ${MOST} bytes a row group at most`);
  }
  const bytes = source.read(chunk.offset, chunk.size);
  const values: ParquetValue[] = [];
  let dictionary: ParquetValue[] = [];
  let unpacked = 0;
  for (let at = 0; values.length < rows;) {
    const reader = new ThriftReader(bytes, at);
    const header = reader.struct();
    const size = header.number(2);
    const packedSize = header.number(3);
    if (size < 0 || packedSize < 0 || reader.offset + packedSize > bytes.length) {
      throw new SyntaxError(`a page of column ${column.name} is cut short`);
    }
    unpacked += size;
    // Pages may not unpack to more than their chunk says, beside the headers that it counts as well
    if (unpacked > Math.min(MOST, chunk.unpackedSize + 2 ** 16)) {
      throw new SyntaxError(
        `column ${column.name} unpacks to more than the ${chunk.unpackedSize} bytes it says`,
      );
    }
    at = reader.offset + packedSize;
    const page = bytes.subarray(reader.offset, at);
    const kind = header.number(1);
    if (kind === DICTIONARY_PAGE) {
      const count = header.struct(7)?.number(1) ?? 0;
      dictionary = readPlain(unpack(page, chunk.codec, size), column, count);
    } else if (kind === DATA_PAGE) {
      readPage(unpack(page, chunk.codec, size), header, column, dictionary, rows, values);
    } else if (kind === DATA_PAGE_2) {
      readPage2(page, chunk.codec, size, header, column, dictionary, rows, values);
    }
  }
  if (values.length === rows) return values;
  throw new SyntaxError(`column ${column.name} has ${values.length} values for ${rows} rows`);
}

/** A page of version 1: definition levels, after their length, and values, all packed together. */
function readPage(
  page: Uint8Array,
  header: ThriftStruct,
  column: ParquetColumn,
  dictionary: readonly ParquetValue[],
  rows: number,
  values: ParquetValue[],
): void {
  const data = header.struct(5);
  const count = countOf(data, rows - values.length);
  let start = 0;
  let levels: Uint32Array | undefined;
  if (column.optional > 0) {
    if (page.length < 4) throw new SyntaxError("a page ends before its values do");
    const length = new DataView(page.buffer, page.byteOffset).getUint32(0, true);
    levels = readRuns(page.subarray(4, 4 + length), bitsFor(column.optional), count);
    start = 4 + length;
  }
  appendValues(page.subarray(start), data!.number(2), column, dictionary, levels, count, values);
}

/** A page of version 2: definition levels, never packed, then values. */
function readPage2(
  page: Uint8Array,
  codec: number,
  size: number,
  header: ThriftStruct,
  column: ParquetColumn,
  dictionary: readonly ParquetValue[],
  rows: number,
  values: ParquetValue[],
): void {
  const data = header.struct(8);
  const count = countOf(data, rows - values.length);
  const levelSize = data!.number(5) + data!.number(6);
  if (levelSize < 0 || levelSize > page.length || levelSize > size) {
    throw new SyntaxError("a page is cut short");
  }
  const levels = column.optional > 0
    ? readRuns(page.subarray(data!.number(6), levelSize), bitsFor(column.optional), count)
    : undefined;
  const rest = page.subarray(levelSize);
  const plain = data!.boolean(7, true) ? unpack(rest, codec, size - levelSize) : rest;
  appendValues(plain, data!.number(4), column, dictionary, levels, count, values);
}

/** Number of values of a page. */
function countOf(data: ThriftStruct | undefined, most: number): number {
  const count = data?.number(1) ?? 0;
  if (count >= 0 && count <= most) return count;
  throw new SyntaxError(`a page has ${count} values, where ${most} are missing`);
}

function bitsFor(value: number): number {
  return 32 - Math.clz32(value);
}

function appendValues(
  bytes: Uint8Array,
  encoding: number,
  column: ParquetColumn,
  dictionary: readonly ParquetValue[],
  levels: Uint32Array | undefined,
  count: number,
  values: ParquetValue[],
): void {
  const isThere = (i: number): boolean => levels === undefined || levels[i] === column.optional;
  let present = 0;
  for (let i = 0; i < count; i++) if (isThere(i)) present++;
  const found = decodeValues(bytes, encoding, column, dictionary, present);
  for (let i = 0, next = 0; i < count; i++) values.push(isThere(i) ? found[next++]! : null);
}

function decodeValues(
  bytes: Uint8Array,
  encoding: number,
  column: ParquetColumn,
  dictionary: readonly ParquetValue[],
  count: number,
): ParquetValue[] {
  if (encoding === PLAIN) return readPlain(bytes, column, count);
  // Behind the length of all runs
  if (encoding === RLE && column.type === "bool") return Array.from(readRuns(bytes.subarray(4), 1, count));
  if (encoding !== PLAIN_DICTIONARY && encoding !== RLE_DICTIONARY) {
    throw new SyntaxError(
      `column ${column.name} has encoding ${encoding}, expected plain or dictionary (0, 2, 8)`,
    );
  }
  if (count === 0) return [];
  const places = readRuns(bytes.subarray(1), bytes[0] ?? 0, count);
  return Array.from(places, (place) => {
    const value = dictionary[place];
    if (value === undefined) {
      throw new SyntaxError(`entry ${place} of ${dictionary.length} in a dictionary is used`);
    }
    return value;
  });
}

function unpack(bytes: Uint8Array, codec: number, size: number): Uint8Array {
  const options = { maxOutputLength: Math.max(1, size) };
  const names = ["", "Snappy", "gzip", "LZO", "Brotli", "LZ4", "Zstandard", "LZ4"];
  let out: Uint8Array;
  if (codec === 0) out = bytes;
  else if (size === 0) out = new Uint8Array();
  else if (codec === 1) out = unpackSnappy(bytes, size);
  else if (codec === 2) out = gunzipSync(bytes, options);
  else if (codec === 4) out = brotliDecompressSync(bytes, options);
  else if (codec === 6) out = zstdDecompressSync(bytes, options);
  else {throw new SyntaxError(
      `it is packed with ${names[codec] ?? `method ${codec}`}, which is not supported`,
    );}
  if (out.length === size) return out;
  throw new SyntaxError(`a page unpacks to ${out.length} bytes, expected ${size}`);
}
