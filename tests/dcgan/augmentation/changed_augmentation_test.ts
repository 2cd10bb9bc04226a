/** Runs whose augmentation changes when they are resumed. */
import { assert, assertEquals } from "@std/assert";
import type { StepMetrics } from "../../../src/dcgan/run/events.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { parseConfig } from "../../../src/dcgan/options/config.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { copy } from "../run_trees.ts";
import { trainTiny, withFolder } from "../tiny.ts";

/** Trains more steps, and gives the probabilities of all of them. */
async function goOn(device: Device, run: string, given: TrainOptions): Promise<(number | undefined)[]> {
  await trainTiny(device, { resume: run, override: true, ...given });
  const lines = (await Deno.readTextFile(`${run}/metrics.jsonl`)).trimEnd().split("\n");
  return lines.map((line) => (JSON.parse(line) as StepMetrics).augmentProbability);
}

gpuTest("train() adapts the probability from where it is told to on, starting at 0", async (device) => {
  await withFolder(async (folder) => {
    const [run, again] = [`${folder}/run`, `${folder}/again`];
    const options: TrainOptions = { augment: ["color"], augmentProbability: 0.5, checkpointEvery: 6 };
    await trainTiny(device, { ...options, steps: 6, out: run });
    const adapted = { augmentProbability: 1, augmentTarget: 0.01 };
    const found = await goOn(device, run, { ...adapted, more: 6 });
    assertEquals(found.slice(0, 7), [...Array(6).fill(undefined), 0]);
    assert(found.slice(6).every((value) => typeof value === "number"));
    // Back to the checkpoint before the change, and the same way again
    await copy(run, again);
    assertEquals(await goOn(device, again, { step: 6, more: 6 }), found);
    const off = await goOn(device, run, { augment: [], augmentTarget: 0, more: 1 });
    assertEquals(off, [...found, undefined]);
    const config = parseConfig(await Deno.readTextFile(`${run}/config.json`));
    assertEquals([config.augment, config.augmentTarget], [[], 0]);
    assertEquals(config.changes?.map(({ step, option }) => `${option} ${step}`), [
      "augmentProbability 6",
      "augmentTarget 6",
      "augment 12",
      "augmentTarget 12",
    ]);
  });
});
