import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DatasetError, openDataset, resolveDataset } from "../../plugins/datasets/mod.ts";
import { checkDataset } from "../../plugins/datasets/testing.ts";
import { readImages } from "./support/read_images.ts";
import { opening, sample, stripes, withPlugin } from "./support/plugins.ts";

Deno.test("openDataset() opens a plugin by path and by URL", async () => {
  await withPlugin(stripes, async (path) => {
    await checkDataset(path, { size: 16 });
    await using dataset = await openDataset(new URL(`file://${path}`).href, {
      size: 4,
      options: { period: "2" },
    });
    assertEquals([...await readImages(dataset, [1])].slice(0, 4), [20, 0, 20, 0]);
    assertEquals([dataset.name, dataset.labels, dataset.skipped], ["stripes", {}, []]);
  });
});

Deno.test("openDataset() names the plugin and what it does wrong", async (t) => {
  const dataset = "{ length: 2, shape: [size, size, 1], read() {} }";
  const cases: [string, RegExp][] = [
    ["null", /must be an object with length, shape and read, found null$/],
    [
      dataset.replace("2", "0"),
      /^The length that dataset "bad" opens with must be a whole number from 1 .*, found 0$/,
    ],
    [dataset.replace("2", "Infinity"), /found Infinity$/],
    [
      dataset.replace("[size, size, 1]", "[size, size]"),
      /shape .* must be \[8,8,1\] or \[8,8,2\] or \[8,8,3\] or \[8,8,4\], found \[8,8\]$/,
    ],
    [dataset.replace("[size, size, 1]", "[size, 9, 4]"), /found \[8,9,4\]$/],
    [dataset.replace("read() {}", "read: 5"), /"read" .* must be a function, found 5$/],
    [dataset.replace("read", "close: 1, read"), /"close" .* must be a function, found 1$/],
    [
      dataset.replace("read", "labels: { kind: {} }, read"),
      /"at" of label "kind" .* a function, found undefined$/,
    ],
    [
      dataset.replace("read", "labels: { kind: { at() {}, classes: [1] } }, read"),
      /an array of texts, found \[1\]$/,
    ],
    [
      "(() => { throw new Error('disk on fire') })()",
      /^Dataset "bad" cannot be opened: disk on fire \(.*my_set\.ts:1:\d+\)$/,
    ],
  ];
  for (const [opened, message] of cases) {
    await t.step(String(message), async () => {
      const source = `export default { apiVersion: 1, name: "bad", open: ({ size }) => (${opened}) };`;
      await withPlugin(source, async (path) => {
        const error = await assertRejects(() => openDataset(path, { size: 8 }), DatasetError);
        assert(message.test(error.message), error.message);
      });
    });
  }
});

Deno.test("openDataset() holds a plugin to the channels that were asked for", async () => {
  const source =
    'export default { apiVersion: 1, name: "gray", open: ({ size }) => ({ length: 1, shape: [size, size, 1], read() {} }) };';
  await withPlugin(source, async (path) => {
    await assertRejects(
      () => openDataset(path, { size: 8, channels: 3 }),
      DatasetError,
      "must be [8,8,3], found [8,8,1]",
    );
  });
});

Deno.test("read() names the dataset that fails, and keeps the cause", async () => {
  const source = `export default { apiVersion: 1, name: "late", open: ({ size }) => ({
    length: 5, shape: [size, size, 1], read() { throw new TypeError("no such row\\nat all"); } }) };`;
  await withPlugin(source, async (path) => {
    await using dataset = await openDataset(path, { size: 8 });
    const error = await assertRejects(() => readImages(dataset, [0]), DatasetError);
    assertEquals(error.message, `Dataset "late" cannot be read: no such row (${path}:2:55)`);
    assert(error.cause instanceof TypeError);
  });
});

Deno.test("openDataset() refuses a size or channels that no image has", async () => {
  await assertRejects(
    () => openDataset("faces", { size: 0 }),
    RangeError,
    'above 0, or two such as "64x48", found 0',
  );
  await assertRejects(
    () => openDataset("faces", { size: 8, channels: 5 as 3 }),
    RangeError,
    "must be 1 to 4, found 5",
  );
});

Deno.test("read() finds a dataset that is shorter than it says, and no other", async () => {
  const three = (level: string) =>
    opening(`({ size }) => ({ length: 1000, shape: [size, size, 1], read(indices, into) {
      for (let i = 0; i < indices.length; i++) {
        if (indices[i] < 3) into.fill(${level}, i * size * size, (i + 1) * size * size);
      }
    } })`);
  for (const level of ["0", "0xa7", "0x58"]) {
    await withPlugin(three(level), async (path) => {
      await using dataset = await openDataset(path, { size: 8 });
      assertEquals(await readImages(dataset, [2]), new Uint8Array(64).fill(Number(level)));
      await assertRejects(
        () => readImages(dataset, [0, 3, 1]),
        DatasetError,
        'Dataset "bad" says that it has 1000 images, but wrote nothing for image 3',
      );
    });
  }
});

Deno.test("labels are held to what they say", async () => {
  const source = opening(`({ size }) => ({ length: 5, shape: [size, size, 1], read() {}, labels: {
    kind: { classes: ["a", "b"], at: (index) => index }, weight: { at: (index) => index === 4 ? NaN : index / 2 } } })`);
  await withPlugin(source, async (path) => {
    await using dataset = await openDataset(path, { size: 8 });
    const { kind, weight } = dataset.labels;
    assertEquals([kind!.at(1), weight!.at(1)], [1, 0.5]);
    const cases: [() => number, string][] = [
      [
        () => kind!.at(2),
        'Label "kind" of dataset "bad" must be a whole number from 0 to 1, found 2 for image 2',
      ],
      [() => weight!.at(4), 'Label "weight" of dataset "bad" must be a finite number, found NaN for image 4'],
      [() => kind!.at(5), "from 0 to 4, found 5"],
    ];
    for (const [at, message] of cases) assertThrows(at, Error, message);
  });
});

Deno.test("openDataset() takes a plugin itself, and names what npm: and https: specifiers lack", async () => {
  await using dataset = await openDataset(sample, { size: 8 });
  assertEquals(dataset.name, "sample");
  await assertRejects(
    () => resolveDataset("npm:valibot@1.5.0"),
    DatasetError,
    "npm:valibot@1.5.0 must export a dataset plugin as default",
  );
  await assertRejects(
    () => resolveDataset("https://127.0.0.1:1/set.ts"),
    DatasetError,
    "The dataset plugin https://127.0.0.1:1/set.ts cannot be loaded: ",
  );
});
