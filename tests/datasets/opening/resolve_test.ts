import "../../../src/host/on_native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { openDataset, resolveDataset } from "../../../plugins/datasets/mod.ts";
import { npy } from "../support/files.ts";
import { type Files, withFiles } from "../support/folders.ts";
import { parquet } from "../support/parquet_file.ts";
import { refusal } from "../support/refusal.ts";
import { zip } from "../support/zip_file.ts";

Deno.test("resolveDataset() goes by what a file holds where its name says nothing", async () => {
  const files = {
    "array": npy([1, 2, 2], new Uint8Array(4)),
    "table.dat": parquet({ images: [Uint8Array.of(1)] }),
    "photos": zip([]),
    "page.html": "<html>",
  };
  await withFiles(files, async (folder) => {
    const found = async (name: string) => (await resolveDataset(`${folder}/${name}`)).plugin.name;
    assertEquals(await Promise.all(["array", "table.dat", "photos", "page.html"].map(found)), [
      "npy",
      "huggingface",
      "folder",
      "folder",
    ]);
  });
});

Deno.test("openDataset() says where something here has the name of a built-in dataset", async () => {
  const { stat } = Deno;
  const told = async (specifier: string, data?: string) => {
    const lines: string[] = [];
    const options = { size: 8, options: { length: 2 }, report: (line: string) => void lines.push(line) };
    await openDataset(specifier, data === undefined ? options : { ...options, data })
      .then((dataset) => dataset.close(), () => {});
    return lines;
  };
  assertEquals(await told("faces"), []);
  Deno.stat = (path) => path === "faces" ? stat(".") : stat(path);
  try {
    assertEquals(await told("faces"), [
      'This is the built-in dataset "faces"; for the data of that name in this folder, give ./faces',
    ]);
    assertEquals(await told("faces", "elsewhere"), []);
  } finally {
    Deno.stat = stat;
  }
});

Deno.test("folder says what a file is that is no folder, zip or tar, and what reads it", async (t) => {
  const cases: [Files, string, RegExp][] = [
    [{ "a.7z": Uint8Array.of(0x37, 0, 1, 2, 3) }, "/a.7z", /pictures: it starts with 37 00 01 02$/],
    [
      { "a.7z": Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) },
      "/a.7z",
      /is a 7z archive, .+: unpack it and/,
    ],
    [{ "a": "<html><body>404" }, "/a", /is a web page, .+: it was saved in place of the file; download/],
    [
      { "a.zip": "version https://git-lfs.github.com/spec/v1\noid" },
      "/a.zip",
      /is a Git LFS pointer, .+ run git lfs/,
    ],
    [{ "a.csv": "a,b\n1,2\n" }, "/a.csv", /is a table of text, no folder, zip or tar of pictures: give the/],
    [
      { "a.jpg": Uint8Array.of(0xff, 0xd8, 0xff, 0xe0) },
      "/a.jpg",
      /is a JPEG picture, .+: give the folder that it lies in, "FOLDER"$/,
    ],
    [{ "train-images.idx3-ubyte": "" }, "", /are read by --data mnist --data-root "FOLDER"\.$/],
    [{ "a.parquet": "" }, "", /are read by --data huggingface --data-root "FOLDER"\.$/],
    [
      { "0.tar": "" },
      "",
      /give one of them itself\. Shards are read by --data webdataset --data-root "FOLDER"\.$/,
    ],
    [{ "mod.ts": "" }, "", /If it is a dataset plugin, give its module, "FOLDER\/mod\.ts"$/],
    [
      { "a.png.zip": zip([{ name: "a.tif", data: new TextEncoder().encode("II*\0") }]) },
      "/a.png.zip",
      /found 1 \.tif \("a\.tif"\)\. Convert/,
    ],
  ];
  for (const [files, data, message] of cases) {
    await t.step(String(message), async () => {
      assertMatch(await refusal("folder", files, { data }), message);
    });
  }
});
