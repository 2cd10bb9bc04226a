import { type AdapterFacts, type DatasetFacts, factsOf } from "../../src/dcgan/recipes/recipe_facts.ts";
import type { Device } from "../../src/gpu/mod.ts";
import type { Channels } from "../../src/pictures/mod.ts";
import type { OpenDataset } from "../../plugins/datasets/mod.ts";

/** What recipes are chosen by: a dataset, and an adapter on which the least of several times counts. */
export async function measuredFacts(
  device: Device,
  dataset: OpenDataset,
  timings: number,
): Promise<{ facts: DatasetFacts; adapter: AdapterFacts }> {
  const facts = {
    length: dataset.length,
    channels: dataset.shape[2] as Channels,
    nativeSize: await dataset.nativeSize(),
  };
  const { fits, measure } = factsOf(device, facts);
  return { facts, adapter: { fits, measure: (options) => leastOf(timings, () => measure(options)) } };
}

/** The least of several measurements: others were disturbed. */
async function leastOf(count: number, measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < count; i++) least = Math.min(least, await measure());
  return least;
}

/** What a file holds that was written before, or what is made and written now. */
export async function once<T>(path: string, make: () => Promise<T>): Promise<T> {
  if (await exists(path)) return JSON.parse(await Deno.readTextFile(path));
  const made = await make();
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, JSON.stringify(made, undefined, 2) + "\n");
  return made;
}

/** Whether there is a file or folder. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
