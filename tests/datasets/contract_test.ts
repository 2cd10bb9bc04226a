import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  builtInDatasets,
  checkPlugin,
  DatasetError,
  type DatasetPlugin,
  defineDataset,
  openDataset,
  readPluginOptions,
  resolveDataset,
} from "../../plugins/datasets/mod.ts";
import { checkDataset } from "../../plugins/datasets/testing.ts";
import { readImages } from "./support/read_images.ts";

/** Writes a plugin to a file and returns its path; the folder goes when the test ends. */
async function withPlugin(source: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/my_set.ts`, source);
    await use(`${folder}/my_set.ts`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const stripes = `export default {
  apiVersion: 1,
  name: "stripes",
  options: { period: { type: "integer", description: "pixels", default: 8, minimum: 2 } },
  open: ({ size, channels = 1, options }) => ({
    length: 10,
    shape: [size, size, channels],
    read(indices: number[], into: Uint8Array) {
      const each = size * size * channels;
      for (let i = 0; i < into.length; i++) {
        into[i] = (Math.floor(i % each / channels) % size + indices[Math.floor(i / each)]) % options.period * 20;
      }
    },
  }),
};`;

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
    ["null", /must be an object with length, shape and read: found null$/],
    [
      dataset.replace("2", "0"),
      /^The length that dataset "bad" opens with must be a whole number from 1 .*: found 0$/,
    ],
    [dataset.replace("2", "Infinity"), /found Infinity$/],
    [
      dataset.replace("[size, size, 1]", "[size, size]"),
      /shape .* must be \[8,8,1\] or \[8,8,3\]: found \[8,8\]$/,
    ],
    [dataset.replace("[size, size, 1]", "[size, 9, 4]"), /found \[8,9,4\]$/],
    [dataset.replace("read() {}", "read: 5"), /"read" .* must be a function: found 5$/],
    [dataset.replace("read", "close: 1, read"), /"close" .* must be a function: found 1$/],
    [
      dataset.replace("read", "labels: { kind: {} }, read"),
      /"at" of label "kind" .* a function: found undefined$/,
    ],
    [
      dataset.replace("read", "labels: { kind: { at() {}, classes: [1] } }, read"),
      /an array of texts: found \[1\]$/,
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
      "must be [8,8,3]: found [8,8,1]",
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
  await assertRejects(() => openDataset("faces", { size: 0 }), RangeError, "above 0: found 0");
  await assertRejects(
    () => openDataset("faces", { size: 8, channels: 2 as 3 }),
    RangeError,
    "1 or 3: found 2",
  );
});

Deno.test("checkPlugin() says what is missing", () => {
  const open = () => {};
  const good = { apiVersion: 1, name: "good", open };
  assertEquals(checkPlugin(good, "here") as unknown, good);
  const cases: [unknown, string][] = [
    [
      undefined,
      "here must export a dataset plugin as default, an object with apiVersion, name and open: found undefined",
    ],
    [{ apiVersion: 1, open }, 'The "name" of the dataset plugin here must be text: found undefined'],
    [{ apiVersion: 0 }, 'The "apiVersion" of the dataset plugin here must be 1: found 0'],
    [{ ...good, license: 4 }, 'The "license" of dataset "good" (here) must be text: found 4'],
    [{ ...good, files: {} }, 'The "files" of dataset "good" (here) must be an array: found {}'],
    [{ ...good, files: [{ path: "../a", urls: ["https://a.example/a"] }] }, 'like set/file.gz: found "../a"'],
    [{ ...good, files: [{ path: "a", urls: ["a"] }] }, 'must be an array of URLs: found ["a"]'],
    [
      { ...good, options: { "no way": { type: "number", description: "", default: 1 } } },
      'must start with a letter, then have letters, digits, - and _: found "no way"',
    ],
    [
      { ...good, options: { root: { type: "number", description: "", default: 1 } } },
      "must have another name, as --data-root means something else",
    ],
    [
      { ...good, options: { n: { type: "string", description: "", default: "a", enum: "a" } } },
      'The enum of option "n" of dataset "good" (here) must be an array of texts: found "a"',
    ],
    [{ ...good, apiVersion: 2 }, "must be 1: found 2; a newer version of @x/dcgan may know it"],
    [{ ...good, apiVersion: "1" }, 'The "apiVersion" of dataset "good" (here) must be 1: found "1"'],
    [{ ...good, open: 3 }, 'The "open" of dataset "good" (here) must be a function: found 3'],
    [{ ...good, description: 4 }, 'The "description" of dataset "good" (here) must be text: found 4'],
    [{ ...good, options: [] }, 'The "options" of dataset "good" (here) must be an object: found []'],
    [
      { ...good, options: { n: { type: "int" } } },
      'The type of option "n" of dataset "good" (here) must be "number", "integer", "string" or "boolean": found "int"',
    ],
    [
      { ...good, options: { n: { type: "number", default: 1 } } },
      'The description of option "n" of dataset "good" (here) must be text: found undefined',
    ],
    [
      { ...good, options: { n: { type: "number", description: "", default: 1, minimum: 2 } } },
      'The default of option "n" of dataset "good" (here) must be a number of 2 or more: found 1',
    ],
  ];
  for (const [plugin, message] of cases) {
    assertThrows(() => checkPlugin(plugin, "here"), DatasetError, message);
  }
});

/** A plugin that opens with something. */
const opening = (open: string): string => `export default { apiVersion: 1, name: "bad", open: ${open} };`;

/** A plugin that does with `open` what a test wants. */
const bad = (open: DatasetPlugin["open"]): DatasetPlugin => ({ apiVersion: 1, name: "bad", open });
const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
const forever = new Promise<never>(() => {});

Deno.test("openDataset() gives up a plugin that hangs, and names it", async (t) => {
  const options = { size: 8, timeLimit: 0.05 };
  await t.step("as it loads", async () => {
    await withPlugin(
      `await new Promise((done) => setTimeout(done, 500)); ${opening("() => {}")}`,
      async (path) => {
        const { message } = await assertRejects(() => openDataset(path, options), DatasetError);
        assert(
          message.startsWith(`The dataset plugin ${path} is hung: it did not load within 0.05 s`),
          message,
        );
        await pause(600);
      },
    );
  });
  await t.step("as it opens", async () => {
    const { message } = await assertRejects(() => openDataset(bad(() => forever), options), DatasetError);
    assert(message.startsWith('Dataset "bad" is hung: it did not open or report progress within'), message);
  });
  await t.step("as it reads, and reads from it no more", async () => {
    const plugin = bad(({ size }) => ({ length: 5, shape: [size, size, 1], read: () => forever }));
    await using dataset = await openDataset(plugin, options);
    for (let i = 0; i < 2; i++) {
      await assertRejects(
        () => readImages(dataset, [0]),
        DatasetError,
        '"bad" is hung: it did not read 1 image',
      );
    }
  });
});

Deno.test("openDataset() waits for a plugin that shows signs of life", async () => {
  const plugin = bad(async ({ size, report, progress }) => {
    for (let done = 0; done < 6; done++) {
      await pause(200);
      if (done % 2 === 0) report("on and on");
      else progress({ what: "file", done, unit: "bytes" });
    }
    return { length: 1, shape: [size, size, 1], read() {} };
  });
  await using dataset = await openDataset(plugin, { size: 8, timeLimit: 1 });
  assertEquals(dataset.length, 1);
});

Deno.test("openDataset() closes a dataset that opens too late", async () => {
  const closed = Promise.withResolvers<void>();
  const plugin = bad(async ({ size }) => {
    await pause(200);
    return { length: 1, shape: [size, size, 1], read() {}, close: closed.resolve };
  });
  await assertRejects(() => openDataset(plugin, { size: 8, timeLimit: 0.05 }), DatasetError, "is hung");
  await closed.promise;
});

Deno.test("openDataset() ends at once when its signal aborts, whatever the plugin does", async () => {
  const aborting = () => AbortSignal.timeout(30);
  await assertRejects(() => openDataset(bad(() => forever), { size: 8, signal: aborting() }), DOMException);
  const plugin = bad(({ size }) => ({ length: 5, shape: [size, size, 1], read: () => forever }));
  await using dataset = await openDataset(plugin, { size: 8 });
  await assertRejects(() => dataset.read([0], new Uint8Array(64), aborting()), DOMException);
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
        'Label "kind" of dataset "bad" must be a whole number from 0 to 1: found 2 for image 2',
      ],
      [() => weight!.at(4), 'Label "weight" of dataset "bad" must be a finite number: found NaN for image 4'],
      [() => kind!.at(5), "from 0 to 4: found 5"],
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

const sample = defineDataset({
  apiVersion: 1,
  name: "sample",
  options: {
    count: { type: "integer", description: "count", default: 3, minimum: 1, maximum: 9 },
    split: { type: "string", description: "split", default: "train", enum: ["train", "test"] },
    title: { type: "string", description: "title", default: "" },
    mirror: { type: "boolean", description: "mirror", default: false },
  },
  open: ({ size, options: { count, split, mirror } }) => {
    // The declared options give the types here
    const typed: [number, string, boolean] = [count, split, mirror];
    return { length: typed[0], shape: [size, size, 1], read() {} };
  },
});

Deno.test("readPluginOptions() fills in defaults and reads text as what is asked for", () => {
  assertEquals(readPluginOptions(sample), { count: 3, split: "train", title: "", mirror: false });
  assertEquals(
    readPluginOptions(sample, { count: "7", split: "test", title: 12, mirror: "true" }),
    { count: 7, split: "test", title: "12", mirror: true },
  );
});

Deno.test("readPluginOptions() says what is allowed", () => {
  const cases: [Record<string, unknown>, string][] = [
    [
      { cuont: 1 },
      'Dataset "sample" has no option "cuont": allowed are count, split, title, mirror; did you mean "count"?',
    ],
    [{ count: 10 }, 'Option "count" of dataset "sample" must be a whole number from 1 to 9: found 10'],
    [{ count: 1.5 }, "found 1.5"],
    [{ count: "" }, 'found ""'],
    [{ count: "many" }, 'found "many"'],
    [{ split: "dev" }, 'Option "split" of dataset "sample" must be one of "train", "test": found "dev"'],
    [{ mirror: "yes" }, 'Option "mirror" of dataset "sample" must be true or false: found "yes"'],
    [{ toString: 1 }, 'has no option "toString"'],
  ];
  for (const [given, message] of cases) {
    assertThrows(() => readPluginOptions(sample, given), DatasetError, message);
  }
  const plain = { ...sample, options: {} };
  assertThrows(() => readPluginOptions(plain, { a: 1 }), DatasetError, 'takes no options: found "a"');
});

Deno.test("resolveDataset() finds what is built in, and every one of them keeps to the contract", async () => {
  for (const [name, plugin] of Object.entries(builtInDatasets)) {
    assertEquals((await resolveDataset(name)).plugin, plugin);
    assertEquals(checkPlugin(plugin, name).name, name);
    assert(plugin.description);
  }
});

Deno.test("resolveDataset() takes the path of a folder as pictures", async () => {
  const folder = await Deno.makeTempDir();
  assertEquals(await resolveDataset(folder), { plugin: builtInDatasets.folder!, data: folder });
  await assertRejects(
    () => openDataset(folder, { size: 8, data: "elsewhere" }),
    DatasetError,
    "The data cannot be both",
  );
  await Deno.remove(folder);
});

Deno.test("resolveDataset() says what it looked for", async (t) => {
  const cases: [string, RegExp][] = [
    [
      "face",
      /^There is no dataset "face" \(did you mean "faces"\?\): allowed are faces, mnist, .+, the path of/,
    ],
    ["toString", /^There is no dataset "toString": allowed/],
    ["", /^There is no dataset ""/],
    ["./missing/photos", /^There is nothing at "\.\/missing\/photos": looked for .+photos$/],
    ["missing.zip", /^There is nothing at "missing\.zip": looked for .+missing\.zip$/],
    ["./missing.ts", /^There is nothing at "\.\/missing\.ts": looked for .+missing\.ts$/],
    ["file:///missing/set.ts", /^The dataset plugin file:\/\/\/missing\/set\.ts cannot be loaded: /],
  ];
  for (const [specifier, message] of cases) {
    await t.step(specifier || "nothing", async () => {
      const error = await assertRejects(() => resolveDataset(specifier), DatasetError);
      assert(message.test(error.message), error.message);
    });
  }
});

Deno.test("resolveDataset() says why a module is no plugin", async () => {
  await withPlugin("export const a = 1;", async (path) => {
    await assertRejects(() => resolveDataset(path), DatasetError, "must export a dataset plugin as default");
  });
  await withPlugin("throw new Error('boom');", async (path) => {
    await assertRejects(() => resolveDataset(path), DatasetError, "cannot be loaded: boom");
  });
});
