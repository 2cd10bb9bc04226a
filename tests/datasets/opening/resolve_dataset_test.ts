import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  builtInDatasets,
  checkPlugin,
  DatasetError,
  openDataset,
  resolveDataset,
} from "../../../plugins/datasets/mod.ts";
import { withPlugin } from "../support/plugins.ts";

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
