import { assert, assertEquals, assertRejects } from "@std/assert";
import { pathToFileURL } from "node:url";
import { parseConfig } from "../../src/dcgan/options/config.ts";
import { ConfigError } from "../../src/dcgan/options/config_issue.ts";
import type { MetricsEvent } from "../../src/dcgan/run/events.ts";
import { permuted } from "../../src/gpu/mod.ts";
import { decodePicture } from "../../src/pictures/mod.ts";
import { gpuTest } from "../support/gpu.ts";
import { brief, heldBytes, namesIn, tiny, trainTiny, withFolder } from "./tiny.ts";

gpuTest("train() tells what happens in order", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const events = await trainTiny(device, {
      out,
      steps: 6,
      sampleEvery: 3,
      checkpointEvery: 2,
      logEvery: 0,
    });
    assertEquals(events.map(brief), [
      "start",
      "metrics 1",
      "metrics 2",
      "checkpoint 2",
      "metrics 3",
      "samples 3",
      "metrics 4",
      "checkpoint 4",
      "metrics 5",
      "metrics 6",
      "checkpoint 6",
      "samples 6",
      "end 6",
    ]);
    const [start, end] = [events[0]!, events.at(-1)!];
    assert(start.type === "start" && end.type === "end");
    assertEquals(start.images, 100_000);
    assertEquals(start.adapter, device.adapter.name);
    assertEquals(start.parameters, {
      generator: 8 * 8 * 16 + 2 * 8 + 8 * 4 * 16 + 2 * 4 + 4 * 3 * 16,
      discriminator: 3 * 4 * 16 + 4 * 8 * 16 + 2 * 8 + 8 * 16,
    });
    assertEquals({ out: end.out, interrupted: end.interrupted }, { out, interrupted: false });
    assert(end.seconds > 0);
    const left = events.filter((event) => event.type === "metrics").map(({ secondsLeft }) => secondsLeft);
    assert(left.every((seconds) => seconds >= 0) && left.at(-1) === 0);
  });
});

gpuTest("train() leaves a run folder that can be read back", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/a/run`;
    const options = { out, steps: 7, sampleEvery: 5, checkpointEvery: 1, logEvery: 0, samples: 6 } as const;
    const events = await trainTiny(device, options);
    assertEquals(await namesIn(out), [
      "checkpoints",
      "config.json",
      "metrics.jsonl",
      "metrics.png",
      "real.png",
      "samples",
    ]);
    assertEquals(await namesIn(`${out}/samples`), ["step-000005.png", "step-000007.png"]);
    assertEquals(await namesIn(`${out}/checkpoints`), [3, 4, 5, 6, 7].map((step) => `step-00000${step}`));

    const [start] = events;
    assert(start?.type === "start");
    assertEquals(parseConfig(await Deno.readTextFile(`${out}/config.json`)), start.config);

    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
    const told = events.filter((event): event is MetricsEvent => event.type === "metrics");
    assertEquals(
      lines.map((line) => JSON.parse(line)),
      told.map(({ type: _, imagesPerSecond: __, secondsLeft: ___, ...step }) => step),
    );
    assertEquals(told.map(({ epoch }) => epoch), [1, 2, 3, 4, 5, 6, 7].map((step) => step * 4 / 100_000));

    const pictures = await Promise.all(
      ["real.png", "samples/step-000005.png", "samples/step-000007.png", "metrics.png"].map(async (name) =>
        await decodePicture(await Deno.readFile(`${out}/${name}`))
      ),
    );
    const [real, first, second, plot] = pictures;
    assertEquals([first!.width, first!.height], [real!.width, real!.height]);
    assert(real!.width * real!.height >= 6 * 16 * 16 && plot!.width > 300);
    assert(first!.data.some((level, index) => level !== second!.data[index]));
  });
});

gpuTest("train() writes a line for every step, however many are read together", async (device) => {
  await withFolder(async (out) => {
    const events = await trainTiny(device, {
      out,
      steps: 23,
      sampleEvery: 0,
      checkpointEvery: 0,
      logEvery: 60,
    });
    assertEquals(events.map(brief), [
      "start",
      "metrics 1",
      "metrics 5",
      "metrics 21",
      "metrics 23",
      "checkpoint 23",
      "samples 23",
      "end 23",
    ]);
    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).step), Array.from({ length: 23 }, (_, i) => i + 1));
  });
});

gpuTest("train() gives the same bytes for the same seed, whatever it writes and when", async (device) => {
  await withFolder(async (folder) => {
    const [often, seldom, other] = ["often", "seldom", "other"].map((name) => `${folder}/${name}`);
    await trainTiny(device, { out: often!, steps: 6, sampleEvery: 1, checkpointEvery: 2, logEvery: 0 });
    await trainTiny(device, { out: seldom!, steps: 6, sampleEvery: 0, checkpointEvery: 0 });
    await trainTiny(device, { out: other!, steps: 6, seed: 4 });
    const read = async (out: string) =>
      await Promise.all(
        [
          "checkpoints/step-000006/generator.safetensors",
          "checkpoints/step-000006/training.safetensors",
          "metrics.jsonl",
          "samples/step-000006.png",
          "real.png",
        ].map(async (name) => await Deno.readFile(`${out}/${name}`)),
      );
    assertEquals(await read(often!), await read(seldom!));
    const [a, b] = [await read(seldom!), await read(other!)];
    for (const [position, bytes] of a.entries()) {
      assert(bytes.length !== b[position]!.length || bytes.some((byte, i) => byte !== b[position]![i]));
    }
  });
});

gpuTest("train() goes through shuffled passes, the last batch reaching into the next", async (device) => {
  await withFolder(async (folder) => {
    const plugin = `${folder}/ten.ts`;
    await Deno.writeTextFile(
      plugin,
      `export const reads = [];
      export default {
        apiVersion: 1,
        name: "ten",
        open: ({ size }) => ({
          length: 10,
          shape: [size, size, 1],
          read: (indices, into) => {
            reads.push([...indices]);
            for (let i = 0; i < indices.length; i++) into.fill(25 * indices[i], i * size * size, (i + 1) * size * size);
          },
        }),
      };`,
    );
    const options = { data: plugin, epochs: 1.5, samples: 20, gpuDataMemory: 0 };
    const events = await trainTiny(device, { ...options, out: `${folder}/run` });
    const [start] = events;
    assert(start?.type === "start");
    assertEquals([start.images, start.config.channels, start.config.steps], [10, 1, 4]);
    const last = events.findLast((event) => event.type === "metrics");
    assertEquals([last?.step, last?.epoch], [4, 1.6]);

    const { reads } = await import(pathToFileURL(plugin).href) as { reads: number[][] };
    const place = (index: number, epoch: number) => permuted(index, 10, { seed: tiny.seed, epoch });
    const shuffled = Array.from({ length: 16 }, (_, index) => place(index % 10, Math.floor(index / 10)));
    // First the real pictures to look at, as many as there are, then the steps, and perhaps some after them.
    assertEquals(reads.slice(0, 5), [
      shuffled.slice(0, 10),
      ...[0, 4, 8, 12].map((at) => shuffled.slice(at, at + 4)),
    ]);
  });
});

gpuTest("train() passes on what a dataset reports", async (device) => {
  await withFolder(async (folder) => {
    const plugin = `${folder}/flawed.ts`;
    await Deno.writeTextFile(
      plugin,
      `export default {
        apiVersion: 1,
        name: "flawed",
        open: ({ size, report, progress }) => {
          report("The attic is dusty");
          progress({ what: "attic", done: 1, total: 2, unit: "bytes" });
          const skipped = [];
          return {
            length: 50,
            shape: [size, size, 3],
            skipped,
            read: (_indices, into) => {
              into.fill(9);
              if (skipped.length < 2) skipped.push({ name: "cat" + skipped.length + ".png", reason: "it is a dog" });
            },
          };
        },
      };`,
    );
    const events = await trainTiny(device, { data: plugin, steps: 2, logEvery: 0, out: `${folder}/run` });
    assertEquals(events.slice(0, 2), [
      { type: "dataset", message: "The attic is dusty" },
      { type: "dataset", progress: { what: "attic", done: 1, total: 2, unit: "bytes" } },
    ]);
    const said = events.filter((event) => event.type === "warning").map(({ message }) => message);
    assertEquals(said, [
      "Skipped cat0.png: it is a dog",
      "Skipped cat1.png: it is a dog",
    ]);
  });
});

gpuTest("train() refuses a folder in use, and touches nothing in it", async (device) => {
  await withFolder(async (out) => {
    await Deno.writeTextFile(`${out}/thesis.txt`, "years of work");
    const before = heldBytes(device);
    await assertRejects(() => trainTiny(device, { out, steps: 1 }), RangeError, "'thesis.txt' in it");
    assertEquals(await namesIn(out), ["thesis.txt"]);
    assertEquals(heldBytes(device), before);
  });
});

gpuTest("train() refuses what cannot work before it makes a run folder", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await assertRejects(() => trainTiny(device, { out, batch: 0 }), ConfigError, '"batch"');
    await assertRejects(() => trainTiny(device, { out, data: "nothing-like-it" }), Error, "nothing-like-it");
    await assertRejects(() => trainTiny(device, { out, size: 512, ndf: 4096 }), RangeError, "does not fit");
    assertEquals(await namesIn(folder), []);
  });
});
