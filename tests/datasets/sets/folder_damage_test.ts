import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { readImages } from "../support/read_images.ts";
import { type Member, zip } from "../support/zip_file.ts";
import { plain, withBoth, withFolder } from "./folder_pictures.ts";

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
        /^At least 2 of the 22 pictures in ".+" cannot be used, more than the 5% that option "broken" allows: the first is a\.png \(The file is not a picture: it starts with 01/
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

Deno.test("folder says what is wrong with the data", async (t) => {
  const good = await encodePng(plain(50));
  const whole = zip([{ name: "a.png", data: good }]);
  const of = (change: Partial<Member>) => zip([{ name: "a.png", data: good, ...change }]);
  const cases: [string, Record<string, Uint8Array>, string, RegExp][] = [
    ["an empty folder", {}, "", /^".+" must hold pictures \(JPEG, .+\), found no files$/],
    [
      "no pictures",
      { "a.txt": good, "b.txt": good },
      "",
      /, found 2 \.txt \(the first is "a\.txt"\)$/,
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
      /must be a whole zip file, found ".+"; it may be cut/,
    ],
    ["half a zip", { "x.zip": whole.slice(0, 60) }, "/x.zip", /must be a whole zip file/],
    [
      "an empty zip",
      { "x.zip": zip([{ name: "a/", data: new Uint8Array() }]) },
      "/x.zip",
      /, found no files$/,
    ],
    ["a zip of texts", { "x.zip": of({ name: "a.txt" }) }, "/x.zip", /, found 1 \.txt \("a\.txt"\)$/],
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
      /, found 1 encrypted file \("a\.png"\)\. Pack the zip again without/,
    ],
    [
      "another method",
      { "x.zip": of({ method: 14 }) },
      "/x.zip",
      /, found 1 file packed with method 14 .+ Pack the/,
    ],
    [
      "a bomb",
      { "x.zip": of({ method: 8, size: 2 ** 31 }) },
      "/x.zip",
      /, found 1 picture of more than 256 MiB \("a\.png"\)$/,
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
