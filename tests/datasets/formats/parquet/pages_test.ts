/** Pages of Parquet files in all the forms that writers of image sets give them. */
import "../../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { bytesInMemory } from "../../../../plugins/datasets/formats/byte_source.ts";
import { readParquetChunk } from "../../../../plugins/datasets/formats/parquet/column.ts";
import {
  type ParquetColumn,
  readParquetMetadata,
} from "../../../../plugins/datasets/formats/parquet/metadata.ts";
import type { ParquetValue } from "../../../../plugins/datasets/formats/parquet/plain.ts";
import { concat } from "../../../pictures/files.ts";

const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

/** Snappy without a single copy: the length, then literals of 60 bytes at most. */
function snappy(bytes: Uint8Array): Uint8Array {
  const parts = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += 60) {
    const part = bytes.subarray(at, at + 60);
    parts.push(Uint8Array.of(part.length - 1 << 2), part);
  }
  return concat(parts);
}

/** How pages are packed: Parquet's number and name, and what does it. */
const codecs = [
  [0, "UNCOMPRESSED", plain],
  [1, "SNAPPY", snappy],
  [2, "GZIP", (bytes: Uint8Array) => plain(gzipSync(bytes))],
  [4, "BROTLI", (bytes: Uint8Array) => plain(brotliCompressSync(bytes))],
  [6, "ZSTD", (bytes: Uint8Array) => plain(zstdCompressSync(bytes))],
] as const;

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 | 128);
  return Uint8Array.of(...bytes, value);
}

/** A struct of Thrift's compact protocol, of whole numbers and structs by the numbers of their fields. */
function thrift(fields: Readonly<Record<number, number | Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  let last = 0;
  for (const [key, value] of Object.entries(fields)) {
    const field = Number(key);
    parts.push(Uint8Array.of(field - last << 4 | (typeof value === "number" ? 5 : 12)));
    parts.push(typeof value === "number" ? varint(value < 0 ? -2 * value - 1 : 2 * value) : value);
    last = field;
  }
  return concat([...parts, Uint8Array.of(0)]);
}

/** A page behind its header, with a checksum that readers may leave alone. */
function page(kind: number, about: Record<number, Uint8Array>, bytes: Uint8Array, pack = plain): Uint8Array {
  const packed = pack(bytes);
  return concat([thrift({ 1: kind, 2: bytes.length, 3: packed.length, 4: -77, ...about }), packed]);
}

const data = (count: number, encoding: number) => ({ 5: thrift({ 1: count, 2: encoding, 3: 3, 4: 3 }) });
const dictionary = (count: number) => ({ 7: thrift({ 1: count, 2: 0 }) });

function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Values as plain encoding has them. */
const plainly = (values: readonly Uint8Array[]) =>
  concat(values.flatMap((value) => [u32(value.length), value]));

/** Definition levels of 0 to 3 in runs of one, after their length. */
function levels(values: readonly number[]): Uint8Array {
  const runs = Uint8Array.from(values.flatMap((value) => [1 << 1, value]));
  return concat([u32(runs.length), runs]);
}

const column: ParquetColumn = { name: "image.bytes", type: "bytes", optional: 2, repeated: false };

function read(chunk: Uint8Array, codec: number, rows: number, of = column): unknown[] {
  const about = { codec, offset: 0, size: chunk.length, unpackedSize: 4096, encodings: [] };
  return shown(readParquetChunk(bytesInMemory(chunk), of, about, rows));
}

function shown(values: readonly ParquetValue[]): unknown[] {
  return values.map((value) => value instanceof Uint8Array ? [...value] : value);
}

Deno.test("readParquetChunk() reads a dictionary that was given up for plain pages, however they are packed", () => {
  const values = [3, 70, 5, 1].map((length) => new Uint8Array(length).fill(length));
  for (const [codec, name, pack] of codecs) {
    const chunk = concat([
      page(2, dictionary(2), plainly(values.slice(0, 2)), pack),
      // Rows 0 to 3: the second of the dictionary, none, the first, none at all
      page(0, data(4, 8), concat([levels([2, 1, 2, 0]), Uint8Array.of(1, 2 << 1 | 1, 0b01)]), pack),
      // Pages of an index are passed over
      page(1, {}, new Uint8Array(9), pack),
      page(0, data(3, 0), concat([levels([2, 2, 0]), plainly(values.slice(2))]), pack),
    ]);
    const expected = [values[1], null, values[0], null, values[2], values[3], null];
    assertEquals(read(chunk, codec, 7), expected.map((value) => value ? [...value!] : null), name);
  }
});

Deno.test("readParquetChunk() reads columns that are never missing, and numbers of both sizes", () => {
  const of = (type: ParquetColumn["type"]) => ({ ...column, type, optional: 0 });
  const long = new Uint8Array(BigInt64Array.of(5n, -1n, 2n ** 40n).buffer);
  assertEquals(read(page(0, data(3, 0), long), 0, 3, of("int64")), [5, -1, 2 ** 40]);
  const short = new Uint8Array(Int32Array.of(5, -1, 9).buffer);
  assertEquals(read(page(0, data(3, 0), short), 0, 3, of("int32")), [5, -1, 9]);
  assertEquals(read(page(0, data(2, 0), plainly([short, long])), 0, 2, of("bytes")), [[...short], [...long]]);
  const single = new Uint8Array(Float32Array.of(0.5, -2, 1e9).buffer);
  assertEquals(read(page(0, data(3, 0), single), 0, 3, of("float")), [0.5, -2, 1e9]);
  const double = new Uint8Array(Float64Array.of(0.1, -1e300).buffer);
  assertEquals(read(page(0, data(2, 0), double), 0, 2, of("double")), [0.1, -1e300]);
});

Deno.test("readParquetChunk() reads bits, plain and in runs", () => {
  const bits = { ...column, type: "bool", optional: 0 } as const;
  const plainBits = page(0, data(10, 0), Uint8Array.of(0b00101101, 0b10));
  assertEquals(read(plainBits, 0, 10, bits), [1, 0, 1, 1, 0, 1, 0, 0, 0, 1]);
  const runs = Uint8Array.of(4, 0, 0, 0, 3 << 1, 1, 1 << 1 | 1, 0b0110);
  assertEquals(read(page(0, data(7, 3), runs), 0, 7, bits), [1, 1, 1, 0, 1, 1, 0]);
  assertThrows(() => read(page(0, data(9, 0), Uint8Array.of(1)), 0, 9, bits), SyntaxError, "ends before");
});

Deno.test("readParquetChunk() names what it does not read, and refuses pages that lie", () => {
  const values = plainly([Uint8Array.of(1)]);
  const good = { ...column, optional: 0 };
  const cases: [Uint8Array, number, ParquetColumn, string][] = [
    [page(0, data(1, 5), values), 0, good, "column image.bytes of bytes has encoding delta, which is not"],
    [
      page(0, data(1, 77), values),
      0,
      good,
      "column image.bytes of bytes has encoding 77, which is not supported",
    ],
    [
      page(0, data(1, 0), values),
      3,
      good,
      "it is packed with LZO, which is not supported; write it again packed",
    ],
    [page(0, data(1, 0), values), 2, good, "a page packed with gzip is damaged (incorrect header check)"],
    [page(0, {}, values), 0, good, "a page does not say what it holds; it is damaged"],
    [page(0, data(1, 0), values), 9, good, "it is packed with method 9, which is not supported"],
    [page(0, data(1, 0), values), 0, { ...good, repeated: true }, "column image.bytes holds lists"],
    [page(0, data(2, 0), values), 0, good, "a page has 2 values, expected at most 1"],
    [page(0, data(1, 0), values.with(0, 9)), 0, good, "a page ends before its values do"],
    [page(0, data(1, 8), Uint8Array.of(1, 1 << 1, 1)), 0, good, "entry 1 of 0 in a dictionary is used"],
    [page(2, dictionary(2 ** 30), values), 0, good, "a dictionary has 1073741824 values, for 1 rows"],
    [page(0, data(1, 0), new Uint8Array(2 ** 17)), 0, good, "unpacks to more than the 4096 bytes it says"],
  ];
  for (const [chunk, codec, of, message] of cases) {
    assertThrows(() => read(chunk, codec, 1, of), SyntaxError, message);
  }
});

Deno.test("readParquetChunk() reads what another implementation writes, however it is packed", () => {
  const pictures = Array.from({ length: 30 }, (_, i) => new Uint8Array(40 + i % 7 * 90).fill(i % 5));
  const kinds = pictures.map((_, i) => ["cat", "dog", "owl"][i % 3]!);
  const optional = { repetition_type: "OPTIONAL" } as const;
  for (const [, codec, pack] of codecs) {
    const file = new Uint8Array(parquetWriteBuffer({
      codec,
      compressors: { [codec]: pack },
      pageSize: 900,
      rowGroupSize: 17,
      columnData: [
        { name: "image", data: pictures.map((bytes, i) => i === 20 ? null : { bytes, path: `${i}.png` }) },
        { name: "label", data: kinds },
      ],
      schema: [
        { name: "root", num_children: 2 },
        { name: "image", num_children: 2, ...optional },
        { name: "bytes", type: "BYTE_ARRAY", ...optional },
        { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", ...optional },
        { name: "label", type: "BYTE_ARRAY", converted_type: "UTF8", ...optional },
      ],
    }));
    const source = bytesInMemory(file);
    const { columns, groups } = readParquetMetadata(source);
    const all = (name: string) =>
      shown(
        groups.flatMap(({ chunks, rows }) =>
          readParquetChunk(source, columns.find((one) => one.name === name)!, chunks.get(name)!, rows)
        ),
      );
    assertEquals(groups.map(({ rows }) => rows), [17, 13]);
    assertEquals(all("image.bytes"), pictures.map((bytes, i) => i === 20 ? null : [...bytes]), codec);
    assertEquals(all("label"), kinds.map((kind) => [...new TextEncoder().encode(kind)]), codec);
  }
});
