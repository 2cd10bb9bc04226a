import { assertEquals, assertThrows } from "@std/assert";
import { bytesInMemory } from "../../../plugins/datasets/formats/byte_source.ts";
import { readParquetChunk } from "../../../plugins/datasets/formats/parquet/column.ts";
import { readParquetMetadata } from "../../../plugins/datasets/formats/parquet/metadata.ts";
import { readRuns } from "../../../plugins/datasets/formats/parquet/runs.ts";
import { unpackSnappy } from "../../../plugins/datasets/formats/parquet/snappy.ts";
import { parquet } from "../support/parquet_file.ts";

/**
 * A file by Apache Arrow's implementation in Rust: pages of version 1 with dictionaries, packed with Snappy, two row
 * groups of 3 and 2 rows, image {bytes, path} and label.
 */
const arrow = Uint8Array.from(
  atob(`
UEFSMRUEFRoVHkwVBBUAEgAADTADAAAAAQIDAgAAAAQFFQAVFBUYLBUGFRAVBhUGAAAKJAMAAAADGgABAwIVDBk1AAYQGSgFaW1hZ2UFYnl0
ZXMVAhYGFmwWdCY6JgAAFQQVJBUoTBUEFQASAAASRAUAAABhLnBuZwUAAABiLnBuZxUAFRQVGCwVBhUQFQYVBgAACiQDAAAAAxoAAQMCFQwZ
NQAGEBkoBWltYWdlBHBhdGgVAhYGFnYWfiZEJgAAFQQVMBUgTBUGFQASAAAYBAIANgEAHAEAAAAAAAAAFQAVFBUYLBUGFRAVBhUGAAAKJAIA
AAAGAQIDJAAVBBk1AAYQGRgFbGFiZWwVAhYGFoIBFnYmPCYAABUEFSQVKEwVBBUAEgAAEkQCAAAABAUIAAAACQkJCQkJCQkVABUSFRYsFQQV
EBUGFQYAAAkgAgAAAAQCAQMCFQwZNQAGEBkoBWltYWdlBWJ5dGVzFQIWBBZ0FnwmRCYAABUEFSQVKEwVBBUAEgAAEkQFAAAAZC5wbmcFAAAA
ZS5wbmcVABUSFRYsFQQVEBUGFQYAAAkgAgAAAAQCAQMCFQwZNQAGEBkoBWltYWdlBHBhdGgVAhYEFnQWfCZEJgAAFQQVEBUUTBUCFQASAAAI
HAIAAAAAAAAAFQAVEBUULBUEFRAVBhUGAAAIHAIAAAADAgACFQQZNQAGEBkYBWxhYmVsFQIWBBZeFmYmMCYAABkcFkIVOhYAAAAZHBaEAhU6
FgAAABkcFrwDFToWAAAAGRwW9AQVOBYAAAAZHBa0BhU4FgAAABkcFt4HFTYWAAAAFQIZXEgMYXJyb3dfc2NoZW1hFQQANQIYBWltYWdlFQQA
FQwlAhgFYnl0ZXMAFQwlAhgEcGF0aCUATBwAAAAVBCUCGAVsYWJlbAAWChksGTwmfBwVDBk1AAYQGSgFaW1hZ2UFYnl0ZXMVAhYGFmwWdCZC
JggAFswIFRQAJr4CHBUMGTUABhAZKAVpbWFnZQRwYXRoFQIWBhZ2Fn4mhAImwAEAFuAIFRYAJvYDHBUEGTUABhAZGAVsYWJlbBUCFgYWggEW
dia8AyaAAwAW9ggVFgAW5AIWBiYIFugCFAAAGTwmrAUcFQwZNQAGEBkoBWltYWdlBWJ5dGVzFQIWBBZ0Fnwm9AQmsAQAFowJFRYAJuwGHBUM
GTUABhAZKAVpbWFnZQRwYXRoFQIWBBZ0FnwmtAYm8AUAFqIJFRYAJpQIHBUEGTUABhAZGAVsYWJlbBUCFgQWXhZmJt4HJq4HABa4CRUWABbG
AhYEJrAEFt4CFAIAGRwYDEFSUk9XOnNjaGVtYRjoAi8vLy8vd1FCQUFBUUFBQUFBQUFLQUF3QUNnQUpBQVFBQ2dBQUFCQUFBQUFBQVFRQUNB
QUlBQUFBQkFBSUFBQUFCQUFBQUFJQUFBQkFBQUFBQkFBQUFIei8vLzhZQUFBQUlBQUFBQUFBQVFJY0FBQUFDQUFNQUFRQUN3QUlBQUFBUUFB
QUFBQUFBQUVBQUFBQUJRQUFBR3hoWW1Wc0FBQUF0UC8vL3h3QUFBQU1BQUFBQUFBQkRYZ0FBQUFDQUFBQVJBQUFBQWdBQUFDcy8vLy8yUC8v
L3hRQUFBQU1BQUFBQUFBQkJRd0FBQUFBQUFBQXlQLy8vd1FBQUFCd1lYUm9BQUFBQUJBQUZBQVFBQTRBRHdBRUFBQUFDQUFRQUFBQUdBQUFB
QXdBQUFBQUFBRUVFQUFBQUFBQUFBQUVBQVFBQkFBQUFBVUFBQUJpZVhSbGN3QUFBQVVBQUFCcGJXRm5aUUFBQUE9PQAYGXBhcnF1ZXQtcnMg
dmVyc2lvbiA1MS4wLjAZPBwAABwAABwAAAAUAwAAUEFSMQ==
  `),
  (letter) => letter.charCodeAt(0),
);

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
  const { rows, columns, groups, extra } = readParquetMetadata(bytesInMemory(arrow));
  assertEquals([rows, groups.map((group) => group.rows)], [5, [3, 2]]);
  assertEquals(columns, [
    { name: "image.bytes", type: "bytes", optional: 2, repeated: false },
    { name: "image.path", type: "bytes", optional: 2, repeated: false },
    { name: "label", type: "int64", optional: 1, repeated: false },
  ]);
  assertEquals([...extra.keys()], ["ARROW:schema"]);
});

Deno.test("readParquetChunk() reads pages of version 1 with dictionaries and missing values", () => {
  assertEquals(column(arrow, "image.bytes"), [[1, 2, 3], [4, 5], null, [4, 5], [9, 9, 9, 9, 9, 9, 9, 9]]);
  assertEquals(column(arrow, "label"), [2, 0, 1, null, 2]);
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
    [arrow.slice(4), "it does not start with PAR1"],
    [arrow.slice(0, -1), "it does not end with PAR1; it may be cut short"],
    [arrow.with(arrow.length - 5, 1), "more than there are"],
  ];
  for (const [file, message] of cases) {
    assertThrows(() => readParquetMetadata(bytesInMemory(file)), SyntaxError, message);
  }
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
