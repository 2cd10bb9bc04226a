/** Well-known sets as their makers, torchvision and Kaggle lay their files out. */
import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { openDataset } from "../../../plugins/datasets/mod.ts";
import { jpeg, ramp } from "../../pictures/files.ts";
import { cifarPickle } from "../support/cifar_pickle.ts";
import { idx, tar } from "../support/files.ts";
import { type Files, withFiles } from "../support/folders.ts";
import { readImages } from "../support/read_images.ts";
import { refuse } from "../support/refusal.ts";
import { zip } from "../support/zip_file.ts";

const gz = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));

Deno.test("mnist and its like are read as people have them", async (t) => {
  const images = idx([2, 28, 28], Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 251));
  const labels = idx([2], Uint8Array.of(3, 8));
  const cases: [set: string, images: string, labels: string][] = [
    ["mnist", "train-images.idx3-ubyte", "train-labels.idx1-ubyte"],
    ["mnist", "train-images.idx3-ubyte.gz", "train-labels-idx1-ubyte"],
    ["mnist", "raw/train-images-idx3-ubyte", "raw/train-labels-idx1-ubyte.gz"],
    ["mnist", "MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte"],
    [
      "fashion-mnist",
      "FashionMNIST/raw/train-images-idx3-ubyte.gz",
      "FashionMNIST/raw/train-labels-idx1-ubyte.gz",
    ],
    [
      "kmnist",
      "train-images-idx3-ubyte/train-images-idx3-ubyte",
      "train-labels-idx1-ubyte/train-labels-idx1-ubyte",
    ],
  ];
  for (const [set, imageName, labelName] of cases) {
    await t.step(`${set}: ${imageName}`, async () => {
      const packed = (name: string, bytes: Uint8Array) => name.endsWith(".gz") ? gz(bytes) : bytes;
      const files = { [imageName]: packed(imageName, images), [labelName]: packed(labelName, labels) };
      await withFiles(files, async (data) => {
        await using dataset = await openDataset(set, { size: 28, data });
        const [label] = Object.values(dataset.labels);
        assertEquals([dataset.length, label!.at(0), label!.at(1)], [2, 3, 8]);
        assertEquals((await readImages(dataset, [1])).subarray(0, 3), images.subarray(16 + 784, 16 + 787));
      });
    });
  }
});

const faces = await Promise.all([0, 1, 2].map((i) => jpeg(ramp(17 + i, 21))));
const unpacked = (folder: string) =>
  Object.fromEntries(faces.map((data, i) => [`${folder}/00000${i + 1}.jpg`, data]));
const packed = zip(faces.map((data, i) => ({ name: `img_align_celeba/00000${i + 1}.jpg`, data })));
const lists = {
  attributes: "3\nSmiling Young \n000001.jpg  1 -1\n000002.jpg -1 -1\n000003.jpg  1  1\n",
  parts: "000001.jpg 0\n000002.jpg 2\n000003.jpg 2\n",
};
const tables = {
  attributes: "\ufeffimage_id,Smiling,Young\r\n000001.jpg,1,-1\r\n000002.jpg,-1,-1\r\n000003.jpg,1,1\r\n",
  quoted: '"image_id","Smiling","Young"\n"000001.jpg","1","0"\n"000002.jpg","0","0"\n"000003.jpg","1","1"\n',
  parts: "\ufeffimage_id,partition\r\n000001.jpg,0\r\n000002.jpg,2\r\n000003.jpg,2\r\n",
};

Deno.test("celeba is read as its makers, torchvision and Kaggle lay it out", async (t) => {
  const cases: [name: string, files: Files, data?: string][] = [
    ["makers, packed", {
      "Img/img_align_celeba.zip": packed,
      "Anno/list_attr_celeba.txt": lists.attributes,
      "Eval/list_eval_partition.txt": lists.parts,
    }],
    ["makers, unpacked, with marks of byte order", {
      ...unpacked("Img/img_align_celeba"),
      "Anno/list_attr_celeba.txt": `\ufeff${lists.attributes.replaceAll("\n", "\r\n")}`,
      "Eval/list_eval_partition.txt": `\ufeff${lists.parts.replaceAll("\n", "\r\n")}`,
    }],
    ["the makers' archive itself", {
      "Img/img_align_celeba.zip": packed,
      "Anno/list_attr_celeba.txt": lists.attributes,
      "Eval/list_eval_partition.txt": lists.parts,
    }, "/Img/img_align_celeba.zip"],
    ["torchvision", {
      ...unpacked("celeba/img_align_celeba"),
      "celeba/list_attr_celeba.txt": lists.attributes,
      "celeba/list_eval_partition.txt": lists.parts,
    }],
    ["Kaggle", {
      ...unpacked("img_align_celeba/img_align_celeba"),
      "list_attr_celeba.csv": tables.attributes,
      "list_eval_partition.csv": tables.parts,
    }],
    ["a table with quotes", {
      ...unpacked("img_align_celeba"),
      "list_attr_celeba.csv": tables.quoted,
      "list_eval_partition.csv": tables.parts,
    }],
  ];
  for (const [name, files, data = ""] of cases) {
    await t.step(name, async () => {
      await withFiles(files, async (folder) => {
        const options = { workers: 0 };
        await using all = await openDataset("celeba", { size: 8, data: folder + data, options });
        const { Smiling, Young } = all.labels;
        assertEquals([0, 1, 2].map((i) => [Smiling!.at(i), Young!.at(i)]), [[1, 0], [0, 0], [1, 1]]);
        const split = { ...options, split: "test" };
        await using test = await openDataset("celeba", { size: 8, data: folder + data, options: split });
        assertEquals([test.length, test.labels.Smiling!.at(1)], [2, 1]);
      });
    });
  }
});

Deno.test("cifar10 and cifar100 read the Python version, wherever it is", async (t) => {
  const planes = Uint8Array.from({ length: 2 * 3072 }, (_, i) => i % 249);
  for (const protocol of [2, 4] as const) {
    const batch = (labels: readonly number[]) => cifarPickle(planes, { labels }, protocol);
    const names = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"];
    const files = names.map((name, i) => ({ name: `cifar-10-batches-py/${name}`, data: batch([i, 9]) }));
    const archive = gz(tar(files));
    const cases: [Files, string][] = [
      [{ "cifar-10-python.tar.gz": archive }, ""],
      [{ "cifar-10-python.tar.gz": archive }, "/cifar-10-python.tar.gz"],
      [Object.fromEntries(files.map(({ name, data }) => [name, data])), ""],
      [Object.fromEntries(files.map(({ name, data }) => [name, data])), "/cifar-10-batches-py"],
    ];
    for (const [layout, data] of cases) {
      await t.step(`protocol ${protocol}: ${Object.keys(layout)[0]} as ${data}`, async () => {
        await withFiles(layout, async (folder) => {
          await using dataset = await openDataset("cifar10", { size: 32, data: folder + data });
          const { at } = dataset.labels.class!;
          assertEquals([dataset.length, at(0), at(1), at(8)], [10, 0, 9, 4]);
          const pixels = await readImages(dataset, [3]);
          assertEquals([...pixels.subarray(0, 3)], [3072, 4096, 5120].map((i) => i % 249));
        });
      });
    }
  }
  const fine = cifarPickle(planes, { coarse_labels: [7, 19], fine_labels: [0, 99] }, 2);
  await withFiles({ "cifar-100-python/train": fine }, async (data) => {
    await using dataset = await openDataset("cifar100", { size: 32, data });
    assertEquals([dataset.labels.coarse!.at(1), dataset.labels.fine!.at(1)], [19, 99]);
  });
});

Deno.test("cifar10 says what is wrong with its files for Python, and with others", async (t) => {
  const planes = new Uint8Array(2 * 3072);
  const good = cifarPickle(planes, { labels: [1, 2] }, 4);
  const of = (data: Uint8Array): Files => ({ "cifar-10-batches-py/data_batch_1": data });
  const places = { data: "/data.tar.gz", options: { split: "test" } };
  await refuse(t, "cifar10", [
    [of(good), {}, /data_batch_\d" cannot be read/],
    [
      { "data.tar.gz": gz(tar([{ name: "a/test_batch", data: good.slice(0, 99) }])) },
      places,
      /it is cut short at 99/,
    ],
    [
      { "data.tar.gz": gz(tar([{ name: "a/test_batch", data: cifarPickle(planes, { labels: [1] }, 4) }])) },
      places,
      /test_batch must hold the bytes "data" of n pictures, and n labels each as "labels", found "data", "labels"$/,
    ],
    [
      { "data.tar.gz": gz(tar([{ name: "a/test_batch", data: Uint8Array.of(0x80, 2, 0x50) }])) },
      places,
      /it has operation 80 at 2, which is not read$/,
    ],
    [
      { "a.7z": Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) },
      { data: "/a.7z" },
      /is a 7z archive: unpack it/,
    ],
    [{ "a.txt": "" }, {}, /found neither in "FOLDER", where there is "a\.txt"$/],
  ]);
});

Deno.test("celeba and mnist name a web page that was saved in the place of their files", async (t) => {
  const page = "<!DOCTYPE html><html>Quota exceeded</html>";
  await refuse(t, "celeba", [
    [{ "img_align_celeba.zip": page }, {}, /img_align_celeba\.zip" is a web page, no folder, zip or tar/],
    [
      { "img_align_celeba.zip": packed, "list_attr_celeba.txt": page },
      {},
      /celeba\.txt" is a web page: it was/,
    ],
    [{ "img_align_celeba.zip": packed, "list_attr_celeba.txt": "\n\n" }, {}, /expected a number, found 0$/],
  ]);
  await refuse(t, "mnist", [[
    { "mnist.zip": page },
    { data: "/mnist.zip" },
    /mnist\.zip" is a web page: it was/,
  ]]);
});
