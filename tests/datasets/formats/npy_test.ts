import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { bytesInMemory } from "../../../plugins/datasets/formats/byte_source.ts";
import { npyByteHeader, readNpyHeader } from "../../../plugins/datasets/formats/npy.ts";
import { npy } from "../support/files.ts";
import { withFiles } from "../support/folders.ts";
import { readImages } from "../support/read_images.ts";

const read = (bytes: Uint8Array) => readNpyHeader(bytesInMemory(bytes), "x.npy");

Deno.test("readNpyHeader() reads what NumPy and npyByteHeader() write", () => {
  assertEquals(read(npy([2, 3], new Uint8Array(6))), { shape: [2, 3], offset: 128 });
  assertEquals(read(npy([4], new Uint8Array(4))).shape, [4]);
  const header = npyByteHeader([2, 1, 3]);
  assertEquals(header.length % 64, 0);
  assertEquals(read(new Uint8Array([...header, ...new Uint8Array(6)])), {
    shape: [2, 1, 3],
    offset: header.length,
  });
  // Version 2 has a longer length
  const two = npy([2], new Uint8Array(2));
  const bytes = new Uint8Array([...two.slice(0, 6), 2, 0, two[8]!, two[9]!, 0, 0, ...two.slice(10)]);
  assertEquals(read(bytes).shape, [2]);
});

Deno.test("readNpyHeader() says what is wrong", () => {
  const good = npy([2, 2], new Uint8Array(4));
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(), "x.npy is no npy file"],
    [good.with(0, 1), "x.npy is no npy file"],
    [good.with(6, 9), "must be of npy version 1, 2 or 3: found 9"],
    [good.with(9, 200), "is cut short: expected a header of"],
    [npy([2, 2], new Uint8Array(16), "<f4"), "must hold bytes ('|u1') in row-major order: found"],
    [npy([2, 2], new Uint8Array(4), "|u1", "True"), "must hold bytes"],
    [npy([2, 2], new Uint8Array(3)), "x.npy does not fit its header: expected 2x2 = 4 bytes, found 3"],
    [npy([2 ** 40, 2 ** 40], new Uint8Array(3)), "does not fit its header"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => read(bytes), DatasetError, message);
});

Deno.test("npy reads grey, colour and alpha, as they are where they fit", async () => {
  const pixels = Uint8Array.from({ length: 3 * 16 }, (_, i) => 5 * i);
  await withFiles(
    { "grey.npy": npy([3, 4, 4], pixels), "alpha.npy": npy([3, 2, 2, 4], pixels) },
    async (folder) => {
      await using grey = await openDataset(`${folder}/grey.npy`, { size: 4 });
      assertEquals([grey.name, grey.length, grey.shape, grey.labels], ["npy", 3, [4, 4, 1], {}]);
      assertEquals(
        await readImages(grey, [2, 0]),
        new Uint8Array([...pixels.slice(32), ...pixels.slice(0, 16)]),
      );
      await using alpha = await openDataset(`${folder}/alpha.npy`, { size: 2 });
      assertEquals(alpha.shape, [2, 2, 3]);
      // round((15 * 0 + 240 * 255) / 255) and so on: alpha is composed over white
      assertEquals([...(await readImages(alpha, [0])).slice(0, 3)], [240, 240, 241]);
    },
  );
});

Deno.test("npy says which shape or which labels are wrong", async (t) => {
  const three = npy([3, 4, 4], new Uint8Array(48));
  const cases: [string, Record<string, Uint8Array | string>, RegExp][] = [
    ["two axes", { "a.npy": npy([3, 4], new Uint8Array(12)) }, /shape \[N, H, W\] or .*: found \[3, 4\]$/],
    [
      "two channels",
      { "a.npy": npy([3, 4, 4, 2], new Uint8Array(96)) },
      /1, 3 or 4 channels: found \[3, 4, 4, 2\]$/,
    ],
    ["nothing", { "a.npy": npy([0, 4, 4], new Uint8Array()) }, /found \[0, 4, 4\]$/],
    [
      "no JSON",
      { "a.npy": three, "a.labels.json": "{" },
      /a\.labels\.json" must hold labels as JSON: found that/,
    ],
    [
      "too few",
      { "a.npy": three, "a.labels.json": '{"kind": {"values": [1]}}' },
      /"kind" has no value for each of the 3 images$/,
    ],
    [
      "no list",
      { "a.npy": three, "a.labels.json": '{"kind": {"classes": 1, "values": [1, 1, 1]}}' },
      /the classes of "kind" are no list of texts$/,
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
