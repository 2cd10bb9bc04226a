import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { openDataset } from "../../../plugins/datasets/mod.ts";
import { expandBraces } from "../../../plugins/datasets/sets/webdataset.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { cifar, idx, tar } from "../support/files.ts";
import { type Files, withFiles } from "../support/folders.ts";
import { readImages } from "../support/read_images.ts";
import { refusal, refuse } from "../support/refusal.ts";
import { zip } from "../support/zip_file.ts";

const png = await encodePng(ramp(20, 20));
const other = await encodePng(ramp(9, 20));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

Deno.test("fashion-mnist says what is wrong with its files by its own name", async () => {
  assertEquals(
    await refusal("fashion-mnist", {}),
    'The data of "fashion-mnist" must be a folder with train-images-idx3-ubyte or train-images-idx3-ubyte.gz, found neither in "FOLDER", where there is nothing',
  );
  const bomb = new Uint8Array(gzipSync(new Uint8Array(2 ** 28 + 1)));
  assertEquals(
    await refusal("kmnist", { "train-images-idx3-ubyte.gz": bomb }),
    "FOLDER/train-images-idx3-ubyte.gz must unpack to 268435456 bytes at most, found more",
  );
  const lie = idx([6, 28, 28], new Uint8Array(6 * 784));
  assert(
    (await refusal("kmnist", { "train-images-idx3-ubyte": lie.with(7, 200) })).includes("expected 200x28x28"),
  );
});

Deno.test("cifar10 takes the archive, packed or not, a folder with it, and its files in a folder", async () => {
  const members = [1, 2, 3, 4, 5].map((i) => ({ name: `data_batch_${i}.bin`, data: cifar([[i]], i) }));
  const archive = tar(members.map(({ name, data }) => ({ name: `cifar-10-batches-bin/${name}`, data })));
  const layouts: [Files, string][] = [
    [{ "any.tar": archive }, "/any.tar"],
    [{ "any.tgz": new Uint8Array(gzipSync(archive)) }, "/any.tgz"],
    [{ "cifar-10-binary.tar": archive }, ""],
    [Object.fromEntries(members.map(({ name, data }) => [name, data])), ""],
    [Object.fromEntries(members.map(({ name, data }) => [`cifar-10-batches-bin/${name}`, data])), ""],
  ];
  for (const [files, data] of layouts) {
    await withFiles(files, async (folder) => {
      await using dataset = await openDataset("cifar10", { size: 32, data: folder + data });
      assertEquals([dataset.length, dataset.labels.class!.at(4)], [5, 5]);
      assertEquals((await readImages(dataset, [2]))[3], members[2]!.data[2]);
    });
  }
});

Deno.test("cifar10 says what is wrong with its files", async (t) => {
  const archive = tar([{ name: "cifar-10-batches-bin/data_batch_1.bin", data: cifar([[1]]) }]);
  await refuse(t, "cifar10", [
    [
      {},
      {},
      /^The data of "cifar10" must be cifar-10-binary\.tar\.gz, or a folder with it or with data_batch_1\.bin/,
    ],
    [{}, { data: "/missing" }, /^"FOLDER\/missing" cannot be read: /],
    [
      { "a.tar": archive },
      { data: "/a.tar" },
      /must hold cifar-10-batches-bin\/data_batch_2\.bin, found cifar/,
    ],
    [{ "data_batch_1.bin": cifar([[1]]) }, {}, /^"FOLDER\/data_batch_\d\.bin" cannot be read/],
    [{ "a.tar": archive.slice(0, 700) }, { data: "/a.tar" }, /is cut short: expected 3073 bytes/],
    [{ "a.tar": new Uint8Array(gzipSync(archive)).slice(0, -9) }, { data: "/a.tar" }, /expected whole gzip/],
  ]);
});

const faces = { "img_align_celeba/1.jpg": png, "img_align_celeba/2.jpg": other };
const attributes = "2\nSmiling Young\n1.jpg  1 -1\n2.jpg -1 -1\n";

Deno.test("celeba gives attributes as labels, all of them or one, and keeps to a part", async () => {
  const csv = "image_id,Smiling,Young\n1.jpg,1,-1\n2.jpg,-1,-1\n";
  for (const list of [{ "list_attr_celeba.txt": attributes }, { "list_attr_celeba.csv": csv }]) {
    await withFiles(
      { ...faces, ...list, "list_eval_partition.txt": "1.jpg 0\n2.jpg 2\n" },
      async (folder) => {
        await using all = await openDataset("celeba", { size: 8, data: folder });
        assertEquals(Object.keys(all.labels), ["Smiling", "Young"]);
        assertEquals([0, 1].map((i) => all.labels.Smiling!.classes![all.labels.Smiling!.at(i)]), [
          "yes",
          "no",
        ]);
        const options = { attribute: "Young", split: "test" };
        await using test = await openDataset("celeba", {
          size: 8,
          data: `${folder}/img_align_celeba`,
          options,
        });
        assertEquals([Object.keys(test.labels), test.length], [["Young"], 1]);
      },
    );
  }
  await withFiles(faces, async (folder) => {
    await using plain = await openDataset("celeba", { size: 8, data: folder });
    assertEquals([plain.labels, plain.length], [{}, 2]);
  });
});

Deno.test("celeba says what is wrong with its lists", async (t) => {
  const list = "list_attr_celeba.txt";
  const needs = (attribute: string) => ({ options: { attribute } });
  await refuse(t, "celeba", [
    [
      faces,
      needs("Smiling"),
      /^Option "attribute" of dataset "celeba" needs list_attr_celeba\.txt, found none in "FOLDER"/,
    ],
    [
      { ...faces, [list]: attributes },
      needs("Smilin"),
      /must be one of Smiling, Young, found "Smilin"; did you mean "Smiling"\?$/,
    ],
    [
      { ...faces, [list]: attributes.replace("2\n", "3\n") },
      {},
      /must have the lines .*: expected 3, found 2$/,
    ],
    [
      { ...faces, [list]: attributes.replace("1 -1", "1 0") },
      {},
      /must have a name and 2 times 1 or -1 in line 3, found "1\.jpg/,
    ],
    [
      { ...faces, [list]: "1\nSmiling\n1.jpg 1\n" },
      {},
      /must have a line for each picture, found none for "2\.jpg"$/,
    ],
    [faces, { options: { split: "test" } }, /^Option "split" .* needs list_eval_partition\.txt, found none/],
    [
      { ...faces, "list_eval_partition.txt": "1.jpg 7\n" },
      { options: { split: "test" } },
      /0, 1 or 2 in line 1/,
    ],
    [
      { ...faces, "list_eval_partition.txt": "1.jpg 0\n" },
      { options: { split: "test" } },
      /found none that are there$/,
    ],
  ]);
});

Deno.test("folder refuses paths that leave an archive, and tars that are packed", async (t) => {
  const packed = new Uint8Array(gzipSync(tar([{ name: "a.png", data: png }])));
  await refuse(t, "folder", [
    [{ "a.tar": tar([{ name: "../a.png", data: png }]) }, { data: "/a.tar" }, /leads out of the archive/],
    [{ "a.tar": tar([{ name: "a.txt", data: png }]) }, { data: "/a.tar" }, /found 1 \.txt \("a\.txt"\)$/],
    [{ "a.tar.gz": packed }, { data: "/a.tar.gz" }, /is a tar packed with gzip, .+: unpack it with tar -xzf/],
  ]);
});

Deno.test("folder unpacks no more of a zip's member than it says it has", async () => {
  const big = { name: "a.png", data: new Uint8Array(2 ** 24), method: 8, size: 100 };
  await withFiles({ "a.zip": zip([big, { name: "b.png", data: png }]) }, async (folder) => {
    await using dataset = await openDataset(`${folder}/a.zip`, { size: 8, options: { broken: 50 } });
    await readImages(dataset, [0, 1]);
    assertEquals(dataset.skipped.map(({ name }) => name), ["a.png"]);
  });
});

Deno.test("expandBraces() counts with leading noughts", () => {
  assertEquals(expandBraces("a/{08..11}.tar"), ["a/08.tar", "a/09.tar", "a/10.tar", "a/11.tar"]);
  assertEquals(expandBraces("a.tar"), ["a.tar"]);
});

Deno.test("webdataset reads words and numbers as labels, and none where one is missing", async () => {
  const shard = (...labels: (string | undefined)[]) =>
    tar(labels.flatMap((label, i) => [
      { name: `dir.x/${i}.png`, data: i % 2 ? other : png },
      ...(label === undefined ? [] : [{ name: `dir.x/${i}.cls`, data: text(label) }]),
    ]));
  const cases: [Uint8Array, readonly string[] | undefined, number[]][] = [
    [shard("2", "0\n", " 1 "), ["0", "1", "2"], [2, 0, 1]],
    [shard("owl", "cat", "owl"), ["cat", "owl"], [1, 0, 1]],
    [shard("1", undefined, "2"), undefined, []],
  ];
  for (const [bytes, classes, values] of cases) {
    await withFiles({ "s-00.tar": bytes, "s-01.tar": shard("0") }, async (folder) => {
      const data = `${folder}/s-{00..00}.tar`;
      await using dataset = await openDataset("webdataset", { size: 8, data });
      assertEquals(dataset.length, 3);
      assertEquals(dataset.labels.class?.classes, classes);
      assertEquals(values.map((_, i) => dataset.labels.class!.at(i)), values);
    });
  }
});

Deno.test("webdataset says what is wrong with its shards", async (t) => {
  const sample = [{ name: "0.png", data: png }, { name: "0.cls", data: text("7") }];
  const shards = { options: {} };
  await refuse(t, "webdataset", [
    [{}, {}, /^"FOLDER" must hold tar shards, found no file that ends in \.tar$/],
    [{}, { data: "/{1..0}.tar" }, /^The braces of .* must stand for 1 to 100000 shards, found 0$/],
    [{}, { data: "/{1..2}.tar" }, /^"FOLDER\/1\.tar" cannot be opened: /],
    [{ "a.tar": tar([{ name: "a.txt", data: png }]) }, shards, /found 1 other file \(\.txt\)$/],
    [
      { "a.tar": tar([...sample, { name: "x", data: png }, ...sample]) },
      shards,
      /"0\.png" .* once, found twice$/,
    ],
  ]);
});
