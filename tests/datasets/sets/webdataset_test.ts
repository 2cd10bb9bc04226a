/** Shards as other tools write them. */
import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { namingOf, samplesOf } from "../../../plugins/datasets/sources/sample_names.ts";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { encodePng } from "../../../src/pictures/mod.ts";
import { ramp } from "../../pictures/files.ts";
import { tar } from "../support/files.ts";
import { withFiles } from "../support/folders.ts";
import { readImages } from "../support/read_images.ts";

const png = await encodePng(ramp(20, 20));
const other = await encodePng(ramp(9, 20));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** What a member holds, by what its name ends in. */
function contentOf(name: string, index: number): Uint8Array {
  if (name.endsWith("cls")) return text(String(index % 2));
  if (name.endsWith("txt")) return text("a cat");
  return /depth|mask|left/.test(name) ? other : png;
}

const shard = (names: readonly string[]): Uint8Array =>
  tar(names.map((name, index) => ({ name, data: contentOf(name, index) })));

/** Opens a shard, reads all of it, and says what was told. */
async function open(names: readonly string[], options: Record<string, string> = {}) {
  return await withFiles({ "a.tar": shard(names) }, async (folder) => {
    const told: string[] = [];
    await using dataset = await openDataset("webdataset", {
      size: 4,
      data: `${folder}/a.tar`,
      options: { ...options, workers: 0 },
      report: (line) => told.push(line.replace(folder, "")),
    });
    const indices = Array.from({ length: dataset.length }, (_, i) => i);
    const images = await readImages(dataset, indices);
    const { class: label } = dataset.labels;
    const firsts = indices.map((i) => images[i * 48 + 3 * 3]);
    return { firsts, labels: label && indices.map((i) => label.at(i)), told: told.join("\n") };
  });
}

/** Names of members of some samples. */
const named = (count: number, ...endings: string[]): string[] =>
  Array.from({ length: count }, (_, i) => endings.map((ending) => `0${i}.${ending}`)).flat();

Deno.test("webdataset asks which picture of a sample is meant, and takes that one", async () => {
  const names = named(4, "depth.png", "jpg", "mask.png", "cls");
  const plain = (await open(named(1, "jpg"))).firsts[0];
  const depth = (await open(named(1, "depth.png"))).firsts[0];
  assert(plain !== depth);
  assertEquals((await open(names, { image: "jpg" })).firsts, Array(4).fill(plain));
  assertEquals((await open(names, { image: ".DEPTH.png" })).firsts, Array(4).fill(depth));
  assertEquals((await open(names, { image: "mask.png, jpg" })).firsts, Array(4).fill(depth));
  // The end of an ending is enough where no other one has it
  assertEquals((await open(named(4, "depth.png", "jpg"), { image: "png" })).firsts, Array(4).fill(depth));
  const cases: [Record<string, string>, string][] = [
    [{}, 'Sample "00" in'],
    [{}, "has several pictures, depth.png, jpg, mask.png: choose one, such as --data-image jpg"],
    [
      { image: "png" },
      "has several pictures, depth.png, mask.png: choose one, such as --data-image depth.png",
    ],
    [{ image: "gif" }, "must hold pictures"],
  ];
  for (const [options, message] of cases) {
    await assertRejects(() => open(names, options), DatasetError, message);
  }
  await assertRejects(
    () => open(named(3, "jpg", "a.cls", "b.cls")),
    DatasetError,
    "has several labels, a.cls, b.cls: choose one, such as --data-label a.cls",
  );
  assertEquals((await open(named(3, "jpg", "b.cls", "cls"))).labels, [0, 1, 0]);
});

Deno.test("webdataset tells samples apart whose names have dots", async () => {
  for (const names of [named(6, "jpg", "cls"), named(6, "v1.jpg", "v1.cls")]) {
    const { firsts, labels, told } = await open(names);
    assertEquals([firsts.length, labels, told], [6, Array(6).fill(1), ""]);
  }
  const dotted = named(6, "jpg", "cls").map((name) => `set.x/sample.v1.${name}`);
  const { firsts, labels, told } = await open(dotted);
  assertEquals([firsts.length, labels], [6, Array(6).fill(1)]);
  assert(/are identified by their names up to the last dot$/.test(told), told);
  const members = (names: readonly string[]) => names.map((name) => ({ name, offset: 0, size: 0 }));
  assertEquals(namingOf(members(named(3, "left.jpg", "right.jpg"))), "first");
  assertEquals(namingOf(members(["a.txt", "b.c.txt"])), undefined);
  const samples = [...samplesOf(members(["x.y/a", "x.y/b.c.d", "e"]), "first")];
  assertEquals(samples.map(({ key, members: [member] }) => [key, member!.ending]), [
    ["x.y/a", ""],
    ["x.y/b", "c.d"],
    ["e", ""],
  ]);
});

Deno.test("webdataset passes over what macOS leaves behind", async () => {
  const names = named(4, "cls", "jpg").flatMap((name) => [`./._${name}`, `./${name}`]);
  const { firsts, labels, told } = await open(["./._.", "__MACOSX/._00.jpg", ...names]);
  assertEquals([firsts.length, labels?.length, told], [4, 4, ""]);
});

Deno.test("webdataset counts samples without a label or a picture", async () => {
  const whole = named(5, "jpg", "cls", "txt");
  const cases: [string[], Record<string, string>, number, RegExp | undefined][] = [
    [whole, {}, 5, undefined],
    [named(5, "jpg"), {}, 5, undefined],
    [
      whole.filter((name) => name !== "03.cls"),
      {},
      5,
      /^1 of the 5 samples \("03"\) has no label that ends in cls: labels are left out$/,
    ],
    [
      whole.filter((name) => !/0[12].jpg/.test(name)),
      {},
      3,
      /^2 of the 5 samples \(the first is "01"\) have no picture, and are left out$/,
    ],
    [
      [...whole, "09.png"],
      { image: "jpg" },
      5,
      /^1 of the 6 samples \("09"\) has no picture that ends in jpg, and is left out$/,
    ],
    [
      whole,
      { label: "json" },
      5,
      /^5 of the 5 samples \(the first is "00"\) have no label that ends in json: /,
    ],
  ];
  for (const [names, options, count, message] of cases) {
    const { firsts, told } = await open(names, options);
    assertEquals(firsts.length, count);
    if (message === undefined) assertEquals(told, "");
    else assert(message.test(told), told);
  }
});

Deno.test("webdataset leaves labels out that cannot be read, as training needs none", async () => {
  const cases: [Uint8Array, string, RegExp, readonly string[] | undefined][] = [
    [
      new Uint8Array(2000),
      "",
      /^The label "0\.cls" must have 1024 bytes at most, found 2000; labels are left/,
      undefined,
    ],
    [Uint8Array.of(255), "", /^The label "0\.cls" must be text: .*; labels are left out$/, undefined],
    [
      text("2"),
      "one\n",
      /^classnames\.txt must name all classes, found 1 names, and class 2 at 0\.png; the numbers are taken as names$/,
      ["0", "1", "2"],
    ],
  ];
  for (const [data, names, message, classes] of cases) {
    const bytes = tar([{ name: "0.png", data: png }, { name: "0.cls", data }]);
    await withFiles({ "a.tar": bytes, "classnames.txt": names === "" ? null : names }, async (folder) => {
      const told: string[] = [];
      const report = (line: string) => told.push(line);
      await using dataset = await openDataset("webdataset", { size: 4, data: folder, report });
      assertEquals([dataset.length, dataset.labels.class?.classes], [1, classes]);
      assertEquals([told.length, message.test(told[0]!)], [1, true], told[0]);
    });
  }
});

Deno.test("webdataset names packed shards", async () => {
  const bytes = shard(named(2, "jpg"));
  const packed = new Uint8Array(gzipSync(bytes));
  await withFiles(
    { "a.tar": packed, "b/0.tar.gz": packed, "c/0.tar": bytes, "c/1.tgz": packed },
    async (folder) => {
      const told: string[] = [];
      const opening = (path: string) =>
        openDataset("webdataset", { size: 4, data: folder + path, report: (line) => told.push(line) });
      await assertRejects(
        () => opening("/a.tar"),
        DatasetError,
        "is packed with gzip, which allows no access",
      );
      await assertRejects(
        () => opening("/b"),
        DatasetError,
        'must hold tar shards, found 1 packed shard (the first is "0.tar.gz"); shards are read as plain tars',
      );
      await using dataset = await opening("/c");
      assertEquals(dataset.length, 2);
      assert(/holds 1 packed shard \(the first is "1\.tgz"\), which are left out;/.test(told[0]!), told[0]);
    },
  );
});

Deno.test("webdataset counts links, which are no members of a sample", async () => {
  const png = await encodePng(ramp(4, 4));
  const bytes = tar([
    { name: "0.png", data: png },
    { name: "1.png", type: "2", link: "0.png" },
    { name: "2.png", type: "1", link: "0.png" },
  ]);
  await withFiles({ "a.tar": bytes }, async (folder) => {
    const told: string[] = [];
    const report = (line: string) => told.push(line);
    await using dataset = await openDataset("webdataset", { size: 4, data: folder, report });
    assertEquals([dataset.length, told], [1, [
      'Passed over 2 files: 2 links or other members that are no files (the first is "a.tar/1.png")',
    ]]);
  });
});
