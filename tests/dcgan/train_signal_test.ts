import { assert, assertEquals } from "@std/assert";
import type { TrainEvent } from "../../src/dcgan/run/events.ts";
import { train } from "../../src/dcgan/train.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { readSafetensors } from "../../src/nn/mod.ts";
import { gpuTest } from "../support/gpu.ts";
import { brief, tiny, withFolder } from "./tiny.ts";

/** Trains until `stop` says so of an event, by the signal. */
async function trainUntil(
  device: Device,
  options: Parameters<typeof train>[1],
  stop: (event: TrainEvent) => boolean,
): Promise<TrainEvent[]> {
  const controller = new AbortController();
  const events: TrainEvent[] = [];
  for await (const event of train(device, { ...tiny, ...options, signal: controller.signal })) {
    events.push(event);
    if (stop(event)) controller.abort();
  }
  return events;
}

gpuTest("train() ends well once its signal aborts, with a checkpoint", async (device) => {
  await withFolder(async (out) => {
    const options = { out, steps: 1000, sampleEvery: 0, checkpointEvery: 0, logEvery: 0 };
    const events = await trainUntil(device, options, (event) => brief(event) === "metrics 3");
    assertEquals(events.map(brief), [
      "start",
      "metrics 1",
      "metrics 2",
      "metrics 3",
      "checkpoint 3",
      "samples 3",
      "end 3",
    ]);
    const end = events.at(-1);
    assert(end?.type === "end" && end.interrupted);
    const path = `${out}/checkpoints/step-000003/generator.safetensors`;
    assertEquals((await readSafetensors(path)).metadata.step, "3");
  });
});

gpuTest(
  "train() ends well where its signal aborts right after samples, a checkpoint, or at the start",
  async (device) => {
    const options = { steps: 1000, sampleEvery: 2, checkpointEvery: 2, logEvery: 0 };
    for (
      const [last, ending] of [
        ["samples 2", ["metrics 2", "checkpoint 2", "samples 2", "end 2"]],
        ["checkpoint 2", ["metrics 2", "checkpoint 2", "samples 2", "end 2"]],
        ["start", ["start", "checkpoint 0", "samples 0", "end 0"]],
      ] as const
    ) {
      await withFolder(async (out) => {
        const events = await trainUntil(device, { ...options, out }, (event) => brief(event) === last);
        assertEquals(events.slice(-4).map(brief), [...ending], `aborted at ${last}`);
      });
    }
  },
);
