/** Well-known sets as their makers, torchvision and Kaggle lay their files out. */
import { assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { openDataset } from "../../plugins/datasets/mod.ts";
import { jpeg, ramp } from "../pictures/files.ts";
import { idx, tar } from "./support/files.ts";
import { type Files, withFiles } from "./support/folders.ts";
import { readImages } from "./support/read_images.ts";
import { refuse } from "./support/refusal.ts";
import { zip } from "./support/zip_file.ts";

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

Deno.test("cifar10 and cifar100 name the Python version, wherever it is", async (t) => {
  const pickle = Uint8Array.of(0x80, 2, 0x7d);
  const archive = gz(tar([{ name: "cifar-10-batches-py/data_batch_1", data: pickle }]));
  const said =
    /is of the Python version of "cifar10", which is not read: give the binary version, https:.+10-binary/;
  await refuse(t, "cifar10", [
    [{ "cifar-10-python.tar.gz": archive }, {}, said],
    [{ "cifar-10-python.tar.gz": archive }, { data: "/cifar-10-python.tar.gz" }, said],
    [{ "cifar-10-batches-py/data_batch_1": pickle }, {}, said],
    [{ "cifar-10-batches-py/data_batch_1": pickle }, { data: "/cifar-10-batches-py" }, said],
    [
      { "a.7z": Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) },
      { data: "/a.7z" },
      /is a 7z archive: unpack it/,
    ],
    [{ "a.txt": "" }, {}, /found neither in "FOLDER", where there is "a\.txt"$/],
  ]);
  await refuse(t, "cifar100", [[{ "cifar-100-python/train": pickle }, {}, /Python version of "cifar100"/]]);
});

Deno.test("celeba names a web page that was saved in the place of its files", async (t) => {
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
});
