import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { TrainEvent } from "../../../src/dcgan/run/events.ts";
import { train } from "../../../src/dcgan/train.ts";
import { readSafetensors } from "../../../src/nn/mod.ts";
import { FaultyFiles } from "../../support/faulty_files.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, tiny, trainTiny, withFolder } from "../tiny.ts";

const seldom = { ...tiny, sampleEvery: 0, checkpointEvery: 0, logEvery: 0 } as const;

/** Steps in the log of a run. */
async function stepsOf(out: string): Promise<number> {
  return (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n").length;
}

gpuTest("train() saves what was learned where a script leaves the loop", async (device) => {
  await withFolder(async (folder) => {
    const stopAt = async (out: string, stop: () => void) => {
      for await (const event of train(device, { ...seldom, steps: 100, out })) {
        if (event.type !== "metrics" || event.step < 3) continue;
        stop();
        break;
      }
    };
    await stopAt(`${folder}/break`, () => {});
    const thrown = () => {
      throw new RangeError("enough");
    };
    await assertRejects(() => stopAt(`${folder}/throw`, thrown), RangeError, "enough");
    for (const name of ["break", "throw"]) {
      const out = `${folder}/${name}`;
      assertEquals(await namesIn(`${out}/checkpoints`), ["step-000003"]);
      assertEquals([await stepsOf(out), (await namesIn(out)).includes(".lock")], [3, false]);
      const events = await Array.fromAsync(train(device, { resume: out, steps: 4 }));
      assertEquals(events.filter(({ type }) => type === "warning"), []);
    }
    // Nothing was learned yet
    for await (const { type } of train(device, { ...seldom, steps: 9, out: `${folder}/start` })) {
      if (type === "start") break;
    }
    assertEquals((await namesIn(`${folder}/start`)).includes("checkpoints"), false);
    // A checkpoint that cannot be written is told
    const failing = async () => {
      for await (const { type } of train(device, { ...seldom, steps: 9, out: `${folder}/failing` })) {
        if (type !== "metrics") continue;
        await Deno.writeTextFile(`${folder}/failing/checkpoints`, "in the way");
        break;
      }
    };
    await assertRejects(failing, Error);
  });
});

/** A plugin whose pictures can be read a number of times. */
async function failingAfter(reads: number, folder: string): Promise<string> {
  const path = `${folder}/failing-${reads}.ts`;
  await Deno.writeTextFile(
    path,
    `let reads = 0;
    export default { apiVersion: 1, name: "failing", open: ({ size }) => ({
      length: 500, shape: [size, size, 3],
      read: (_, into) => { if (++reads > ${reads}) throw new Error("The disk fell out"); into.fill(9); } }) };`,
  );
  return path;
}

gpuTest("train() saves the steps before the one that failed, and their numbers", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const data = await failingAfter(7, folder);
    const options = { ...seldom, data, gpuDataMemory: 0, logEvery: 60, steps: 50, out };
    await assertRejects(() => Array.fromAsync(train(device, options)), Error, "The disk fell out");
    // One reading is for the pictures that the run is known by
    assertEquals(await namesIn(`${out}/checkpoints`), ["step-000006"]);
    assertEquals(await stepsOf(out), 6);
  });
});

gpuTest("train() leaves no folder behind where its first batch fails", async (device) => {
  await withFolder(async (folder) => {
    for (const reads of [0, 1]) {
      const data = await failingAfter(reads, folder);
      const options = { ...seldom, data, gpuDataMemory: 0, steps: 5 };
      await assertRejects(
        () => Array.fromAsync(train(device, { ...options, out: `${folder}/new/run` })),
        Error,
        "fell out",
      );
      assertEquals(await namesIn(`${folder}/new`).catch(() => []), []);
      // A folder that was there stays
      await Deno.mkdir(`${folder}/mine`, { recursive: true });
      await assertRejects(
        () => Array.fromAsync(train(device, { ...options, out: `${folder}/mine` })),
        Error,
        "fell out",
      );
      assertEquals(await namesIn(`${folder}/mine`), []);
    }
  });
});

/** Trains, calling `disturb` once training has begun, and gives warnings and the last event. */
async function trainWarned(
  events: AsyncIterable<TrainEvent>,
  disturb: () => void | Promise<void>,
): Promise<[warnings: string[], last: TrainEvent]> {
  const warnings: string[] = [];
  let last: TrainEvent | undefined;
  for await (const event of events) {
    if (event.type === "start") await disturb();
    if (event.type === "warning") warnings.push(event.message);
    last = event;
  }
  return [warnings, last!];
}

gpuTest("train() goes on where a picture cannot be written, and says so", async (device) => {
  await withFolder(async (out) => {
    const run = train(device, { ...seldom, sampleEvery: 2, checkpointEvery: 2, steps: 4, out });
    const [warnings, last] = await trainWarned(run, async () => {
      await Deno.remove(`${out}/samples`);
      for (const name of ["real.png", "metrics.png"]) await Deno.mkdir(`${out}/${name}`);
    });
    assertEquals(last.type === "end" && last.step, 4);
    assertEquals(warnings.map((message) => message.split(", training continues: ")[0]), [
      "Cannot write real.png",
      "Cannot write samples/step-000002.png",
      "Cannot write metrics.png",
      "Cannot write samples/step-000004.png",
      "Cannot write metrics.png",
    ]);
    assertEquals(await namesIn(`${out}/checkpoints`), ["step-000002", "step-000004"]);
  });
});

gpuTest("train() goes on where samples do not fit the GPU, and keeps its checkpoints", async (device) => {
  await withFolder(async (out) => {
    const { readMany } = { readMany: device.read.bind(device) };
    const run = train(device, { ...seldom, steps: 2, out });
    const [warnings] = await trainWarned(run, () => {
      // Samples alone are read as bytes
      device.read = ((tensors: Parameters<typeof readMany>[0]) => {
        if (tensors.some(({ dtype }) => dtype === "u8")) throw new RangeError("A tensor does not fit");
        return readMany(tensors);
      }) as typeof device.read;
    }).finally(() => Reflect.deleteProperty(device, "read"));
    assertEquals(warnings, [
      "Cannot write samples/step-000002.png, training continues: A tensor does not fit",
    ]);
    assertEquals(await namesIn(`${out}/checkpoints`), ["step-000002"]);
  });
});

gpuTest("train() goes on where numbers cannot be written, and writes them later", async (device) => {
  await withFolder(async (out) => {
    let files: FaultyFiles | undefined;
    try {
      const run = train(device, { ...seldom, steps: 4, out });
      // The picture of real images and the first lines come first: the sixth operation opens the log
      const [warnings] = await trainWarned(
        run,
        () => void (files = new FaultyFiles(`${out}/metrics`, { at: 1, fault: "fails" })),
      );
      assertEquals(warnings, [`Cannot write ${out}/metrics.jsonl: No space left on device (os error 28)`]);
    } finally {
      files?.[Symbol.dispose]();
    }
    assertEquals(await stepsOf(out), 4);
  });
});

gpuTest("train() goes on where old checkpoints cannot be deleted, and says so", async (device) => {
  await withFolder(async (out) => {
    const remove = Deno.remove;
    try {
      const run = train(device, { ...seldom, checkpointEvery: 1, steps: 7, out });
      const [warnings, last] = await trainWarned(run, () => {
        Deno.remove = (path, options) =>
          /\.old\.tmp/.test(`${path}`)
            ? Promise.reject(new Error("Permission denied"))
            : remove(path, options);
      });
      assert(warnings.length > 0 && last.type === "end");
      for (const message of warnings) {
        assertMatch(message, /^Cannot delete .*\.step-00000\d\.old\.tmp: Permission denied$/);
      }
    } finally {
      Deno.remove = remove;
    }
    assertEquals((await namesIn(`${out}/checkpoints`)).filter((name) => !name.startsWith(".")).length, 5);
  });
});

gpuTest("train() ends where its folder is gone, and makes none in its place", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const run = train(device, { ...seldom, steps: 5, out });
    await assertRejects(
      () => trainWarned(run, () => Deno.rename(out, `${folder}/moved`)),
      Error,
      `Cannot write to the run folder ${out}: it was moved or deleted`,
    );
    assertEquals(await namesIn(folder), ["moved"]);
  });
});

gpuTest("train() names its run in its files, the same for the same run", async (device) => {
  await withFolder(async (folder) => {
    const names: string[] = [];
    for (
      const [i, options] of [{}, { steps: 3, checkpointEvery: 1 }, { seed: 4 }, { beta1: 0.6 }]
        .entries()
    ) {
      const out = `${folder}/${i}`;
      const [start] = await trainTiny(device, { ...seldom, steps: 2, out, ...options });
      assert(start?.type === "start");
      const [place] = (await namesIn(`${out}/checkpoints`)).toReversed();
      for (const network of ["generator", "discriminator", "training"]) {
        const { metadata } = await readSafetensors(`${out}/checkpoints/${place}/${network}.safetensors`);
        assertEquals(metadata.run, start.config.run);
      }
      names.push(start.config.run!);
    }
    assertEquals([names[1], new Set(names).size], [names[0], 3]);
  });
});
