import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { DatasetError, type OpenDataset, openDataset } from "../../../plugins/datasets/mod.ts";
import { checkDataset } from "../../../plugins/datasets/testing.ts";
import { readImages } from "../support/read_images.ts";
import { idx } from "../support/files.ts";
import { type Files, withFiles } from "../support/folders.ts";
import { needs, realData } from "../support/real_data.ts";

const DIGITS = [7, 2, 1, 0, 4, 9, 3];
const levels = Uint8Array.from({ length: 7 * 784 }, (_, i) => (i * (1 + Math.floor(i / 784))) % 251);
const images = idx([7, 28, 28], levels);
const labels = idx([7], Uint8Array.from(DIGITS));

const files: Files = {
  "train-images-idx3-ubyte": images,
  "train-labels-idx1-ubyte.gz": new Uint8Array(gzipSync(labels)),
  "t10k-images-idx3-ubyte.gz": new Uint8Array(gzipSync(images)),
  "t10k-labels-idx1-ubyte": labels.with(8, 5),
};

const COLORS = ["red", "green", "blue"];

/** The three labels of a picture. */
function labelsOf({ labels }: OpenDataset, index: number): number[] {
  return COLORS.map((color) => labels[color]!.at(index));
}

/** Places in MNIST of the digits in a picture of 28x28, by their pixels. */
function digitsIn(picture: Uint8Array): number[] {
  return [0, 1, 2].map((channel) => {
    const plane = picture.filter((_, i) => i % 3 === channel);
    return DIGITS.findIndex((_, digit) =>
      plane.every((level, pixel) => level === levels[digit * 784 + pixel])
    );
  });
}

async function picturesOf(dataset: OpenDataset, count: number): Promise<Uint8Array[]> {
  const all = await readImages(dataset, Array.from({ length: count }, (_, index) => index));
  return Array.from({ length: count }, (_, index) => all.slice(index * 2352, (index + 1) * 2352));
}

Deno.test("stacked-mnist keeps to the contract", async () => {
  await withFiles(files, async (data) => {
    await checkDataset("stacked-mnist", { size: 32, data });
    await checkDataset("stacked-mnist", { size: 28, data, options: { split: "test", length: 9, seed: 3 } });
  });
});

Deno.test("each channel of stacked-mnist is a digit, and its label says which", async () => {
  await withFiles(files, async (data) => {
    await using dataset = await openDataset("stacked-mnist", { size: 28, data });
    assertEquals([dataset.length, dataset.shape], [128_000, [28, 28, 3]]);
    assertEquals(Object.keys(dataset.labels), COLORS);
    assertEquals(dataset.labels.green!.classes, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    for (const [index, picture] of (await picturesOf(dataset, 40)).entries()) {
      assertEquals(labelsOf(dataset, index), digitsIn(picture).map((digit) => DIGITS[digit]!));
    }
  });
});

Deno.test("the pictures of stacked-mnist follow from seed and index, not from the length", async () => {
  await withFiles(files, async (data) => {
    const found = async (options: Record<string, number | string>) => {
      await using dataset = await openDataset("stacked-mnist", { size: 28, data, options });
      return (await picturesOf(dataset, 30)).map(digitsIn);
    };
    const first = await found({});
    assertEquals(await found({ length: 30, seed: 0 }), first);
    assertNotEquals(await found({ seed: 1 }), first);
    // Every digit comes, and the channels choose for themselves
    for (const channel of [0, 1, 2]) assertEquals(new Set(first.map((one) => one[channel])).size, 7);
    assert(first.some(([r, g]) => r !== g) && first.some(([, g, b]) => g !== b));
    // The same choice, but the first label of the other part is another one
    assertEquals(await found({ split: "test" }), first);
  });
});

Deno.test("stacked-mnist takes labels from its part of MNIST", async () => {
  await withFiles(files, async (data) => {
    await using train = await openDataset("stacked-mnist", { size: 28, data });
    await using test = await openDataset("stacked-mnist", { size: 28, data, options: { split: "test" } });
    const changed = (await picturesOf(train, 40)).map((picture) => digitsIn(picture).includes(0));
    for (const [index, isChanged] of changed.entries()) {
      assertEquals(`${labelsOf(train, index)}` !== `${labelsOf(test, index)}`, isChanged);
    }
  });
});

Deno.test("stacked-mnist is in the sizes of mnist, with a black border where that has one", async () => {
  await withFiles(files, async (data) => {
    await using exact = await openDataset("stacked-mnist", { size: 28, data });
    await using wide = await openDataset("stacked-mnist", { size: 32, data });
    const [inner, outer] = [await readImages(exact, [5]), await readImages(wide, [5])];
    for (let at = 0; at < outer.length; at++) {
      const [y, x, channel] = [Math.floor(at / 96) - 2, Math.floor(at / 3) % 32 - 2, at % 3];
      const isInside = x >= 0 && x < 28 && y >= 0 && y < 28;
      assertEquals(outer[at], isInside ? inner[(y * 28 + x) * 3 + channel] : 0);
    }
  });
});

Deno.test("stacked-mnist refuses what it cannot be, by its name", async () => {
  await withFiles(files, async (data) => {
    await assertRejects(
      () => openDataset("stacked-mnist", { size: 28, data, channels: 1 }),
      DatasetError,
      "The channels of stacked-mnist must be 3, one a digit, found 1. Leave out --channels, or train on mnist",
    );
    await assertRejects(
      () => openDataset("stacked-mnist", { size: 28, data, options: { length: 0 } }),
      DatasetError,
      "found 0",
    );
  });
  await withFiles({}, async (data) => {
    await assertRejects(
      () => openDataset("stacked-mnist", { size: 28, data }),
      DatasetError,
      'The data of "stacked-mnist" must be a folder with train-images-idx3-ubyte or',
    );
  });
});

Deno.test("stacked-mnist of the real digits covers its 1,000 modes evenly", needs("mnist"), async () => {
  await using dataset = await openDataset("stacked-mnist", { size: 28, data: `${realData}mnist` });
  const [counts, digits] = [new Uint32Array(1000), new Uint32Array(10)];
  for (let index = 0; index < dataset.length; index++) {
    const [red, green, blue] = labelsOf(dataset, index);
    const mode = 100 * red! + 10 * green! + blue!;
    counts[mode]!++;
    digits[Math.floor(mode / 100)]!++;
  }
  // Shares of the digits differ in MNIST (5 has 5,421 of 60,000, 1 has 6,742), and so do those of the modes
  const share = (digit: number) => digits[digit]! / dataset.length;
  let squares = 0;
  for (const [mode, count] of counts.entries()) {
    const want = dataset.length * share(Math.floor(mode / 100)) * share(Math.floor(mode / 10) % 10) *
      share(mode % 10);
    squares += (count - want) ** 2 / want;
  }
  // Chi-squared of about 990 degrees of freedom has a deviation of 45
  assert(Math.min(...counts) > 50 && squares > 800 && squares < 1200, `${squares}`);
});
