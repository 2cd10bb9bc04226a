import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { countCalls } from "../../../bench/call_counts.ts";
import { type OpenDataset, openDataset } from "../../../plugins/datasets/mod.ts";
import { Batches } from "../../../src/dcgan/batches/batches.ts";
import {
  checkpointsIn,
  restoreCheckpoint,
  writeCheckpoint,
} from "../../../src/dcgan/checkpoints/checkpoint.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { openBatches } from "../../../src/dcgan/batches/open_batches.ts";
import { ResidentPictures } from "../../../src/dcgan/batches/resident_pictures.ts";
import { StreamedPictures } from "../../../src/dcgan/batches/streamed_pictures.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { type Device, normalizeImages } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { bytesOf, heldBytes, makeTrainer, namesIn, tiny, trainTiny, withFolder } from "../tiny.ts";

const SOURCES = [ResidentPictures, StreamedPictures];

/** A few faces, fewer than two batches, so that passes end within batches. */
const LENGTH = 7;

function openFaces(length = LENGTH): Promise<OpenDataset> {
  return openDataset("faces", { size: tiny.size, options: { length } });
}

/** The same dataset, counting the pictures that are read. */
function counted(dataset: OpenDataset): { dataset: OpenDataset; read: number[] } {
  const read: number[] = [];
  const { name, length, shape, labels, skipped } = dataset;
  return {
    read,
    dataset: {
      name,
      length,
      shape,
      labels,
      skipped,
      nativeSize: () => dataset.nativeSize(),
      close: () => dataset.close(),
      [Symbol.asyncDispose]: () => dataset.close(),
      read(indices, into, signal) {
        read.push(...Array.from(indices));
        return dataset.read(indices, into, signal);
      },
    },
  };
}

/** The batches of steps as a source gives them, one after the other. */
async function batchesOf(
  device: Device,
  Source: typeof SOURCES[number],
  dataset: OpenDataset,
  steps: readonly number[],
  flip: boolean,
): Promise<Float32Array[]> {
  using source = new Source(device, dataset, resolveConfig({ ...tiny, flip }));
  using counter = device.state([1], "u32");
  using program = device.program({}, () => source.record(counter));
  const batches: Float32Array[] = [];
  for (const step of steps) {
    await source.prepare(step);
    counter.set([step]);
    program.run();
    batches.push(await program.outputs.data());
  }
  return batches;
}

gpuTest("Both sources give the batches of Batches, at any step, in any order of steps", async (device) => {
  await using dataset = await openFaces();
  const order = new Batches(dataset, tiny.batch, tiny.seed);
  const steps = [0, 1, 2, 3, 90, 91, 5, 4, 1_000_000];
  const shape = [tiny.batch, ...dataset.shape];
  const expected: Float32Array[] = [];
  for (const step of steps) {
    const bytes = device.tensor(await order.read(step), { dtype: "u8", shape });
    expected.push(await normalizeImages(bytes).data());
  }
  for (const Source of SOURCES) {
    assertEquals(await batchesOf(device, Source, dataset, steps, false), expected, Source.name);
  }
});

gpuTest("Both sources mirror the same pictures, about half of them, others in each step", async (device) => {
  await using dataset = await openFaces(2);
  const steps = [0, 2, 4, 6, 8, 10, 12, 14];
  const [resident, streamed] = await Promise.all(
    SOURCES.map((Source) => batchesOf(device, Source, dataset, steps, true)),
  );
  assertEquals(resident, streamed);
  const plain = await batchesOf(device, ResidentPictures, dataset, steps, false);
  const each = plain[0]!.length / tiny.batch;
  const mirrored = resident!.map((batch, i) =>
    Array.from({ length: tiny.batch }, (_, position) => {
      const part = (of: Float32Array) => of.subarray(position * each, (position + 1) * each).join();
      return part(batch) === part(plain[i]!) ? 0 : 1;
    })
  );
  const share = mirrored.flat().reduce<number>((sum, one) => sum + one, 0) / (steps.length * tiny.batch);
  assert(share > 0.25 && share < 0.75, `${share} are mirrored`);
  assertNotEquals(mirrored[0], mirrored[1]);
});

gpuTest("ResidentPictures reads each picture once, and then a step uploads nothing", async (device) => {
  const { dataset, read } = counted(await openFaces());
  await using _dataset = dataset;
  const config = resolveConfig(tiny);
  using source = new ResidentPictures(device, dataset, config);
  using trainer = new Trainer(device, config, source);
  assertEquals(source.missing, LENGTH);
  await trainer.next();
  assert(source.missing < LENGTH && read.length >= tiny.batch);
  await trainer.next();
  assertEquals(source.missing, 0);
  for (let i = 0; i < 20; i++) await trainer.next();
  assertEquals(read.toSorted(), Array.from({ length: LENGTH }, (_, index) => index));
  assertEquals(countCalls(device, () => void trainer.next()), {
    submits: 1,
    writes: 0,
    buffers: 0,
    bindGroups: 0,
  });
  await device.settled();
  assertEquals(trainer.steps, 23);
});

gpuTest("openBatches() reads only the pictures of a rank's shards", async (device) => {
  const config = resolveConfig({ ...tiny, dSteps: 2, shards: 4 });
  for (const gpuDataMemory of [1, 0]) {
    const all: number[][] = [];
    for (const rank of [0, 1]) {
      const { dataset, read } = counted(await openFaces());
      await using _dataset = dataset;
      using source = openBatches(device, dataset, { ...config, gpuDataMemory }, undefined, { rank, size: 2 });
      await source.prepare(0);
      // Later steps may be read ahead
      const order = new Batches(dataset, 2 * tiny.batch, tiny.seed).indices(0);
      const own = order.filter((_, place) => Math.floor(place % tiny.batch / (tiny.batch / 2)) === rank);
      assertEquals(read.slice(0, own.length).toSorted(), own.toSorted());
      all.push(own);
    }
    assertEquals(all.flat().length, 2 * tiny.batch);
  }
});

gpuTest(
  "StreamedPictures reads no further ahead than allowed, and stops when it is disposed",
  async (device) => {
    const { dataset, read } = counted(await openFaces());
    await using _dataset = dataset;
    {
      using source = new StreamedPictures(device, dataset, resolveConfig(tiny));
      assertEquals(read, []);
      await source.prepare(0);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert(read.length <= 17 * tiny.batch, `${read.length} were read`);
    const before = read.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assertEquals(read.length, before);
  },
);

gpuTest(
  "Trainer gives the same bytes from either source and from step(), also after a restore",
  async (device) => {
    await using dataset = await openFaces();
    for (const flip of [false, true]) {
      using given = makeTrainer(device, { flip });
      const order = new Batches(dataset, tiny.batch, tiny.seed);
      for (let step = 0; step < 6; step++) given.step(await order.read(step));
      const expected = await bytesOf(given);
      for (const gpuDataMemory of [0, 1]) {
        const config = resolveConfig({ ...tiny, flip, gpuDataMemory });
        await withFolder(async (folder) => {
          {
            using source = openBatches(device, dataset, config);
            assertEquals(source instanceof StreamedPictures, gpuDataMemory === 0);
            using trainer = new Trainer(device, config, source);
            for (let step = 0; step < 4; step++) await trainer.next();
            await writeCheckpoint(folder, trainer);
          }
          using source = openBatches(device, dataset, config);
          using trainer = new Trainer(device, config, source);
          await restoreCheckpoint((await checkpointsIn(folder))[0]!, trainer);
          for (let step = 4; step < 6; step++) await trainer.next();
          assertEquals(await bytesOf(trainer), expected, `gpuDataMemory ${gpuDataMemory}, flip ${flip}`);
        });
      }
    }
  },
);

gpuTest("Trainer.step() and Trainer.next() refuse each other's trainers", async (device) => {
  await using dataset = await openFaces();
  using given = makeTrainer(device);
  await assertRejects(() => given.next(), TypeError, "Call step() with images");
  const config = resolveConfig(tiny);
  using source = openBatches(device, dataset, config);
  using trainer = new Trainer(device, config, source);
  assertThrows(() => trainer.step(new Uint8Array(1)), TypeError, "Call next()");
});

gpuTest("openBatches() keeps on the GPU what fits, and gives it back", async (device) => {
  await using dataset = await openFaces(3000);
  const held = heldBytes(device);
  for (const [gpuDataMemory, resident] of [[undefined, true], [3, true], [2, false], [0, false]] as const) {
    const config = resolveConfig({ ...tiny, ...(gpuDataMemory === undefined ? {} : { gpuDataMemory }) });
    using source = openBatches(device, dataset, config);
    assertEquals(source instanceof ResidentPictures, resident, `${gpuDataMemory}`);
    assert(heldBytes(device) > held);
  }
  assertEquals(heldBytes(device), held);
  await using huge = await openFaces(2 ** 31 - 1);
  using source = openBatches(device, huge, resolveConfig({ ...tiny, gpuDataMemory: 2 ** 20 }));
  assert(source instanceof StreamedPictures);
});

gpuTest("train() gives the same files with data on the GPU and without", async (device) => {
  await withFolder(async (folder) => {
    const read = async (gpuDataMemory: number) => {
      const out = `${folder}/${gpuDataMemory}`;
      await trainTiny(device, { out, steps: 5, flip: true, gpuDataMemory, dataOptions: { length: LENGTH } });
      const checkpoint = `${out}/checkpoints/step-000005`;
      const files = (await namesIn(checkpoint)).map((name) => `${checkpoint}/${name}`);
      files.push(`${out}/metrics.jsonl`, `${out}/real.png`);
      return await Promise.all(files.map((file) => Deno.readFile(file)));
    };
    assertEquals(await read(0), await read(1));
  });
});

gpuTest("train() ends well once its signal aborts while a dataset hangs", async (device) => {
  await withFolder(async (folder) => {
    const plugin = `${folder}/stuck.ts`;
    await Deno.writeTextFile(
      plugin,
      `let reads = 0;
      export default {
        apiVersion: 1,
        name: "stuck",
        open: ({ size }) => ({
          length: 1000,
          shape: [size, size, 3],
          read: (_, into) => reads++ < 4 ? void into.fill(9) : new Promise(() => {}),
        }),
      };`,
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1000);
    const events = await trainTiny(device, { data: plugin, out: `${folder}/run`, signal: controller.signal });
    const end = events.at(-1);
    assert(end?.type === "end" && end.interrupted && end.step === 3, JSON.stringify(end));
    assertEquals(await namesIn(`${folder}/run/checkpoints`), ["step-000003"]);
  });
});
