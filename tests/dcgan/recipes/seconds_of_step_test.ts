import { assert, assertEquals, assertRejects } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { secondsOfStep } from "../../../src/dcgan/recipes/seconds_of_step.ts";
import type { TrainEvent } from "../../../src/dcgan/run/events.ts";
import { train } from "../../../src/dcgan/train.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, tiny, withFolder } from "../tiny.ts";

gpuTest("secondsOfStep() takes longer for more work, and gives its memory back", async (device) => {
  const seconds = (ngf: number) =>
    secondsOfStep(device, resolveConfig({ preset: "modern", size: 16, ngf, ndf: ngf, batch: 16 }));
  device.trim();
  const { bytes } = device.ledger.read();
  const [small, large] = [await seconds(4), await seconds(48)];
  assert(small > 0 && large > small, `${small} and ${large}`);
  device.trim();
  assertEquals(device.ledger.read().bytes, bytes);
});

gpuTest("train() with auto trains what it says, and its config repeats it", async (device) => {
  await withFolder(async (folder) => {
    const { batch: _, ...sizes } = tiny;
    const options = { ...sizes, preset: "auto", data: "faces", dataOptions: { length: 40 } } as const;
    const events = await Array.fromAsync(train(device, { ...options, steps: 3, out: `${folder}/run` }));
    const of = <T extends TrainEvent["type"]>(type: T) =>
      events.find((event): event is TrainEvent & { type: T } => event.type === type)!;
    assert(of("recipe").reasons.some((reason) => reason.includes("batch 64")), `${of("recipe").reasons}`);
    const { config } = of("start");
    assertEquals([config.loss, config.dNorm, config.batch, config.ema], ["rpgan", "none", 64, 0.99]);
    const resumed = await Array.fromAsync(train(device, { resume: `${folder}/run`, more: 1 }));
    assertEquals(resumed.some(({ type }) => type === "recipe" || type === "warning"), false);
    assertEquals(resumed.at(-1)!.type, "end");
  });
});

gpuTest("train() ends while it times steps, if it is told to, and leaves nothing", async (device) => {
  await withFolder(async (folder) => {
    const { batch: _, ...sizes } = tiny;
    const ending = new AbortController();
    const { signal } = ending;
    const out = `${folder}/run`;
    const seen: string[] = [];
    const error = await assertRejects(async () => {
      for await (const { type } of train(device, { ...sizes, preset: "auto", steps: 3, out, signal })) {
        seen.push(type);
        if (type === "timing") ending.abort();
      }
    });
    assertEquals(error, signal.reason);
    assertEquals([seen.at(-1), await namesIn(folder)], ["timing", []]);
  });
});
