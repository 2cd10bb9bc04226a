/** Runs that keep averages, and averages of other lengths that are built of them. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { snapshotsIn, writeSnapshot } from "../../../src/dcgan/averages/snapshots.ts";
import { writeCheckpoint } from "../../../src/dcgan/checkpoints/checkpoint.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { Schedule } from "../../../src/dcgan/run/cadence.ts";
import { RunFolder } from "../../../src/dcgan/run/folder/run_folder.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { type GeneratorFile, readGeneratorFile } from "../../../src/dcgan/sampling/generator_file.ts";
import { train } from "../../../src/dcgan/train.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import type { Device } from "../../../src/gpu/mod.ts";
import { decodeNpy, MovingAverage, type Network, readSafetensors, stateDict } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { lengthOf } from "../../../src/pictures/mod.ts";
import { randomValues } from "../../support/random.ts";
import { assertSame, treeOf } from "../run_trees.ts";
import { namesIn, tiny, trainTiny, withFolder } from "../tiny.ts";

const STEPS = 48;
const HALF = 25;

/** A weight of the generator. */
const NAME = "main.0.weight";

const kept = {
  data: "faces",
  dataOptions: { length: 60 },
  size: 14,
  ngf: 2,
  ndf: 2,
  batch: 2,
  samples: 1,
  sampleEvery: 0,
  logEvery: 0,
  checkpointEvery: 1,
  keep: "all",
  // Weights that move far
  learningRate: 0.005,
  steps: STEPS,
  emaSnapshots: 24,
} as const;

const folderOf = (run: string, step: number) => `${run}/checkpoints/step-${`${step}`.padStart(6, "0")}`;

function distance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const differences = Array.from(one, (value, i) => value - other[i]!);
  return Math.hypot(...differences) / Math.hypot(...Array.from(other));
}

/** Steps of a trainer as a run takes them, with averages of all `lengths` beside those that it keeps. */
async function trainWith<L extends number>(device: Device, run: string, lengths: readonly L[]) {
  const config = resolveConfig({ ...tiny, ...kept, out: run });
  const schedule = new Schedule(config);
  using trainer = new Trainer(device, config);
  using owned = new DisposableStack();
  const averages = lengths.map((length) =>
    owned.use(new MovingAverage(trainer.generator, createGenerator(config), { length }))
  );
  const valuesOf = async (network: Network) => (await stateDict(network)).get(NAME)!.data as Float32Array;
  await RunFolder.at(await Deno.mkdir(run).then(() => run)).writeConfig(config);
  let half: Float32Array | undefined;
  for (let step = 1; step <= STEPS; step++) {
    const images = randomValues(config.batch * lengthOf(config), step, [0, 256]);
    trainer.step(Uint8Array.from(images));
    for (const average of averages) average.update();
    if (schedule.hasSnapshot(step)) await writeSnapshot(run, trainer.averages, { step, id: "0" });
    if (step !== HALF && step !== STEPS) continue;
    await writeCheckpoint(`${run}/checkpoints`, trainer);
    if (step === HALF) half = await valuesOf(averages[0]!.network);
  }
  const ends = await Promise.all(averages.map(({ network }) => valuesOf(network)));
  return {
    half: half!,
    truths: lengths.map((length, i) => ({ length, truth: ends[i]! })),
    last: await valuesOf(trainer.generator),
  };
}

gpuTest("an average of any length is built of the two that a run keeps", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const { half, truths, last } = await trainWith(device, run, [0.07, 0.05, 0.12, 0.2]);
    const steps = (await snapshotsIn(run)).map(({ step }) => step);
    assertEquals(steps, Array.from({ length: 24 }, (_, i) => 2 * i + 2));
    const valuesOf = ({ tensors }: GeneratorFile) => tensors.get(NAME)!.data as Float32Array;
    for (const { length, truth } of truths) {
      const built = await readGeneratorFile(run, { emaLength: length });
      const error = distance(valuesOf(built), truth);
      assert(error < 1e-3, `length ${length}: ${error}`);
      assert(distance(last, truth) > 20 * error, `length ${length}: the weights hardly move`);
      assertEquals(built.warnings, []);
    }
    // Of an earlier step there are the averages up to there
    const early = await readGeneratorFile(run, { emaLength: 0.07, from: HALF });
    assert(distance(valuesOf(early), half) < 2e-3);
    // Statistics are the generator's
    const { tensors: own } = await readSafetensors(`${folderOf(run, HALF)}/generator.safetensors`);
    assertEquals(early.tensors.get("main.1.running_mean"), own.get("main.1.running_mean"));
    assertEquals([...early.tensors.keys()], [...own.keys()]);
    const far = await readGeneratorFile(run, { emaLength: 0.01 });
    assertMatch(far.warnings[0]!, /^The average of length 0\.01 is approximate: .*23 of the run's snapshots/);
    const drawn = async (source: string, options: object = {}): Promise<ArrayLike<number>> => {
      await sample(device, source, { count: 4, out: `${folder}/drawn.npy`, format: "npy", ...options });
      return decodeNpy(await Deno.readFile(`${folder}/drawn.npy`)).data as Float32Array;
    };
    const direct = await drawn(`${folderOf(run, STEPS)}/generator_ema_0.05.safetensors`);
    assert(distance(await drawn(run, { emaLength: 0.05 }), direct) < 1e-3);
    assert(distance(await drawn(run), direct) > 1e-2);
  });
});

gpuTest("snapshots are cut where a run goes back, and written again to the same bytes", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { ...kept, steps: 8, emaSnapshots: 4, out: run });
    const whole = await treeOf(`${run}/averages`);
    assertEquals([...whole.keys()], [2, 4, 6, 8].map((step) => `step-00000${step}.safetensors`));
    await Deno.writeTextFile(`${run}/averages/step-000002.safetensors.01234567.tmp`, "half");
    const steps: number[][] = [];
    for (const more of [1, 4]) {
      await Array.fromAsync(train(device, { resume: run, step: 4, more }));
      steps.push((await snapshotsIn(run)).map(({ step }) => step));
    }
    // Five steps have them at other places than eight
    assertEquals(steps, [[2, 4, 5], [2, 4, 6, 8]]);
    assertSame(await treeOf(`${run}/averages`), whole, "after going back");
  });
});

gpuTest("averages are not built of what is damaged, or was never kept", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { ...kept, steps: 4, emaSnapshots: 4, out: run });
    const refuses = async (source: string, options: object, words: RegExp, kind = ConfigError) => {
      const draw = () =>
        sample(device, source, { count: 1, out: `${folder}/no.png`, emaLength: 0.07, ...options });
      const error = await assertRejects(draw, Error);
      assert(error instanceof kind, `${error}`);
      assertMatch(error.message, words);
    };
    await refuses(run, { ema: false }, /cannot be combined with no averages/);
    await refuses(
      run,
      { emaLength: 0.3 },
      /"emaLength" must be a number above 0 and up to 0\.2886/,
      RangeError as never,
    );
    await refuses(folderOf(run, 4), {}, /needs a run folder.*Name the run, with --from 4/);
    const file = `${folderOf(run, 4)}/generator.safetensors`;
    await refuses(file, {}, /it is a file, and only runs keep averages/, RangeError as never);
    const path = `${run}/averages/step-000002.safetensors`;
    const bytes = await Deno.readFile(path);
    await Deno.writeFile(path, bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1));
    await refuses(
      run,
      {},
      /step-000002.*damaged.*Delete it to build averages without it/,
      SyntaxError as never,
    );
    await Deno.writeFile(path, bytes.subarray(0, 100));
    await refuses(run, {}, /step-000002.*truncated.*Delete it/, SyntaxError as never);
    await Deno.remove(path);
    await sample(device, run, { count: 1, out: `${folder}/yes.png`, emaLength: 0.07 });
    await Deno.copyFile(`${run}/averages/step-000003.safetensors`, path);
    await refuses(run, {}, /must be of step 2, found 3/, SyntaxError as never);
    const other = `${folder}/other`;
    await trainTiny(device, { ...kept, steps: 1, emaSnapshots: 0, out: other });
    await refuses(other, {}, /keeps none\. Train with --ema-snapshots/);
    assertEquals((await namesIn(other)).includes("averages"), false);
  });
});
