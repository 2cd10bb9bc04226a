import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname } from "node:path";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { decodePicture, encodePng, fitPicture, type Picture } from "../../../src/pictures/mod.ts";
import { jpeg, ramp } from "../../pictures/files.ts";
import { checkDataset } from "../../../plugins/datasets/testing.ts";
import { readImages } from "../support/read_images.ts";
import { needs, realData } from "../support/real_data.ts";
import { type Member, zip } from "../support/zip_file.ts";

/** A plain picture but for one dark pixel. */
function plain(level: number, width = 20, height = 12): Picture {
  const data = new Uint8Array(width * height).fill(level);
  data[Math.floor(height / 2) * width + Math.floor(width / 2)] = 0;
  return { width, height, channels: 1, data };
}

async function pictures(): Promise<Record<string, Uint8Array>> {
  return {
    "train/cat/b.png": await encodePng(plain(100)),
    "train/cat/a.png": await encodePng(plain(200)),
    "train/dog/c.jpg": await jpeg(ramp(30, 40)),
    "test/cat/d.JPEG": await jpeg(ramp(16, 16)),
    "notes.txt": new TextEncoder().encode("no picture"),
    ".hidden/x.png": new Uint8Array(),
    "__MACOSX/._a.png": new Uint8Array(),
  };
}

/** Writes files to a folder, which goes afterwards. */
async function withFolder(
  files: Record<string, Uint8Array>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.mkdir(dirname(`${folder}/${name}`), { recursive: true });
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes the same files to a folder and to a zip. */
async function withBoth(
  files: Record<string, Uint8Array>,
  use: (data: string) => Promise<void>,
): Promise<void> {
  await withFolder(files, use);
  const members = Object.entries(files).map(([name, data], i) => ({ name, data, method: i % 2 ? 0 : 8 }));
  await withFolder({ "set.zip": zip(members) }, (folder) => use(`${folder}/set.zip`));
}

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

Deno.test("folder puts the next good picture of the class in the place of a broken one", async () => {
  const files = {
    "cat/1.png": await encodePng(plain(50)),
    "cat/2.png": (await encodePng(plain(60))).subarray(0, 40),
    "cat/3.png": await encodePng(plain(70)),
    "dog/1.png": await encodePng(plain(90)),
    "dog/2.png": new Uint8Array(),
  };
  await withBoth(files, async (data) => {
    await using dataset = await openDataset(data, { size: 4, options: { broken: 40 } });
    const [one, two, three, four, five] = await Promise.all(
      [0, 1, 2, 3, 4].map((i) => readImages(dataset, [i])),
    );
    assertEquals(two, three);
    assert(String(one) !== String(two));
    assertEquals(five, four);
    assertEquals(dataset.skipped.toSorted((a, b) => a.name < b.name ? -1 : 1), [
      { name: "cat/2.png", reason: "The PNG is cut short: it has no IEND chunk" },
      { name: "dog/2.png", reason: "The file is empty" },
    ]);
  });
});

Deno.test("folder fails once more pictures are broken than is allowed, and goes on failing", async () => {
  const files: Record<string, Uint8Array> = { "good.png": await encodePng(plain(50)) };
  for (let i = 0; i < 19; i++) files[`g${i}.png`] = files["good.png"]!;
  await withFolder({ ...files, "a.png": Uint8Array.of(1, 2, 3, 4) }, async (data) => {
    await using dataset = await openDataset(data, { size: 4 });
    await readImages(dataset, [0]);
    assertEquals(dataset.skipped.length, 1);
  });
  await withFolder({ ...files, "a.png": Uint8Array.of(1), "b.png": Uint8Array.of(2) }, async (data) => {
    await using dataset = await openDataset(data, { size: 4 });
    for (let i = 0; i < 2; i++) {
      const { message } = await assertRejects(() => readImages(dataset, [0]), DatasetError);
      assert(
        /^At least 2 of the 22 pictures in ".+" cannot be used, more than the 5 % that option "broken" allows: the first is a\.png \(The file is no picture: it starts with 01/
          .test(message),
        message,
      );
    }
  });
});

Deno.test("folder takes a picture of another class where its own has no good one, and says so once", async () => {
  const files = {
    "ape/1.png": new Uint8Array(),
    "bee/1.png": await encodePng(plain(50)),
    "cat/1.png": new Uint8Array(),
    "cat/2.png": new Uint8Array(),
    "dog/1.png": await encodePng(plain(90)),
  };
  await withFolder(files, async (data) => {
    for (const order of [[0, 1, 2, 3, 4], [3, 2, 4, 1, 0]]) {
      for (const workers of [0, 2]) {
        const told: string[] = [];
        const options = { broken: 100, workers };
        await using dataset = await openDataset(data, {
          size: 4,
          options,
          report: (line) => told.push(line),
        });
        const images = await readImages(dataset, order);
        // Each picture is the same whatever was read before it
        const levels = order.map((index, place) => [index, images[place * 48]]).sort();
        assertEquals(levels, [[0, 50], [1, 50], [2, 90], [3, 90], [4, 90]]);
        assertEquals(dataset.skipped.map(({ name }) => name).sort(), ["ape/1.png", "cat/1.png", "cat/2.png"]);
        assertEquals(told.length, 1);
        assert(/^No picture of class "(ape|cat)" in ".+" can be used: others stand in for it/.test(told[0]!));
      }
    }
  });
});

Deno.test("folder fails where no picture is good", async () => {
  await withFolder({ "cat/1.png": new Uint8Array(), "dog/1.png": new Uint8Array() }, async (data) => {
    await using dataset = await openDataset(data, { size: 4, options: { broken: 100 } });
    await assertRejects(() => readImages(dataset, [1]), DatasetError, "None of the pictures in");
  });
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

Deno.test("folder says what is wrong with the data", async (t) => {
  const good = await encodePng(plain(50));
  const whole = zip([{ name: "a.png", data: good }]);
  const of = (change: Partial<Member>) => zip([{ name: "a.png", data: good, ...change }]);
  const cases: [string, Record<string, Uint8Array>, string, RegExp][] = [
    ["an empty folder", {}, "", /^".+" must hold pictures \(JPEG, .+\): found no files$/],
    [
      "no pictures",
      { "a.txt": good, "b.txt": good },
      "",
      /: found 2 \.txt \(the first is "a\.txt"\)$/,
    ],
    [
      "an empty file",
      { "x.zip": new Uint8Array() },
      "/x.zip",
      /x\.zip" is an empty file, no folder, zip or tar of pictures: copy or download it again$/,
    ],
    [
      "not a zip",
      { "x.zip": good },
      "/x.zip",
      /x\.zip" is a PNG picture, no folder, zip or tar of pictures: give the folder that it lies in, ".+"$/,
    ],
    [
      "a zip cut short",
      { "x.zip": whole.slice(0, -30) },
      "/x.zip",
      /must be a whole zip file: found ".+"; it may be cut/,
    ],
    ["half a zip", { "x.zip": whole.slice(0, 60) }, "/x.zip", /must be a whole zip file/],
    [
      "an empty zip",
      { "x.zip": zip([{ name: "a/", data: new Uint8Array() }]) },
      "/x.zip",
      /: found no files$/,
    ],
    ["a zip of texts", { "x.zip": of({ name: "a.txt" }) }, "/x.zip", /: found 1 \.txt \("a\.txt"\)$/],
    [
      "a path that climbs",
      { "x.zip": of({ name: "../a.png" }) },
      "/x.zip",
      /"\.\.\/a\.png" in .+ leads out of the archive/,
    ],
    ["an absolute path", { "x.zip": of({ name: "/a.png" }) }, "/x.zip", /leads out of the archive/],
    ["a backslash", { "x.zip": of({ name: "..\\a.png" }) }, "/x.zip", /leads out of the archive/],
    [
      "encryption",
      { "x.zip": of({ flags: 1 }) },
      "/x.zip",
      /: found 1 encrypted file \("a\.png"\)\. Pack the zip again without/,
    ],
    [
      "another method",
      { "x.zip": of({ method: 14 }) },
      "/x.zip",
      /: found 1 file packed with method 14 .+ Pack the/,
    ],
    [
      "a bomb",
      { "x.zip": of({ method: 8, size: 2 ** 31 }) },
      "/x.zip",
      /: found 1 picture of more than 256 MiB \("a\.png"\)$/,
    ],
  ];
  for (const [name, files, path, message] of cases) {
    await t.step(name, async () => {
      await withFolder(files, async (folder) => {
        const error = await assertRejects(
          () => openDataset("folder", { size: 8, data: folder + path }),
          DatasetError,
        );
        assert(message.test(error.message), error.message);
      });
    });
  }
  await t.step("no path", async () => {
    await assertRejects(() => openDataset("folder", { size: 8 }), DatasetError, "needs data");
  });
  await t.step("a path to nothing", async () => {
    await assertRejects(
      () => openDataset("folder", { size: 8, data: "missing" }),
      DatasetError,
      'no folder, zip or tar of pictures at "missing"',
    );
  });
});

Deno.test("folder leaves out what is damaged within a zip", async () => {
  const good = await encodePng(plain(50));
  const members = [{ name: "a.png", data: good }, { name: "b.png", data: good, crc: 1 }, {
    name: "c.png",
    data: good,
    method: 8,
    size: good.length + 5,
  }];
  await withFolder({ "x.zip": zip(members) }, async (folder) => {
    await using dataset = await openDataset(`${folder}/x.zip`, { size: 8, options: { broken: 100 } });
    const batch = await readImages(dataset, [0, 1, 2]);
    assertEquals(batch.slice(192, 384), batch.slice(0, 192));
    assert(dataset.skipped.some(({ name }) => name === "b.png"), JSON.stringify(dataset.skipped));
  });
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
