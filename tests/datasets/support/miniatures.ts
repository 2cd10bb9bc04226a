/** Every built-in dataset in miniature: files in the set's true format, made here. */
import { gzipSync } from "node:zlib";
import { encodePng } from "../../../src/pictures/mod.ts";
import { jpeg, ramp } from "../../pictures/files.ts";
import { zip } from "./zip_file.ts";
import { cifar, idx, npy, tar } from "./files.ts";
import type { Files } from "./folders.ts";
import { parquet } from "./parquet_file.ts";

/** A dataset in miniature. */
export interface Miniature {
  /** Name of the built-in dataset. */
  readonly name: string;
  /** Files of a folder. */
  readonly files: Files;
  /** Path of the data in that folder; absent where it needs none. */
  readonly data?: string;
  /** Options of the dataset. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** Its labels: their names with the names of the classes, or with their number where they are many. */
  readonly labels: Readonly<Record<string, readonly string[] | number | undefined>>;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const gz = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes));

/** Some pictures that all differ, as JPEG and PNG by turns. */
async function photos(count: number, width = 24, height = 20): Promise<Uint8Array[]> {
  return await Promise.all(Array.from({ length: count }, (_, i) => {
    const picture = ramp(width + i, height);
    picture.data.subarray(0, 60 * (i + 1)).fill(40 * i);
    return i % 2 === 0 ? jpeg(picture) : encodePng(picture);
  }));
}

/** The miniatures of all built-in datasets but `faces`, which has no files. */
export async function miniatures(): Promise<Miniature[]> {
  const digits = Uint8Array.from({ length: 6 * 28 * 28 }, (_, i) => (i * (1 + Math.floor(i / 784))) % 251);
  const idxFiles = {
    "train-images-idx3-ubyte.gz": gz(idx([6, 28, 28], digits)),
    "train-labels-idx1-ubyte.gz": gz(idx([6], Uint8Array.of(7, 2, 1, 0, 4, 9))),
    "t10k-images-idx3-ubyte": idx([6, 28, 28], digits.toReversed()),
    "t10k-labels-idx1-ubyte": idx([6], Uint8Array.of(0, 1, 2, 3, 4, 5)),
  };
  const idxLabels = {
    mnist: { digit: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] },
    "fashion-mnist": { class: 10 },
    kmnist: { character: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"] },
  };
  const ten = "cifar-10-batches-bin";
  const hundred = "cifar-100-binary";
  const cifar10 = tar([
    { name: `${ten}/`, type: "5" },
    ...[1, 2, 3, 4, 5].map((i) => ({ name: `${ten}/data_batch_${i}.bin`, data: cifar([[i], [9 - i]], i) })),
    { name: `${ten}/batches.meta.txt`, data: text("airplane\n") },
    { name: `${ten}/test_batch.bin`, data: cifar([[0], [5], [9]], 9) },
  ]);
  const cifar100 = tar([
    { name: `${hundred}/train.bin`, data: cifar([[4, 0], [1, 1], [14, 2], [19, 99]], 1) },
    { name: `${hundred}/test.bin`, data: cifar([[4, 0], [1, 1], [14, 2]], 2) },
  ]);
  const faces = await photos(4, 178, 218);
  const attributes = ["4", "5_o_Clock_Shadow Smiling Young"];
  faces.forEach((_, i) =>
    attributes.push(`00000${i + 1}.jpg ${i % 2 ? " 1" : "-1"} ${i % 2 ? "-1" : " 1"}  1`)
  );
  const parts = faces.map((_, i) => `00000${i + 1}.jpg ${i === 3 ? 2 : 0}`).join("\n");
  const pictures = await photos(6);
  const pixels = Uint8Array.from(
    { length: 5 * 20 * 18 * 3 },
    (_, i) => (i * 7 + Math.floor(i / 1080) * 40) % 256,
  );
  return [
    ...(["mnist", "fashion-mnist", "kmnist"] as const).map((name) => ({
      name,
      files: idxFiles,
      data: "",
      labels: idxLabels[name],
    })),
    {
      name: "stacked-mnist",
      files: idxFiles,
      data: "",
      options: { length: 40 },
      labels: { red: 10, green: 10, blue: 10 },
    },
    {
      name: "cifar10",
      files: { "cifar-10-binary.tar.gz": gz(cifar10) },
      data: "",
      labels: {
        class: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
      },
    },
    {
      name: "cifar100",
      files: { "cifar-100-binary.tar.gz": gz(cifar100) },
      data: "/cifar-100-binary.tar.gz",
      labels: { coarse: 20, fine: 100 },
    },
    {
      name: "celeba",
      files: {
        "img_align_celeba.zip": zip(
          faces.map((data, i) => ({ name: `img_align_celeba/00000${i + 1}.jpg`, data })),
        ),
        "list_attr_celeba.txt": attributes.join("\n"),
        "list_eval_partition.txt": parts,
      },
      data: "",
      labels: { "5_o_Clock_Shadow": ["no", "yes"], Smiling: ["no", "yes"], Young: ["no", "yes"] },
    },
    {
      name: "folder",
      files: {
        "set.tar": tar(pictures.map((data, i) => ({ name: `${i < 3 ? "cat" : "dog"}/${i}.jpg`, data }))),
      },
      data: "/set.tar",
      labels: { class: ["cat", "dog"] },
    },
    {
      name: "webdataset",
      files: {
        ...Object.fromEntries([0, 1].map((shard) => [
          `${shard}0.tar`,
          tar(
            pictures.slice(3 * shard, 3 * shard + 3).flatMap((data, i) => [
              { name: `${i}.jpg`, data },
              { name: `${i}.cls`, data: text(`${i + shard}\n`) },
            ]),
          ),
        ])),
        "classnames.txt": "cat\ndog\nowl\nyak\n",
      },
      data: "",
      labels: { class: ["cat", "dog", "owl", "yak"] },
    },
    {
      name: "huggingface",
      files: {
        "data/train-00000-of-00002.parquet": parquet({
          images: pictures.slice(0, 3),
          labels: [0, 1, 1],
          names: ["cat", "dog"],
        }),
        "data/train-00001-of-00002.parquet": parquet({ images: pictures.slice(3), labels: [1, 0, 0] }),
        "data/test-00000-of-00001.parquet": parquet({ images: pictures.slice(5), labels: [0] }),
      },
      data: "",
      labels: { class: ["cat", "dog"] },
    },
    {
      name: "npy",
      files: {
        "set.npy": npy([5, 20, 18, 3], pixels),
        "set.labels.json": JSON.stringify({ kind: { classes: ["a", "b"], values: [0, 1, 1, 0, 1] } }),
      },
      data: "/set.npy",
      labels: { kind: ["a", "b"] },
    },
  ];
}
