import "../../../src/host/on_native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatasetError, openDataset } from "../../../plugins/datasets/mod.ts";
import { readImages } from "../support/read_images.ts";
import { bad, forever, opening, pause, withPlugin } from "../support/plugins.ts";

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
