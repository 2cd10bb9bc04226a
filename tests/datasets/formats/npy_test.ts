import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { bytesInMemory } from "../../../plugins/datasets/formats/byte_source.ts";
import { readNpyHeader } from "../../../plugins/datasets/formats/npy.ts";
import { npyHeader } from "../../../src/files/npy.ts";
import { npy } from "../support/files.ts";
import { withFiles } from "../support/folders.ts";
import { readImages } from "../support/read_images.ts";

const read = (bytes: Uint8Array) => readNpyHeader(bytesInMemory(bytes), "x.npy");

const bytes = { kind: "unsigned", size: 1, bigEndian: false, name: "uint8" } as const;

Deno.test("readNpyHeader() reads what NumPy and npyHeader() write", () => {
  assertEquals(read(npy([2, 3], new Uint8Array(6))), {
    shape: [2, 3],
    type: bytes,
    columnMajor: false,
    offset: 128,
  });
  assertEquals(read(npy([4], new Uint8Array(4))).shape, [4]);
  const header = npyHeader([2, 1, 3], "|u1");
  assertEquals(header.length % 64, 0);
  const packed = read(new Uint8Array([...header, ...new Uint8Array(6)]));
  assertEquals([packed.shape, packed.type, packed.offset], [[2, 1, 3], bytes, header.length]);
});

Deno.test("readNpyHeader() reads all versions, orders and types, and Python 2's numbers", () => {
  const one = npy([2], new Uint8Array(2));
  for (const version of [2, 3]) {
    // They have a longer length
    const long = new Uint8Array([...one.slice(0, 6), version, 0, one[8]!, one[9]!, 0, 0, ...one.slice(10)]);
    assertEquals(read(long).shape, [2]);
  }
  assertEquals(read(npy(["10L", "2L"], new Uint8Array(20))).shape, [10, 2]);
  assertEquals(read(npy([2, 2], new Uint8Array(4), "|u1", "True")).columnMajor, true);
  const types: [string, number, string][] = [["|b1", 1, "bool"], ["<f2", 2, "float16"], [">i8", 8, "int64"]];
  for (const [descr, size, name] of types) {
    const { type } = read(npy([3], new Uint8Array(3 * size), descr));
    assertEquals([type.name, type.size, type.bigEndian], [name, size, descr.startsWith(">")]);
  }
});

Deno.test("readNpyHeader() says what is wrong", () => {
  const good = npy([2, 2], new Uint8Array(4));
  const typed = (descr: string, size: number) => npy([2, 2], new Uint8Array(4 * size), descr);
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(), "x.npy must be a .npy file, found other bytes at its start"],
    [good.with(0, 1), "x.npy must be a .npy file, found other bytes at its start"],
    [good.with(6, 9), "must be of npy version 1, 2 or 3, found 9"],
    [good.slice(0, 8), "x.npy must be a whole .npy file, found only 8 bytes"],
    [good.with(9, 200), "is cut short: expected a header of"],
    [
      typed("|O", 8),
      "must hold numbers or bits, found Python objects; load it with allow_pickle=True and save",
    ],
    [typed("<c8", 8), "must hold numbers or bits, found complex numbers"],
    [typed("<U4", 16), "must hold numbers or bits, found text"],
    [typed("<f16", 16), "must hold numbers or bits, found floats of another size"],
    [typed("<M8", 8), 'must hold numbers or bits, found the type "<M8"'],
    [npy([2, 2], new Uint8Array(3)), "expected 2x2xuint8 = 4 bytes, found 3; it may be cut short"],
    [npy([2, 2], new Uint8Array(5)), "expected 2x2xuint8 = 4 bytes, found 5"],
    [npy([2 ** 40, 2 ** 40], new Uint8Array(3)), "does not fit its header"],
    [npy([10 ** 17], new Uint8Array(3)), "must have a shape that an array can have"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => read(bytes), DatasetError, message);
});

Deno.test("npy reads gray, color and alpha, as they are where they fit", async () => {
  const pixels = Uint8Array.from({ length: 3 * 16 }, (_, i) => 5 * i);
  await withFiles(
    { "gray.npy": npy([3, 4, 4], pixels), "alpha.npy": npy([3, 2, 2, 4], pixels) },
    async (folder) => {
      await using gray = await openDataset(`${folder}/gray.npy`, { size: 4 });
      assertEquals([gray.name, gray.length, gray.shape, gray.labels], ["npy", 3, [4, 4, 1], {}]);
      assertEquals(
        await readImages(gray, [2, 0]),
        new Uint8Array([...pixels.slice(32), ...pixels.slice(0, 16)]),
      );
      await using alpha = await openDataset(`${folder}/alpha.npy`, { size: 2 });
      assertEquals(alpha.shape, [2, 2, 3]);
      // round((15 * 0 + 240 * 255) / 255) and so on: alpha is composed over white
      assertEquals([...(await readImages(alpha, [0])).slice(0, 3)], [240, 240, 241]);
    },
  );
});

Deno.test("npy says which shape is wrong", async (t) => {
  const cases: [string, Record<string, Uint8Array | string>, RegExp][] = [
    [
      "two axes",
      { "a.npy": npy([3, 4], new Uint8Array(12)) },
      /shape \[N, H, W\] or .*, found \[3, 4\]; save/,
    ],
    [
      "five channels",
      { "a.npy": npy([3, 6, 4, 5], new Uint8Array(360)) },
      /1 to 4 channels, .*, found \[3, 6, 4, 5\]; save/,
    ],
    ["nothing", { "a.npy": npy([0, 4, 4], new Uint8Array()) }, /found \[0, 4, 4\]$/],
    ["five axes", { "a.npy": npy([1, 1, 4, 4, 3], new Uint8Array(48)) }, /found \[1, 1, 4, 4, 3\]; save/],
    [
      "must be a .npy or .npz file, found other bytes",
      { "a.npy": Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      /a\.npy" must be a \.npy or \.npz file, found other bytes at its start/,
    ],
  ];
  for (const [name, files, message] of cases) {
    await t.step(name, async () => {
      await withFiles(files, async (folder) => {
        const error = await assertRejects(() => openDataset(`${folder}/a.npy`, { size: 4 }), DatasetError);
        assertEquals([message.test(error.message), error.message], [true, error.message]);
      });
    });
  }
});

Deno.test("npy leaves labels out that cannot be read, as training needs none", async () => {
  const cases: [string, RegExp][] = [
    ["{", /a\.labels\.json" must hold labels as JSON, found that .*; labels are left out$/],
    ['{"kind": {"values": [1]}}', /"kind" has no value for each of the 3 images; labels are left out$/],
    [
      '{"kind": {"classes": 1, "values": [1, 1, 1]}}',
      /the classes of "kind" are no list of texts; labels are left out$/,
    ],
  ];
  for (const [labels, message] of cases) {
    const files = { "a.npy": npy([3, 4, 4], new Uint8Array(48).fill(99)), "a.labels.json": labels };
    await withFiles(files, async (folder) => {
      const told: string[] = [];
      const report = (line: string) => told.push(line);
      await using dataset = await openDataset(`${folder}/a.npy`, { size: 4, report });
      assertEquals([dataset.length, dataset.labels], [3, {}]);
      assertEquals([message.test(told.at(-1)!), told.at(-1)], [true, told.at(-1)]);
    });
  }
});
