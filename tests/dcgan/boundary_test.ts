/**
 * What a run leaves where it is killed, or a file operation fails, at each of its file operations: the newest checkpoint
 * is whole, no older than before, and the run goes on from it to the same bytes as one that was never disturbed.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { fileURLToPath } from "node:url";
import { chooseCheckpoint } from "../../src/dcgan/checkpoints/choose_checkpoint.ts";
import { checkpointsIn } from "../../src/dcgan/checkpoints/checkpoint_files.ts";
import { parseConfig } from "../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { type Fault, FaultyFiles } from "../support/faulty_files.ts";
import { gpuTest } from "../support/gpu.ts";
import { assertSame, checksumOf, copy, trainAll, treeOf } from "./run_trees.ts";
import { withFolder } from "./tiny.ts";

/** A run whose steps take no time: what counts is what it writes. */
const smallest: TrainOptions = {
  size: 14,
  ngf: 1,
  ndf: 1,
  latent: 1,
  batch: 1,
  samples: 1,
  dataOptions: { length: 1 },
  sampleEvery: 1,
  checkpointEvery: 1,
  scoreEvery: 0,
};

/** Steps of the run that is disturbed: it has the five checkpoints that are kept, and writes one more. */
const STEPS = 6;

/** The state before, the operations that follow, and what the run is at the end, with one step more or two. */
interface Reference {
  readonly before: string;
  readonly operations: readonly string[];
  readonly next: Map<string, string>;
  readonly end: Map<string, string>;
}

async function makeReference(device: Device, folder: string): Promise<Reference> {
  const [before, run] = [`${folder}/before`, `${folder}/reference`];
  await trainAll(device, { ...smallest, out: before, steps: STEPS });
  await copy(before, run);
  const files = new FaultyFiles(run);
  {
    using _files = files;
    assertEquals(await trainAll(device, { resume: run, steps: STEPS + 1 }), {
      warnings: [],
      error: undefined,
    });
  }
  const next = await treeOf(run);
  await trainAll(device, { resume: run, steps: STEPS + 2 });
  return { before, operations: files.log, next, end: await treeOf(run) };
}

let reference: Promise<Reference> | undefined;
const tried = new Set<string>();
const home = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(home, { recursive: true }));

/** Lets the nth operation of a resumed run go wrong, and holds what it leaves to what is promised. */
async function disturb(device: Device, at: number, fault: Fault): Promise<string[]> {
  const { before, operations, next, end } = await (reference ??= makeReference(device, home));
  const what = `${fault} at ${at}: ${operations[at - 1]}`;
  const run = `${home}/disturbed`;
  await copy(before, run);
  let result: Awaited<ReturnType<typeof trainAll>>;
  {
    using files = new FaultyFiles(run, { at, fault });
    result = await trainAll(device, { resume: run, steps: STEPS + 1 });
    assert(files.isDone, what);
  }
  const config = parseConfig(await Deno.readTextFile(`${run}/config.json`));
  const newest = await chooseCheckpoint(run, config);
  assertEquals(newest?.warnings, [], what);
  assertGreater(newest!.place.step, STEPS - 1, what);
  assertEquals((await checkpointsIn(`${run}/checkpoints`))[0], newest!.place, what);
  const left = await treeOf(run);
  // Whoever cannot delete the lock has let go of it all the same
  left.delete(".lock");
  if (!result.error && result.warnings.length === 0) assertSame(left, next, what);
  const said = [...result.warnings, ...result.error ? [result.error.message] : []];
  // What is on disk is all that a run is resumed from: the same once more need not be tried
  const state = checksumOf(left);
  if (tried.has(state)) return said;
  tried.add(state);
  // Whatever happened, the run goes on, and says nothing as nothing is lost
  const rest = await trainAll(device, { resume: run, steps: STEPS + 2 });
  assertEquals(rest, { warnings: [], error: undefined }, what);
  assertSame(await treeOf(run), end, what);
  return said;
}

async function disturbAll(device: Device, fault: Fault, only = /./): Promise<string[]> {
  const { operations } = await (reference ??= makeReference(device, home));
  assertGreater(operations.length, 40);
  const said: string[] = [];
  for (const [i, operation] of operations.entries()) {
    if (only.test(operation)) said.push(...await disturb(device, i + 1, fault));
  }
  return said;
}

gpuTest("train() forces to disk what a checkpoint goes with before it has its name", async (device) => {
  const { operations } = await (reference ??= makeReference(device, home));
  const step = `.step-00000${STEPS + 1}.tmp`;
  const named = operations.indexOf(`rename checkpoints/${step}`);
  assertGreater(named, operations.indexOf("sync metrics.jsonl"));
  assertGreater(operations.indexOf("sync metrics.jsonl"), operations.lastIndexOf("write metrics.jsonl"));
  for (const file of ["generator", "discriminator", "training"]) {
    const forced = operations.findIndex((one) =>
      one.startsWith(`sync checkpoints/${step}/${file}.safetensors`)
    );
    assert(forced >= 0 && forced < named, file);
  }
  assertEquals(operations[named + 1], "sync checkpoints/");
});

gpuTest("train() loses nothing where it is killed before any of its file operations", async (device) => {
  await disturbAll(device, "killed");
});

gpuTest("train() loses nothing where it is killed in any of its writes", async (device) => {
  await disturbAll(device, "torn", /^write /);
});

gpuTest("train() loses nothing where any of its file operations fails, and says so", async (device) => {
  const said = await disturbAll(device, "fails");
  for (const message of said) assert(/(Cannot|is not written|No space left)/.test(message), message);
});

gpuTest("train() begins again, in the same folder, wherever a new run is killed", async (device) => {
  await withFolder(async (folder) => {
    const whole = `${folder}/whole`;
    const files = new FaultyFiles(whole);
    {
      using _files = files;
      await trainAll(device, { ...smallest, out: whole, steps: 1 });
    }
    const expected = await treeOf(whole);
    assertGreater(files.log.length, 25);
    const states = new Set<string>();
    for (const at of files.log.keys()) {
      const what = `killed at ${at + 1}: ${files.log[at]}`;
      const run = `${folder}/run`;
      {
        using _files = new FaultyFiles(run, { at: at + 1, fault: "killed" });
        await trainAll(device, { ...smallest, out: run, steps: 1 });
      }
      const state = checksumOf(await treeOf(run).catch(() => new Map()));
      const isSaved = (await checkpointsIn(`${run}/checkpoints`)).length > 0;
      if (!states.has(state) && !isSaved) {
        const { error } = await trainAll(device, { ...smallest, out: run, steps: 1 });
        assertEquals(error, undefined, what);
        assertSame(await treeOf(run), expected, what);
      } else if (!states.has(state)) {
        const { error } = await trainAll(device, { resume: run, steps: 2 });
        assertEquals(error, undefined, what);
      }
      states.add(state);
      await Deno.remove(run, { recursive: true }).catch(() => {});
    }
  });
});

gpuTest("train() leaves after SIGKILL what the tests above take for it", async (device) => {
  const { before, operations } = await (reference ??= makeReference(device, home));
  const child = fileURLToPath(new URL("./boundary_child.ts", import.meta.url));
  const places = [0.3, 0.6, 0.9].map((share) => Math.round(share * operations.length));
  await Promise.all(places.map(async (at) => {
    const [killed, left] = [`${home}/killed-${at}`, `${home}/left-${at}`];
    await copy(before, killed);
    const args = ["run", "-A", "--no-check", child, killed, `${STEPS + 1}`, `${at}`];
    const { signal } = await new Deno.Command(Deno.execPath(), { args, stderr: "null", stdout: "null" })
      .output();
    assertEquals(signal, "SIGKILL");
    await copy(before, left);
  }));
  for (const at of places) {
    {
      using _files = new FaultyFiles(`${home}/left-${at}`, { at, fault: "killed" });
      await trainAll(device, { resume: `${home}/left-${at}`, steps: STEPS + 1 });
    }
    assertSame(await treeOf(`${home}/killed-${at}`), await treeOf(`${home}/left-${at}`), `operation ${at}`);
  }
});
