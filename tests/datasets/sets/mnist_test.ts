import { assert, assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { checkDataset } from "../../../plugins/datasets/testing.ts";
import { readImages } from "../support/read_images.ts";
import { needs, realData } from "../support/real_data.ts";
import { idx } from "../support/files.ts";
import { type Files, withFiles } from "../support/folders.ts";

const pixels = Uint8Array.from({ length: 5 * 28 * 28 }, (_, i) => i % 251);
const images = idx([5, 28, 28], pixels);
const labels = idx([5], Uint8Array.of(7, 2, 1, 0, 4));

const files: Files = {
  "train-images-idx3-ubyte": images,
  "train-labels-idx1-ubyte.gz": new Uint8Array(gzipSync(labels)),
  "t10k-images-idx3-ubyte.gz": new Uint8Array(gzipSync(images)),
  "t10k-labels-idx1-ubyte": labels,
};

/** A folder with the files of a small MNIST, some of them changed. */
const withSet = (use: (folder: string) => Promise<void>, changed: Files = {}): Promise<void> =>
  withFiles({ ...files, ...changed }, use);

Deno.test("mnist keeps to the contract", async () => {
  await withSet(async (data) => {
    await checkDataset("mnist", { size: 32, data });
    await checkDataset("mnist", { size: 28, data, options: { split: "test" } });
  });
});

Deno.test("mnist pads 28 pixels to 32 with black, and scales from there", async () => {
  await withSet(async (data) => {
    await using exact = await openDataset("mnist", { size: 28, data });
    assertEquals(exact.shape, [28, 28, 1]);
    assertEquals(await readImages(exact, [3]), pixels.slice(3 * 784, 4 * 784));
    await using padded = await openDataset("mnist", { size: 32, data });
    const image = await readImages(padded, [3]);
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        const inside = x >= 2 && x < 30 && y >= 2 && y < 30;
        assertEquals(image[y * 32 + x], inside ? pixels[3 * 784 + (y - 2) * 28 + x - 2] : 0);
      }
    }
    await using small = await openDataset("mnist", { size: 16, data });
    const halved = await readImages(small, [3]);
    const mean = (image[32 * 4 + 4]! + image[32 * 4 + 5]! + image[32 * 5 + 4]! + image[32 * 5 + 5]!) / 4;
    assertEquals(halved[16 * 2 + 2], Math.round(mean));
    await using color = await openDataset("mnist", { size: 64, channels: 3, data });
    assertEquals(color.shape, [64, 64, 3]);
  });
});

Deno.test("mnist gives the digits as labels", async () => {
  await withSet(async (data) => {
    await using dataset = await openDataset("mnist", { size: 28, data });
    const { classes, at } = dataset.labels.digit!;
    assertEquals([0, 1, 2, 3, 4].map((index) => classes![at(index)]), ["7", "2", "1", "0", "4"]);
  });
});

Deno.test("mnist says which file is wrong, what was found and what was expected", async (t) => {
  const packed = new Uint8Array(gzipSync(images));
  const name = "train-images-idx3-ubyte";
  const cases: [Record<string, Uint8Array | null>, RegExp][] = [
    [
      { [name]: null },
      /^The data of "mnist" must be a folder with train-images-idx3-ubyte or .+\.gz, found neither/,
    ],
    [
      { [name]: new Uint8Array() },
      /train-images-idx3-ubyte" is an empty file: copy or download it again$/,
    ],
    [
      { [name]: new TextEncoder().encode("<html>") },
      /train-images-idx3-ubyte" is a web page: it was saved in/,
    ],
    [{ [name]: Uint8Array.of(1, 2, 3, 4) }, /expected 0x00000803 at its start, found 0x01020304$/],
    [{ [name]: labels }, /3 axes: expected 0x00000803 at its start, found 0x00000801$/],
    [{ [name]: images.slice(0, 9) }, /is cut short: expected a header of 16 bytes, found 9$/],
    [{ [name]: images.slice(0, -5) }, /does not fit its header: expected 5x28x28 = 3920 bytes, found 3915$/],
    [{ [name]: idx([5, 28, 28], new Uint8Array(4000)) }, /expected 5x28x28 = 3920 bytes, found 4000$/],
    [{ [name]: idx([5, 27, 28], new Uint8Array(5 * 27 * 28)) }, /must hold images of 28x28, found 5x27x28$/],
    [{ [name]: idx([0, 28, 28], new Uint8Array()) }, /found 0x28x28$/],
    [
      { [name]: packed.slice(0, -30) },
      /cannot be unpacked: expected whole gzip, found "unexpected end of file"/,
    ],
    [{ [name]: packed.with(60, packed[60]! ^ 0xff) }, /cannot be unpacked: expected whole gzip, found "/],
    [
      { "train-labels-idx1-ubyte": idx([4], new Uint8Array(4)) },
      /a label for each of the 5 images, found 4$/,
    ],
    [
      { "train-labels-idx1-ubyte": idx([5], Uint8Array.of(1, 2, 10, 3, 4)) },
      /labels from 0 to 9, found 10 for image 2$/,
    ],
  ];
  for (const [changed, message] of cases) {
    await t.step(String(message), async () => {
      await withSet(async (data) => {
        const error = await assertRejects(() => openDataset("mnist", { size: 28, data }), DatasetError);
        assert(message.test(error.message), error.message);
      }, changed);
    });
  }
});

Deno.test("mnist refuses a split that there is not", async () => {
  await assertRejects(
    () => openDataset("mnist", { size: 28, options: { split: "dev" } }),
    DatasetError,
    'must be one of "train", "test", found "dev"',
  );
});

Deno.test("mnist refuses a file in its cache that is not what was downloaded", async () => {
  const cacheDir = await Deno.makeTempDir();
  await Deno.mkdir(`${cacheDir}/mnist`);
  await Deno.writeFile(`${cacheDir}/mnist/train-images-idx3-ubyte.gz`, new Uint8Array(gzipSync(images)));
  await assertRejects(
    () => openDataset("mnist", { size: 28, cacheDir }),
    DatasetError,
    `remove it to download it again`,
  );
  await Deno.remove(cacheDir, { recursive: true });
});

Deno.test("mnist reads the real files", needs("mnist"), async () => {
  const data = `${realData}mnist`;
  for (const [split, length, first] of [["train", 60000, [5, 0, 4]], ["test", 10000, [7, 2, 1]]] as const) {
    await using dataset = await openDataset("mnist", { size: 28, data, options: { split } });
    assertEquals(dataset.length, length);
    assertEquals([0, 1, 2].map((index) => dataset.labels.digit!.at(index)), [...first]);
    const batch = await readImages(dataset, [0, length - 1]);
    assert(batch.some((level) => level > 250));
  }
});

Deno.test("mnist knows the checksums of the real files", needs("mnist"), async () => {
  const cacheDir = await Deno.makeTempDir();
  await Deno.symlink(`${realData}mnist`, `${cacheDir}/mnist`);
  for (const split of ["train", "test"]) {
    await using dataset = await openDataset("mnist", { size: 32, cacheDir, options: { split } });
    assert(dataset.length >= 10000);
  }
  await Deno.remove(cacheDir, { recursive: true });
});
