/** Encodings of values, and LZ4, of Parquet files. */
import "../../../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { bytesInMemory } from "../../../../plugins/datasets/formats/byte_source.ts";
import { peekParquetChunk, readParquetChunk } from "../../../../plugins/datasets/formats/parquet/column.ts";
import { decodeValues } from "../../../../plugins/datasets/formats/parquet/decode_values.ts";
import { readDeltaArrays, readDeltas } from "../../../../plugins/datasets/formats/parquet/delta.ts";
import { unpackHadoopLz4, unpackLz4 } from "../../../../plugins/datasets/formats/parquet/lz4.ts";
import { readParquetMetadata } from "../../../../plugins/datasets/formats/parquet/metadata.ts";
import { ThriftReader } from "../../../../plugins/datasets/formats/parquet/thrift.ts";
import { concat } from "../../../pictures/files.ts";
import { duckdbFile } from "../../support/duckdb_file.ts";

/** All values of a column. */
function column(file: Uint8Array, name: string): unknown[] {
  const source = bytesInMemory(file);
  const { columns, groups } = readParquetMetadata(source);
  const found = columns.find((column) => column.name === name)!;
  return groups.flatMap(({ chunks, rows }) => readParquetChunk(source, found, chunks.get(name)!, rows));
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Numbers whose differences have all widths, up to the largest. */
function numbers(count: number, bits: 32 | 64): bigint[] {
  return Array.from({ length: count }, (_, i) => {
    const width = BigInt(i * 7 % (bits - 1));
    return (i % 3 === 0 ? -1n : 1n) * ((1n << width) - BigInt(i % 5));
  });
}

Deno.test("readParquetChunk() reads every encoding that another implementation writes", () => {
  const count = 700;
  const longs = numbers(count, 64);
  const shorts = numbers(count, 32).map(Number);
  const floats = shorts.map((value) => value / 8);
  const words = Array.from(
    { length: count },
    (_, i) => text(`picture_${Math.floor(i / 3)}${".jpg".slice(i % 5)}`),
  );
  const cases = [
    ["INT32", "DELTA_BINARY_PACKED", shorts, shorts],
    ["INT64", "DELTA_BINARY_PACKED", longs, longs.map(Number)],
    ["BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY", words, words],
    ["BYTE_ARRAY", "DELTA_BYTE_ARRAY", words, words],
    ["INT32", "BYTE_STREAM_SPLIT", shorts, shorts],
    ["INT64", "BYTE_STREAM_SPLIT", longs, longs.map(Number)],
    ["FLOAT", "BYTE_STREAM_SPLIT", floats, floats.map(Math.fround)],
    ["DOUBLE", "BYTE_STREAM_SPLIT", floats, floats],
  ] as const;
  for (const [type, encoding, given, expected] of cases) {
    for (const isMissing of [() => false, (i: number) => i % 4 === 1]) {
      const withGaps = <T>(values: readonly T[]) => values.map((value, i) => isMissing(i) ? null : value);
      const file = new Uint8Array(parquetWriteBuffer({
        columnData: [{ name: "a", data: withGaps<unknown>(given), encoding }],
        schema: [{ name: "root", num_children: 1 }, { name: "a", type, repetition_type: "OPTIONAL" }],
        rowGroupSize: 400,
        pageSize: 500,
      }));
      assertEquals(column(file, "a"), withGaps<unknown>(expected), `${type} ${encoding}`);
    }
  }
});

Deno.test("readParquetChunk() reads what DuckDB writes", () => {
  assertEquals(column(duckdbFile, "label"), [0, 1, 0, 1, 0]);
  for (const bytes of column(duckdbFile, "image.bytes")) {
    assertEquals([...(bytes as Uint8Array).slice(0, 3)], [0x89, 0x50, 0x4e]);
  }
});

Deno.test("peekParquetChunk() finds the first value in few bytes, or says that it cannot", () => {
  const source = bytesInMemory(duckdbFile);
  const { columns, groups: [group] } = readParquetMetadata(source);
  const image = columns.find(({ name }) => name === "image.bytes")!;
  const chunk = group!.chunks.get("image.bytes")!;
  const peek = (most: number) => peekParquetChunk(source, image, chunk, group!.rows, most);
  assert(peek(2 ** 20) instanceof Uint8Array);
  assertEquals(peek(3), undefined);
  assertEquals(peek(100), undefined);
});

/** A varint, and one in zigzag. */
const varint = (value: number): number[] =>
  value < 128 ? [value] : [value % 128 + 128, ...varint(Math.floor(value / 128))];
const zigzag = (value: number) => varint(value < 0 ? -2 * value - 1 : 2 * value);

Deno.test("readDeltas() reads the example of the format's description", () => {
  // 7, 5, 3, 1, 2, 3, 4, 5: the least difference is -2, the others of 2 bits
  const bytes = Uint8Array.from([
    ...varint(128),
    ...varint(4),
    ...varint(8),
    ...zigzag(7),
    ...zigzag(-2),
    ...[2, 0, 0, 0],
    ...[0b11000000, 0b00111111, 0, 0, 0, 0, 0, 0],
  ]);
  assertEquals(readDeltas(bytes, 32, 8), { values: [7, 5, 3, 1, 2, 3, 4, 5], end: bytes.length });
});

Deno.test("readDeltas() and its kin refuse lies, and take no more memory than is left", () => {
  const cases: [number[], number, string][] = [
    [[...varint(128), 4, 3, 0], 2, "a page has 3 values, expected 2"],
    [[...varint(128), 0, 2, 0], 2, "a page has blocks of 128 values in 0 parts"],
    [[...varint(4), 4, 2, 0], 2, "a page has blocks of 4 values in 4 parts"],
    [[...varint(2 ** 31), ...varint(2 ** 28), 2, 0, 0], 2, "a page ends before its values do"],
    [[...varint(128), 4, 2, 0, 0, 99, 0, 0, 0], 2, "values have 99 bits"],
    [[...varint(128), 4, 2, 0, 0, 8, 0, 0, 0], 2, "a page ends before its values do"],
    [[255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], 2, "a page has a number without end"],
  ];
  for (const [bytes, count, message] of cases) {
    assertThrows(() => readDeltas(Uint8Array.from(bytes), 64, count), SyntaxError, message);
  }
  const same = (count: number, first: number, step: number) => [
    ...varint(128),
    4,
    ...varint(count),
    ...zigzag(first),
    ...zigzag(step),
    ...[0, 0, 0, 0],
  ];
  // 100 values that start with all of the one before and add a letter: 5050 bytes of about 130
  const prefixes = same(100, 0, 1);
  const growing = Uint8Array.from([...prefixes, ...same(100, 1, 0), ...new Uint8Array(100).fill(97)]);
  assertEquals(readDeltaArrays(growing, 100, { bytes: 6000 }).map(({ length }) => length).at(-1), 100);
  assertThrows(() => readDeltaArrays(growing, 100, { bytes: 4000 }), SyntaxError, "take too much memory");
  // The same value again and again takes none
  const again = Uint8Array.from([...varint(128), 4, 2, ...zigzag(0), ...zigzag(3), 0, 0, 0, 0]);
  const suffixes = Uint8Array.from([
    ...varint(128),
    4,
    2,
    ...zigzag(3),
    ...zigzag(-3),
    0,
    0,
    0,
    0,
    97,
    98,
    99,
  ]);
  assertEquals(readDeltaArrays(concat([again, suffixes]), 2, { bytes: 0 }), [text("abc"), text("abc")]);
  const far = Uint8Array.from([...varint(128), 4, 2, ...zigzag(0), ...zigzag(4), 0, 0, 0, 0]);
  assertThrows(
    () => readDeltaArrays(concat([far, suffixes]), 2, { bytes: 99 }),
    SyntaxError,
    "a value starts with more than the one before",
  );
  const float = { name: "a", type: "float", optional: 0, repeated: false } as const;
  assertThrows(
    () => decodeValues(new Uint8Array(7), 9, float, [], 2, { bytes: 0 }),
    SyntaxError,
    "a page ends before its values do",
  );
});

Deno.test("unpackLz4() reads literals and copies, and refuses lies", () => {
  // abc, 9 more of it, then the rest as literals; and 300 of one letter, whose length takes two bytes more
  const abc = [0x35, 97, 98, 99, 3, 0, 0x20, 120, 121];
  assertEquals(new TextDecoder().decode(unpackLz4(Uint8Array.from(abc), 14)), "abcabcabcabcxy");
  const long = [0x1f, 97, 1, 0, 255, 25, 0x00];
  assertEquals(unpackLz4(Uint8Array.from(long), 300), new Uint8Array(300).fill(97));
  const many = Uint8Array.from([0xf0, 5, ...new Uint8Array(20).fill(7)]);
  assertEquals(unpackLz4(many, 20), new Uint8Array(20).fill(7));
  const cases: [number[], number, string][] = [
    [abc, 15, "a page unpacks to 14 bytes, expected 15"],
    [abc, 13, "a page packed with LZ4 is damaged"],
    [abc.slice(0, 5), 12, "a page packed with LZ4 is damaged"],
    [[0x10, 97, 2, 0], 5, "a page packed with LZ4 is damaged"],
    [[0x10, 97, 0, 0], 5, "a page packed with LZ4 is damaged"],
    [[0xf0, 255], 300, "a page packed with LZ4 is damaged"],
    [[0x50, 97], 5, "a page packed with LZ4 is damaged"],
    [[0x10, 97], 2 ** 30, "2 bytes cannot unpack to 1073741824"],
  ];
  for (const [bytes, length, message] of cases) {
    assertThrows(() => unpackLz4(Uint8Array.from(bytes), length), SyntaxError, message);
  }
});

Deno.test("unpackHadoopLz4() reads frames, and bare blocks", () => {
  const block = [0x35, 97, 98, 99, 3, 0, 0x20, 120, 121];
  const frame = [0, 0, 0, 14, 0, 0, 0, block.length, ...block];
  const twice = "abcabcabcabcxy".repeat(2);
  const unpacked = unpackHadoopLz4(Uint8Array.from([...frame, ...frame]), 28);
  assertEquals(new TextDecoder().decode(unpacked), twice);
  assertEquals(new TextDecoder().decode(unpackHadoopLz4(Uint8Array.from(block), 14)), "abcabcabcabcxy");
  assertThrows(() => unpackHadoopLz4(Uint8Array.from(frame), 20), SyntaxError);
});

Deno.test("ThriftReader bounds what a header may hold", () => {
  // A list of structs that say nothing, and one of booleans: a byte each
  for (const kind of [12, 1]) {
    const count = 2 ** 21;
    const bytes = new Uint8Array(count + 8);
    bytes.set([0x19, 0xf0 | kind, ...varint(count)]);
    assertThrows(
      () => new ThriftReader(bytes).struct(),
      SyntaxError,
      "a header has more than 1048576 values",
    );
  }
});
