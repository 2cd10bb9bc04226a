import "../../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatasetError, openDataset } from "../../../../plugins/datasets/mod.ts";
import { npy } from "../../support/files.ts";
import { withFiles } from "../../support/folders.ts";
import { readImages } from "../../support/read_images.ts";
import { type Member, zip } from "../../support/zip_file.ts";

const shape = [3, 9, 9, 3];
const pictures = Uint8Array.from({ length: 3 * 243 }, (_, i) => i * 89 % 256);
const array = npy(shape, pictures);
const labels = npy([3], new Uint8Array(BigInt64Array.of(2n, 0n, 1n).buffer), "<i8");

async function open(members: readonly Member[], options: Record<string, string> = {}, name = "a.npz") {
  return await withFiles({ [name]: zip(members) }, async (folder) => {
    const told: string[] = [];
    await using dataset = await openDataset(`${folder}/${name}`, {
      size: 9,
      options,
      report: (message) => told.push(message),
    });
    const indices = Array.from({ length: dataset.length }, (_, i) => i);
    const images = await readImages(dataset, indices);
    const { class: label } = dataset.labels;
    return { images: [...images], labels: label && indices.map((i) => label.at(i)), told: told.join("\n") };
  });
}

Deno.test("npy reads the pictures and labels of an npz, stored or packed", async () => {
  for (const method of [0, 8]) {
    const members = [
      { name: "train_images.npy", data: array, method },
      { name: "train_labels.npy", data: npy([3, 1], Uint8Array.of(2, 0, 1)), method },
      { name: "val_labels.npy", data: npy([3], Uint8Array.of(9, 9, 9)), method },
    ];
    const found = await open(members);
    assertEquals([found.images, found.labels], [[...pictures], [2, 0, 1]]);
  }
});

Deno.test("npy finds labels beside pictures by their names, or by being the only ones", async () => {
  const names = [["x_train", "y_train"], ["x", "y"], ["images", "labels"], ["imgs", "label"], [
    "arr_0",
    "arr_1",
  ]];
  for (const [pictures, label] of names) {
    const members = [{ name: `${pictures}.npy`, data: array }, { name: `${label}.npy`, data: labels }];
    assertEquals((await open(members)).labels, [2, 0, 1], pictures);
  }
  const floats = npy([3], new Uint8Array(12), "<f4");
  const { labels: none, told } = await open([
    { name: "images.npy", data: array },
    { name: "labels.npy", data: floats },
  ]);
  assertEquals(none, undefined);
  assert(
    told.includes("must be a whole number for each of the 3 pictures, found float32 [3]; they are left out"),
  );
});

Deno.test("npy reads an npz that is called npy, and the other way around", async () => {
  assertEquals((await open([{ name: "a.npy", data: array, method: 8 }], {}, "a.npy")).images, [...pictures]);
  await withFiles({ "a.npz": array }, async (folder) => {
    await using dataset = await openDataset(`${folder}/a.npz`, { size: 9 });
    assertEquals(dataset.length, 3);
  });
});

Deno.test("npy asks which array of an npz is meant, and says what is wrong with one", async () => {
  const two = [
    { name: "train_images.npy", data: array, method: 8 },
    { name: "test_images.npy", data: npy([2, 9, 9, 3], pictures.slice(0, 486)), method: 8 },
    { name: "labels.npy", data: labels, method: 8 },
  ];
  assertEquals((await open(two, { array: "test_images" })).images, [...pictures.slice(0, 486)]);
  assertEquals((await open(two, { array: "train_images", label: "labels" })).labels, [2, 0, 1]);
  const big = { name: "big.npy", data: array, method: 8, size: 2 ** 31 };
  const header = npy([2 ** 15, 2 ** 8, 2 ** 8], new Uint8Array(9));
  const huge = { name: "huge.npy", data: header, method: 8, size: 2 ** 31 + 128 };
  const cases: [Member[], Record<string, string>, string][] = [
    [
      two,
      {},
      "found several: train_images [3, 9, 9, 3], test_images [2, 9, 9, 3], labels [3]; choose one, such as --data-array train_images",
    ],
    [two, { array: "x" }, 'must have the array "x", found train_images [3, 9, 9, 3]'],
    [two, { array: "test_images", label: "y" }, 'must have the array of labels "y", found train_images'],
    [two, { array: "test_images", label: "labels" }, "for each of the 2 pictures, found int64 [3]"],
    [
      [{ name: "x.npy", data: labels }, { name: "y.npy", data: labels }],
      {},
      "must have an array of pictures",
    ],
    [[{ name: "x.txt", data: array }], {}, "must hold arrays, found none that ends in .npy"],
    [[{ name: "x.npy", data: array.slice(0, -9) }], {}, "expected 3x9x9x3xuint8 = 729 bytes, found 720"],
    [[{ name: "x.npy", data: array, method: 8, crc: 1 }], {}, "It is damaged: its checksum does not match"],
    [
      [huge],
      {},
      "must unpack to 1073741824 bytes at most, found 2147483776; unpack it to a file of its own with unzip",
    ],
    [[big], {}, "does not fit its header: expected 3x9x9x3xuint8 = 729 bytes, found"],
  ];
  for (const [members, options, message] of cases) {
    await assertRejects(() => open(members, options), DatasetError, message);
  }
  await withFiles({ "cut.npz": zip(two).slice(0, 600), "a.npy/b.npy": array }, async (folder) => {
    const opening = (name: string) => openDataset(`${folder}/${name}`, { size: 9 });
    await assertRejects(
      () => opening("cut.npz"),
      DatasetError,
      "it may be cut short, copy or download it again",
    );
    await assertRejects(() => opening("a.npy"), DatasetError, "must be a .npy or .npz file, found a folder");
  });
});
