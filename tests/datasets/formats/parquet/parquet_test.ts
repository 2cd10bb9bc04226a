import "../../../../src/host/on_native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import { bytesInMemory } from "../../../../plugins/datasets/formats/byte_source.ts";
import { readParquetChunk } from "../../../../plugins/datasets/formats/parquet/column.ts";
import { readParquetMetadata } from "../../../../plugins/datasets/formats/parquet/metadata.ts";
import { readRuns } from "../../../../plugins/datasets/formats/parquet/runs.ts";
import { unpackSnappy } from "../../../../plugins/datasets/formats/parquet/snappy.ts";
import { arrowFile } from "../../support/arrow_file.ts";
import { parquet } from "../../support/parquet_file.ts";

/** All values of a column. */
function column(file: Uint8Array, name: string): unknown[] {
  const source = bytesInMemory(file);
  const { columns, groups } = readParquetMetadata(source);
  const found = columns.find((column) => column.name === name)!;
  return groups.flatMap(({ chunks, rows }) =>
    readParquetChunk(source, found, chunks.get(name)!, rows).map((value) =>
      value instanceof Uint8Array ? [...value] : value
    )
  );
}

Deno.test("readParquetMetadata() reads columns, row groups and what else is kept", () => {
  const { rows, columns, groups, extra } = readParquetMetadata(bytesInMemory(arrowFile));
  assertEquals([rows, groups.map((group) => group.rows)], [5, [3, 2]]);
  assertEquals(columns, [
    { name: "image.bytes", type: "bytes", optional: 2, repeated: false },
    { name: "image.path", type: "bytes", optional: 2, repeated: false },
    { name: "label", type: "int64", optional: 1, repeated: false },
  ]);
  assertEquals([...extra.keys()], ["ARROW:schema"]);
});

Deno.test("readParquetChunk() reads pages of version 1 with dictionaries and missing values", () => {
  assertEquals(column(arrowFile, "image.bytes"), [[1, 2, 3], [4, 5], null, [4, 5], [9, 9, 9, 9, 9, 9, 9, 9]]);
  assertEquals(column(arrowFile, "label"), [2, 0, 1, null, 2]);
});

Deno.test("readParquetChunk() reads pages of version 2", () => {
  const images = Array.from({ length: 9 }, (_, i) => i === 4 ? null : new Uint8Array(20 * i + 1).fill(i));
  const labels = images.map((_, i) => i % 3 - 1);
  const file = parquet({ images, labels, rowGroupSize: 4 });
  assertEquals(column(file, "image.bytes"), images.map((bytes) => bytes && [...bytes]));
  assertEquals(column(file, "label"), labels);
});

Deno.test("readParquetMetadata() says what is wrong with a file", () => {
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(), "it does not start with PAR1"],
    [arrowFile.slice(4), "it does not start with PAR1"],
    [arrowFile.slice(0, -1), "it does not end with PAR1; it may be cut short"],
    [arrowFile.with(arrowFile.length - 5, 1), "more than there are"],
  ];
  for (const [file, message] of cases) {
    assertThrows(() => readParquetMetadata(bytesInMemory(file)), SyntaxError, message);
  }
});

Deno.test("readParquetMetadata() holds the rows of all groups together to the file's size", () => {
  const file = new Uint8Array(parquetWriteBuffer({
    columnData: [{ name: "image", data: Array.from({ length: 40_000 }, () => null) }],
    schema: [
      { name: "root", num_children: 1 },
      { name: "image", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
    ],
    rowGroupSize: 1000,
  }));
  // No group has more rows than the file has bytes
  assert(file.length > 1000 && file.length < 40_000, `${file.length}`);
  assertThrows(
    () => readParquetMetadata(bytesInMemory(file)),
    SyntaxError,
    `it says that it has 40000 rows, in ${file.length} bytes`,
  );
});

Deno.test("readRuns() reads runs and packed bits, and no more than is asked for", () => {
  const mixed = Uint8Array.of(4 << 1, 1, 3, 0b10001000, 0b11000110, 0b11111010);
  assertEquals([...readRuns(mixed, 3, 12)], [1, 1, 1, 1, 0, 1, 2, 3, 4, 5, 6, 7]);
  // A run that says a thousand million values costs no more than those that are wanted
  assertEquals([...readRuns(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x0f, 1), 1, 3)], [1, 1, 1]);
  assertThrows(() => readRuns(Uint8Array.of(2 << 1), 8, 2), SyntaxError, "a page ends before its values do");
  assertThrows(() => readRuns(Uint8Array.of(0, 0), 8, 2), SyntaxError, "a run has no values");
});

Deno.test("unpackSnappy() reads literals and copies, and refuses lies", () => {
  const abc = [8 << 0, 2 << 2, 97, 98, 99, 5 - 4 << 2 | 1, 3];
  assertEquals(new TextDecoder().decode(unpackSnappy(Uint8Array.from(abc), 8)), "abcabcab");
  const cases: [number[], number, string][] = [
    [abc, 9, "unpacks to 8 bytes, expected 9"],
    [[8, 2 << 2, 97, 98, 99], 8, "unpacks to 3 bytes, expected 8"],
    [[8, 60 << 2, 200], 8, "a page is longer than it says"],
    [[8, 1, 5], 8, "a page repeats what is not there"],
    [[0x80, 0x80, 0x80, 0x80, 4], 2 ** 30, "cannot unpack to 1073741824"],
  ];
  for (const [bytes, length, message] of cases) {
    assertThrows(() => unpackSnappy(Uint8Array.from(bytes), length), SyntaxError, message);
  }
});
