/** A run that nothing disturbs, and what one that something did disturb must come to. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { checkpointsIn } from "../../../src/dcgan/checkpoints/checkpoint_files.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { readSafetensors } from "../../../src/nn/mod.ts";
import { checksumOf, trainAll, treeOf } from "../run_trees.ts";
import { tiny } from "../tiny.ts";

/** A tiny run of 20 steps that writes all that a run can write. */
export const options = {
  ...tiny,
  samples: 1,
  dataOptions: { length: 20 },
  steps: 20,
  checkpointEvery: 5,
  scoreEvery: 5,
  sampleEvery: 10,
  logEvery: 0,
  keep: 2,
} as const satisfies TrainOptions;

/** Steps of the same run once it was resumed. */
const MORE = 25;

/** What a run comes to that nothing disturbs. */
export interface Undisturbed {
  /** Its files after its last step. */
  readonly end: Map<string, string>;
  /** Its files once it was resumed and done again. */
  readonly later: Map<string, string>;
  /** For each step, what is in its checkpoint. */
  readonly tensors: ReadonlyMap<number, string>;
}

/** Trains it, in a folder. */
export async function trainUndisturbed(device: Device, folder: string): Promise<Undisturbed> {
  const [dense, run] = [`${folder}/dense`, `${folder}/undisturbed`];
  const fine = { warnings: [], error: undefined };
  const all = { ...options, checkpointEvery: 1, keep: "all", steps: MORE, out: dense } as const;
  assertEquals(await trainAll(device, all), fine);
  const tensors = new Map<number, string>();
  for (const { step, path } of await checkpointsIn(`${dense}/checkpoints`)) {
    tensors.set(step, await contentOf(path));
  }
  assertEquals(tensors.size, MORE);
  assertEquals(await trainAll(device, { ...options, out: run }), fine);
  const end = await treeOf(run);
  assertEquals(await trainAll(device, { resume: run, steps: MORE }), fine);
  const later = await treeOf(run);
  for (const name of ["metrics.jsonl", "scores.jsonl"]) {
    assert(later.get(name) === await Deno.readTextFile(`${dense}/${name}`), name);
  }
  return { end, later, tensors };
}

/** The tensors of a checkpoint as one checksum. */
async function contentOf(path: string): Promise<string> {
  const content = new Map<string, string>();
  for (const file of ["generator", "discriminator", "training"]) {
    const { tensors } = await readSafetensors(`${path}/${file}.safetensors`);
    for (const [name, { dtype, shape, data }] of tensors) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      content.set(`${file} ${name}`, `${dtype} ${shape} ${bytes.join(" ")}`);
    }
  }
  return checksumOf(content);
}

/** How a disturbed run went on. */
export type Outcome = "resumed" | "nothing was learned" | "seen before";

const tried = new Set<string>();

/**
 * Resumes a run that was disturbed, and holds it to the undisturbed one: nothing is lost, and nothing is another.
 *
 * @param said What the disturbed run said of it: only then may pictures be missing.
 */
export async function resumeDisturbed(
  device: Device,
  run: string,
  undisturbed: Undisturbed,
  { said, what }: { said: readonly string[]; what: string },
): Promise<Outcome> {
  const left = await treeOf(run).catch(() => new Map<string, string>());
  // Whoever cannot delete the lock has let go of it all the same
  left.delete(".lock");
  if (said.length === 0) {
    assertEquals(checksumOf(left), checksumOf(undisturbed.end), `${what}: silently different`);
  }
  // What is on disk is all that a run is resumed from: the same once more need not be tried
  const state = checksumOf(left);
  if (tried.has(state)) return "seen before";
  tried.add(state);
  const saved = await checkpointsIn(`${run}/checkpoints`);
  for (const { step, path } of saved) {
    assertEquals(await contentOf(path), undisturbed.tensors.get(step), `${what}: checkpoint ${step}`);
  }
  let { warnings, error } = await trainAll(device, { resume: run, steps: MORE });
  const isLearned = saved.length > 0;
  if (!isLearned && error) {
    assertMatch(error.message, /is not a run folder/, what);
    ({ warnings, error } = await trainAll(device, { ...options, out: run, steps: MORE }));
  }
  assertEquals(error, undefined, what);
  const unexpected = warnings.filter((warning) =>
    isLearned || !/before its first checkpoint|no checkpoint yet/.test(warning)
  );
  assertEquals(unexpected, [], what);
  await expectAs(run, undisturbed, said.length > 0, what);
  return isLearned ? "resumed" : "nothing was learned";
}

async function expectAs(
  run: string,
  { later, tensors }: Undisturbed,
  isTold: boolean,
  what: string,
): Promise<void> {
  const tree = await treeOf(run);
  for (const [name, bytes] of later) {
    if (name.startsWith("checkpoints/") && name !== "checkpoints/") continue;
    // A run that was resumed has its config in another order
    if (name === "config.json") {
      assertEquals(JSON.parse(tree.get(name)!), JSON.parse(bytes), what);
      continue;
    }
    const isPicture = name.endsWith(".png");
    if (isPicture && isTold && !tree.has(name)) continue;
    assert(tree.get(name) === bytes, `${what}: ${name} ${tree.has(name) ? "differs" : "is missing"}`);
  }
  for (const name of tree.keys()) {
    assert(name.startsWith("checkpoints/step-") || later.has(name), `${what}: ${name} is left`);
  }
  const steps = new Set<number>();
  for (const { step, path } of await checkpointsIn(`${run}/checkpoints`)) {
    steps.add(step);
    assertEquals(await contentOf(path), tensors.get(step), `${what}: checkpoint ${step} at the end`);
  }
  // The last one and the best one, whatever else is there
  const expected = [...later.keys()].flatMap((name) => /^checkpoints\/step-0*(\d+)\/$/.exec(name)?.[1] ?? []);
  for (const step of expected) assert(steps.has(Number(step)), `${what}: checkpoint ${step} is missing`);
}
