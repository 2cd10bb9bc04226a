import { assert, assertEquals } from "@std/assert";
import type { ProfileEvent, TrainEvent } from "../../../src/dcgan/run/events.ts";
import { train } from "../../../src/dcgan/train.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { heldBytes, namesIn, tiny, trainTiny, withFolder } from "../tiny.ts";

const quiet = { sampleEvery: 0, checkpointEvery: 0, logEvery: 0 } as const;

function profilesOf(events: readonly TrainEvent[]): ProfileEvent[] {
  return events.filter((event) => event.type === "profile");
}

/** A test that passes by itself where the adapter has no timestamps. */
function profileTest(name: string, body: (device: Device) => Promise<void>): void {
  gpuTest(name, async (device) => {
    if (device.capabilities.timestamps) await body(device);
  });
}

profileTest(
  "train() with profile tells once where the time of steps 3 to 12 goes, and writes it",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      const events = await trainTiny(device, { ...quiet, out, steps: 14, logEvery: 60, profile: true });
      const [event, ...more] = profilesOf(events);
      assert(event && more.length === 0);
      const before = events[events.indexOf(event) - 1]!;
      assertEquals([event.step, before.type === "metrics" && before.step], [12, 12]);
      const { profile } = event;
      assertEquals([profile.firstStep, profile.lastStep, profile.runs], [3, 12, 10]);
      assertEquals(profile.adapter, device.adapter.name);
      assertEquals(profile.rows.reduce((sum, row) => sum + row.launches, 0), profile.launches);
      assert(Math.abs(profile.rows.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
      assert(profile.milliseconds > 0 && profile.gflops > 0 && profile.shareOfLimit < 1);
      assert(profile.rows.some(({ kernel, gflops }) => kernel.startsWith("conv2d") && gflops !== undefined));
      assert(
        profile.rows.every((row, i) => i === 0 || row.milliseconds <= profile.rows[i - 1]!.milliseconds),
      );
      assertEquals(event.path, `${out}/profile.json`);
      assertEquals(JSON.parse(await Deno.readTextFile(event.path)), profile);
    });
  },
);

profileTest("train() gives the same bytes with profile and without", async (device) => {
  await withFolder(async (folder) => {
    const read = async (profile: boolean) => {
      const out = `${folder}/${profile}`;
      await trainTiny(device, { ...quiet, out, steps: 13, profile });
      const config = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
      assertEquals(config.out, out);
      const files = ["metrics.jsonl", "samples/step-000013.png"];
      for (const name of await namesIn(`${out}/checkpoints/step-000013`)) {
        files.push(`checkpoints/step-000013/${name}`);
      }
      const bytes = await Promise.all(files.map((name) => Deno.readFile(`${out}/${name}`)));
      return { config: { ...config, out: "" }, files, bytes };
    };
    assertEquals(await read(true), await read(false));
  });
});

profileTest(
  "train() with profile times what there is of a short run, and of one that is ended",
  async (device) => {
    const options = { ...tiny, ...quiet, profile: true };
    const lazy = { dNorm: "none", r1: 1, penaltyEvery: 2 } as const;
    for (
      const [steps, endAfter, timed, given] of [
        [1, 9, [1, 1], {}],
        [50, 4, [3, 4], {}],
        // Of those between steps with penalties
        [4, 9, [4, 4], lazy],
      ] as const
    ) {
      await withFolder(async (out) => {
        const controller = new AbortController();
        const events: TrainEvent[] = [];
        for await (
          const event of train(device, { ...options, ...given, out, steps, signal: controller.signal })
        ) {
          events.push(event);
          if (event.type === "metrics" && event.step === endAfter) controller.abort();
        }
        const told = profilesOf(events).map(({ profile }) => [profile.firstStep, profile.lastStep]);
        assertEquals(told, [[...timed]]);
      });
    }
  },
);

profileTest("train() with profile gives GPU memory back when a script stops listening", async (device) => {
  await withFolder(async (out) => void await trainTiny(device, { ...quiet, out, steps: 1 }));
  const before = heldBytes(device);
  await withFolder(async (out) => {
    for await (const event of train(device, { ...tiny, ...quiet, out, steps: 50, profile: true })) {
      if (event.type === "profile") break;
    }
  });
  assertEquals(heldBytes(device), before);
});

gpuTest("train() with profile warns, and trains on, where there are no timestamps", async (device) => {
  const { capabilities } = device;
  Object.assign(device, { capabilities: { ...capabilities, timestamps: false } });
  try {
    await withFolder(async (out) => {
      const events = await trainTiny(device, { ...quiet, out, steps: 3, profile: true });
      const warnings = events.filter((event) => event.type === "warning").map(({ message }) => message);
      assertEquals(warnings.length, 1);
      assert(warnings[0]!.includes("Cannot time kernels"), warnings[0]);
      assertEquals(profilesOf(events), []);
      assert(!(await namesIn(out)).includes("profile.json"));
      assertEquals(events.at(-1)?.type, "end");
    });
  } finally {
    Object.assign(device, { capabilities });
  }
});
