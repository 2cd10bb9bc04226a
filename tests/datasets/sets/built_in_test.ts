import { assert, assertEquals } from "@std/assert";
import { builtInDatasets, checkPlugin, openDataset } from "../../../plugins/datasets/mod.ts";
import { checkDataset } from "../../../plugins/datasets/testing.ts";
import type { TrainOptions } from "../../../mod.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { trainTiny } from "../../dcgan/tiny.ts";
import { gpuTest } from "../../support/gpu.ts";
import { withFiles } from "../support/folders.ts";
import { miniatures } from "../support/miniatures.ts";
import { needs, realData } from "../support/real_data.ts";
import { withServer } from "../support/unreliable_server.ts";

const sets = await miniatures();

Deno.test("every built-in dataset keeps to the contract, and has a miniature", async (t) => {
  assertEquals(
    new Set(sets.map(({ name }) => name)),
    new Set(Object.keys(builtInDatasets)).difference(new Set(["faces"])),
  );
  for (const { name, files, data, options = {} } of sets) {
    await t.step(name, async () => {
      checkPlugin(builtInDatasets[name], name);
      await withFiles(files, (folder) => checkDataset(name, { size: 16, data: folder + data, options }));
    });
  }
});

Deno.test("every built-in dataset knows its labels and their classes", async (t) => {
  for (const { name, files, data, labels } of sets) {
    await t.step(name, async () => {
      await withFiles(files, async (folder) => {
        await using dataset = await openDataset(name, { size: 16, data: folder + data });
        assertEquals(Object.keys(dataset.labels), Object.keys(labels));
        for (const [label, expected] of Object.entries(labels)) {
          const { classes } = dataset.labels[label]!;
          assertEquals(typeof expected === "number" ? classes?.length : classes, expected);
        }
      });
    });
  }
});

/** Trains tiny networks for 20 steps, and holds what comes out to be numbers. */
async function trainTwenty(device: Device, options: TrainOptions): Promise<void> {
  await withFiles({}, async (folder) => {
    const out = `${folder}/run`;
    const events = await trainTiny(device, { ...options, steps: 20, logEvery: 0, sampleEvery: 0, out });
    const end = events.at(-1)!;
    assert(end.type === "end" && end.step === 20, JSON.stringify(end));
    const losses = events.flatMap((event) => event.type === "metrics" ? [event.generatorLoss] : []);
    assert(losses.length > 0 && losses.every(Number.isFinite), String(losses));
  });
}

for (const { name, files, data, options = {} } of sets) {
  gpuTest(`train() trains 20 steps on ${name} in miniature`, async (device) => {
    await withFiles(
      files,
      (folder) => trainTwenty(device, { data: name, dataRoot: folder + data, dataOptions: options }),
    );
  });
}

gpuTest(
  "train() downloads from a mirror, tells how far it has come, and then needs no network",
  async (device) => {
    const { files } = sets.find(({ name }) => name === "huggingface")!;
    const shard = Object.values(files)[0] as Uint8Array;
    const list = new TextEncoder().encode('{"default": {"train": ["https://huggingface.co/x/0.parquet"]}}');
    const before = Deno.env.get("XDG_CACHE_HOME");
    await withFiles({}, async (folder) => {
      Deno.env.set("XDG_CACHE_HOME", folder);
      try {
        const options = { data: "hf:user/set", steps: 2, logEvery: 0 };
        await withServer(
          ({ line }) => ({ body: line.includes("/0.parquet") ? shard : list }),
          async (mirror) => {
            const events = await trainTiny(device, { ...options, mirror, out: `${folder}/one` });
            const told = events.flatMap((event) =>
              event.type === "dataset" ? [event.message ?? event.progress?.what] : []
            );
            assertEquals(told.includes(`Downloading ${mirror}/x/0.parquet`), true, String(told));
            assertEquals(told.at(-1), "0.parquet");
            assertEquals(events.at(-1)?.type, "end");
          },
        );
        const events = await trainTiny(device, {
          ...options,
          offline: true,
          dataTimeout: 60,
          out: `${folder}/two`,
        });
        assertEquals([events[0]?.type, events.at(-1)?.type], ["start", "end"]);
        const config = JSON.parse(await Deno.readTextFile(`${folder}/two/config.json`));
        assertEquals([config.data, "offline" in config, "dataTimeout" in config], [
          "hf:user/set",
          false,
          false,
        ]);
      } finally {
        if (before === undefined) Deno.env.delete("XDG_CACHE_HOME");
        else Deno.env.set("XDG_CACHE_HOME", before);
      }
    });
  },
);

/** A test on the GPU that needs a file of the real data. */
function realTest(name: string, file: string, body: (device: Device) => Promise<void>): void {
  if (needs(file).ignore) Deno.test.ignore(name, () => {});
  else gpuTest(name, body);
}

realTest("train() trains 20 steps on the real MNIST", "mnist", async (device) => {
  await trainTwenty(device, { data: "mnist", dataRoot: `${realData}mnist` });
});

realTest("train() trains 20 steps on the real photos of CIFAR-10", "cifar10-jpeg.zip", async (device) => {
  await trainTwenty(device, { data: `${realData}cifar10-jpeg.zip`, dataOptions: { within: "train" } });
});
