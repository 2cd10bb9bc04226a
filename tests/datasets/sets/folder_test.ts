import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { decodePicture, encodePng, fitPicture } from "../../../src/pictures/mod.ts";
import { checkDataset } from "../../../plugins/datasets/testing.ts";
import { readImages } from "../support/read_images.ts";
import { needs, realData } from "../support/real_data.ts";
import { pictures, plain, withBoth, withFolder } from "./folder_pictures.ts";

Deno.test("folder keeps to the contract, from a folder and from a zip", async () => {
  await withBoth(await pictures(), async (data) => {
    await checkDataset("folder", { size: 16, data });
    await checkDataset(data, { size: 8, options: { memory: 0, cache: "never" } });
  });
});

Deno.test("folder crops and averages each picture, in the order of their paths, last folders as classes", async () => {
  const files = await pictures();
  await withBoth(files, async (data) => {
    await using dataset = await openDataset(data, { size: 8 });
    const names = ["test/cat/d.JPEG", "train/cat/a.png", "train/cat/b.png", "train/dog/c.jpg"];
    assertEquals(dataset.length, 4);
    const { classes, at } = dataset.labels.class!;
    assertEquals(names.map((_, i) => classes![at(i)]), ["cat", "cat", "cat", "dog"]);
    for (const [i, name] of names.entries()) {
      const expected = fitPicture(await decodePicture(files[name]!), { size: 8, channels: 3 });
      assertEquals(await readImages(dataset, [i]), expected.data, name);
    }
  });
});

Deno.test("folder gives alpha where it is asked for, and sizes that are not square", async () => {
  const data = Uint8Array.from({ length: 20 * 12 * 4 }, (_, i) => (i * 7) % 256);
  const file = await encodePng({ width: 20, height: 12, channels: 4, data });
  await withBoth({ "a.png": file, "b.png": file }, async (data) => {
    for (const channels of [2, 4, undefined] as const) {
      await using dataset = await openDataset(data, { size: "8x16", ...(channels ? { channels } : {}) });
      assertEquals(dataset.shape, [16, 8, channels ?? 3]);
      const fit = { size: "8x16", channels: channels ?? 3 } as const;
      assertEquals(await readImages(dataset, [1]), fitPicture(await decodePicture(file), fit).data);
    }
  });
});

Deno.test("folder takes pictures from one folder of the data", async () => {
  await withBoth(await pictures(), async (data) => {
    await using dataset = await openDataset(data, { size: 8, options: { within: "train/" } });
    assertEquals(dataset.length, 3);
    await assertRejects(
      () => openDataset(data, { size: 8, options: { within: "tra" } }),
      DatasetError,
      "must name a folder with pictures in",
    );
  });
});

Deno.test("folder has no labels where all pictures lie together", async () => {
  await withBoth({ "a.png": await encodePng(plain(9)), "b.png": await encodePng(plain(8)) }, async (data) => {
    await using dataset = await openDataset(data, { size: 8 });
    assertEquals(dataset.labels, {});
  });
});

Deno.test("folder follows links, but into no folder twice", async () => {
  await withFolder(
    { "real/a.png": await encodePng(plain(9)), "b.png": await encodePng(plain(8)) },
    async (data) => {
      await Deno.symlink(data, `${data}/real/round`);
      await Deno.symlink(`${data}/b.png`, `${data}/real/c.png`);
      await Deno.symlink(`${data}/gone.png`, `${data}/real/d.png`);
      await using dataset = await openDataset(data, { size: 8 });
      assertEquals(dataset.length, 3);
    },
  );
});

Deno.test("folder decodes a picture once while its memory lasts", async () => {
  const files = { "a.png": await encodePng(plain(50)), "b.png": await encodePng(plain(60)) };
  for (const [memory, kept] of [[1, 2], [0, 0], [16 * 16 * 3 / 2 ** 20, 1]] as const) {
    await withFolder(files, async (data) => {
      await using dataset = await openDataset(data, {
        size: 16,
        options: { memory, cache: "never", broken: 100 },
      });
      const before = await readImages(dataset, [0, 1]);
      for (const name of Object.keys(files)) await Deno.writeFile(`${data}/${name}`, new Uint8Array());
      for (let i = 0; i < 2; i++) {
        const image = readImages(dataset, [i]);
        if (i < kept) assertEquals(await image, before.slice(i * 768, (i + 1) * 768));
        else await assertRejects(() => image, DatasetError, "The file is empty");
      }
    });
  }
});

Deno.test("folder reads the real photos", needs("cifar10-jpeg.zip"), async () => {
  const data = `${realData}cifar10-jpeg.zip`;
  await using train = await openDataset(data, { size: 32, options: { within: "train" } });
  assertEquals(train.length, 20_000);
  const { classes, at } = train.labels.class!;
  assertEquals(classes?.length, 10);
  assertEquals([classes![at(0)], classes![at(19_999)]], ["airplane", "truck"]);
  const indices = Array.from({ length: 128 }, (_, i) => i * 156);
  const first = await readImages(train, indices);
  assertEquals(await readImages(train, indices), first);
  const mean = first.reduce((sum, level) => sum + level, 0) / first.length;
  assert(mean > 90 && mean < 150, `mean level ${mean}`);
  assertEquals(train.skipped, []);
});
