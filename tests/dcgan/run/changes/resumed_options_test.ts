import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { checkpointsIn } from "../../../../src/dcgan/checkpoints/checkpoint_files.ts";
import { checkOptions, parseConfig, type TrainConfig } from "../../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../../src/dcgan/options/config_issue.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";
import { resumedOptions } from "../../../../src/dcgan/run/changes/resumed_options.ts";
import { train } from "../../../../src/dcgan/train.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { readSafetensors } from "../../../../src/nn/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { tiny, trainTiny, withFolder } from "../../tiny.ts";

const often = { sampleEvery: 2, checkpointEvery: 2, logEvery: 0 } as const;

const configOf = async (out: string): Promise<TrainConfig> =>
  parseConfig(await Deno.readTextFile(`${out}/config.json`));

const stepsIn = async (out: string): Promise<number[]> =>
  (await checkpointsIn(`${out}/checkpoints`)).map(({ step }) => step).reverse();

/** Resumes a run to its end, and gives its warnings. */
async function goOn(device: Device, resume: string, options: TrainOptions): Promise<string[]> {
  const events = await Array.fromAsync(train(device, { resume, ...options }));
  return events.flatMap((event) => event.type === "warning" ? [event.message] : []);
}

/** The weights and the state of training at a step, and the numbers up to there. */
async function bytesOf(run: string, step: string): Promise<Uint8Array[]> {
  const names = ["generator", "discriminator", "training"].map((name) =>
    `checkpoints/${step}/${name}.safetensors`
  );
  return await Promise.all([...names, "metrics.jsonl"].map((name) => Deno.readFile(`${run}/${name}`)));
}

gpuTest(
  "train() does as many more steps as are asked for, from the checkpoint it resumes",
  async (device) => {
    await withFolder(async (folder) => {
      const [whole, out] = [`${folder}/whole`, `${folder}/run`];
      await trainTiny(device, { ...often, steps: 7, out: whole });
      await trainTiny(device, { ...often, steps: 4, out });
      const [start] = await Array.fromAsync(train(device, { resume: out, more: 3 }));
      assert(start?.type === "start");
      assertEquals([start.stepsBefore, start.config.steps, (await configOf(out)).steps], [4, 7, 7]);
      assertEquals(await bytesOf(out, "step-000007"), await bytesOf(whole, "step-000007"));
      // From an earlier checkpoint they are fewer in all
      await goOn(device, out, { step: 4, more: 1 });
      assertEquals([(await configOf(out)).steps, await stepsIn(out)], [5, [2, 4, 5]]);
      // Without a checkpoint the run starts over
      await Deno.remove(`${out}/checkpoints`, { recursive: true });
      await goOn(device, out, { more: 2 });
      assertEquals([(await configOf(out)).steps, await stepsIn(out)], [2, [2]]);
      await assertRejects(() => goOn(device, out, { more: 2 ** 31 - 1 }), ConfigError, '"steps" must be');
    });
  },
);

Deno.test("checkOptions() takes more and override only with a run to resume, and more without a length", () => {
  const problems = (options: TrainOptions) =>
    assertThrows(() => checkOptions(options), ConfigError).issues.map(({ option, problem }) =>
      `${option} ${problem}`
    );
  assertEquals(problems({ more: 5, override: true, step: 3 }), [
    `step needs "resume", as it names a checkpoint of that run`,
    `more needs "resume", as it counts from a checkpoint of that run`,
    `override needs "resume", as it lets options of that run change`,
  ]);
  for (const option of ["steps", "epochs"]) {
    assertEquals(problems({ resume: "runs/a", more: 5, [option]: 5 }), [
      `more cannot be combined with "${option}": give only one of them`,
    ]);
  }
  assertEquals(problems({ resume: "runs/a", more: 0 }), [
    "more must be a whole number from 1 to 2147483647, found 0",
  ]);
  checkOptions({ resume: "runs/a", more: 5, override: true });
  checkOptions({ override: false });
});

gpuTest("train() changes with override what keeps the networks' shapes, and remembers it", async (device) => {
  await withFolder(async (folder) => {
    const [whole, out] = [`${folder}/whole`, `${folder}/run`];
    await trainTiny(device, { ...often, steps: 6, out: whole });
    await trainTiny(device, { ...often, steps: 4, out });
    const { run } = await configOf(out);
    const changes = {
      flip: true,
      augment: ["cutout", "color"],
      augmentProbability: 0.5,
      batch: 8,
      dSteps: 2,
      accumulate: 4,
      loss: "minimax",
      labelSmoothing: 0.1,
      beta1: 0.6,
      beta2: 0.9,
      samples: 9,
      scoreBy: "frechet",
      learningRate: 1e-3,
    } as const;
    const given = { ...changes, override: true, more: 2 };
    assertEquals(await goOn(device, out, given), []);
    const config = await configOf(out);
    const own: Readonly<Record<string, unknown>> = { ...await configOf(whole) };
    assertEquals(
      new Set(config.changes),
      new Set(
        Object.entries(changes).map(([option, to]) => ({ step: 4, option, from: own[option], to })),
      ) as typeof config.changes extends readonly (infer T)[] | undefined ? Set<T> : never,
    );
    for (const [option, to] of Object.entries(changes)) {
      assertEquals(Reflect.get(config, option), to, option);
    }
    assertEquals([config.run, config.steps, config.seed], [run, 6, tiny.seed]);
    const weights = "checkpoints/step-000006/generator.safetensors";
    assertEquals((await readSafetensors(`${out}/${weights}`)).metadata.run, run);
    const [changed, same] = [await bytesOf(out, "step-000006"), await bytesOf(whole, "step-000006")];
    for (const [i, bytes] of changed.entries()) assert(`${bytes}` !== `${same[i]}`);
    // Each step counts pictures by the batch that it has
    const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).epoch * config.images!), [4, 8, 12, 16, 80, 96]);

    // It goes on as any run, and its config is held to what it is now
    assertEquals(await goOn(device, out, { more: 1 }), []);
    const text = await Deno.readTextFile(`${out}/config.json`);
    const change = '"option": "batch",\n      "from": 4,\n      "to": 8';
    for (
      const [from, to] of [
        ['"batch": 8', '"batch": 4'],
        [change, change.replace("4", "5")],
        [change, change.replace("8", "7")],
      ]
    ) {
      assertEquals(text.split(from!).length, 2, from);
      await Deno.writeTextFile(`${out}/config.json`, text.replace(from!, to!));
      await assertRejects(() => goOn(device, out, { more: 1 }), RangeError, "found a changed or damaged one");
    }
    await Deno.writeTextFile(`${out}/config.json`, text);

    // Back where it was changed, it can have its old options, and is the run that never changed
    const back = Object.fromEntries(Object.keys(changes).map((option) => [option, own[option]]));
    await goOn(device, out, { ...back, override: true, step: 4, steps: 6 });
    assertEquals(await configOf(out), { ...await configOf(whole), out });
    assertEquals(await bytesOf(out, "step-000006"), same);
  });
});

gpuTest("train() changes with override which pictures of a dataset it gets", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, dataOptions: { length: 50 }, steps: 2, out });
    const before = await configOf(out);
    const dataOptions = { length: 60 };
    const { issues } = await assertRejects(() => goOn(device, out, { dataOptions, more: 1 }), ConfigError);
    assertEquals(issues, [{
      option: "dataOptions",
      problem: `cannot change in a resumed run: length: it must be 50 as in ${out}, found 60. ` +
        "Give --override to change it from here on",
    }]);
    await goOn(device, out, { dataOptions, override: true, more: 1 });
    const after = await configOf(out);
    assertEquals([after.run, after.images], [before.run, 60]);
    assertEquals(after.changes?.map(({ step, option }) => [step, option]), [
      [2, "dataOptions"],
      [2, "images"],
      [2, "pictures"],
    ]);
    assert(after.pictures !== before.pictures);
    assertEquals(await goOn(device, out, { more: 1 }), []);
    assertEquals((await configOf(out)).changes, after.changes);
  });
});

gpuTest("train() changes to a loss without labels only together with smoothed labels", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, labelSmoothing: 0.1, steps: 2, out });
    const before = await configOf(out);
    const change = { loss: "rpgan", override: true, more: 2 } as const;
    const { issues } = await assertRejects(() => goOn(device, out, change), ConfigError);
    assertEquals(issues.map(({ option }) => option), ["labelSmoothing"]);
    assertEquals(await configOf(out), before);
    assertEquals(await goOn(device, out, { ...change, labelSmoothing: 0 }), []);
    const { loss, labelSmoothing } = await configOf(out);
    assertEquals([loss, labelSmoothing], ["rpgan", 0]);
  });
});

gpuTest(
  "train() changes the gradient penalties of a run without batch norm, and of no other",
  async (device) => {
    await withFolder(async (folder) => {
      const [norm, none] = [`${folder}/norm`, `${folder}/none`];
      const change = { r1: 1, r2: 0.5, override: true, more: 2 } as const;
      await trainTiny(device, { ...often, steps: 2, out: norm });
      const before = await configOf(norm);
      const { issues } = await assertRejects(
        () => goOn(device, norm, change),
        ConfigError,
        "Use --d-norm none or spectral",
      );
      assertEquals(issues.map(({ option }) => option), ["r1", "r2"]);
      assertEquals(await configOf(norm), before);

      await trainTiny(device, { ...often, dNorm: "none", steps: 2, out: none });
      await assertRejects(
        () => goOn(device, none, { ...change, override: false }),
        ConfigError,
        "--override",
      );
      assertEquals(await goOn(device, none, change), []);
      const { r1, r2, changes } = await configOf(none);
      assertEquals([r1, r2, changes?.map(({ step, option }) => `${option} ${step}`)], [1, 0.5, [
        "r1 2",
        "r2 2",
      ]]);
      const lines = (await Deno.readTextFile(`${none}/metrics.jsonl`)).trimEnd().split("\n");
      assertEquals(lines.map((line) => "penalties" in JSON.parse(line)), [false, false, true, true]);
    });
  },
);

gpuTest("train() remembers the learning rates of a run", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 2, out });
    await goOn(device, out, { learningRate: 1e-4, more: 2 });
    await goOn(device, out, { learningRate: 5e-5, more: 2 });
    const first = { step: 2, option: "learningRate", from: 2e-4, to: 1e-4 } as const;
    assertEquals((await configOf(out)).changes, [
      first,
      { step: 4, option: "learningRate", from: 1e-4, to: 5e-5 },
    ]);
    await goOn(device, out, { step: 2, more: 1 });
    assertEquals((await configOf(out)).changes, [{ ...first, to: 5e-5 }]);
  });
});

gpuTest("resumedOptions() refuses with override by name what cannot work", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 2, out });
    const config = await configOf(out);
    const wrong = {
      size: 32,
      channels: 1,
      ngf: 8,
      ndf: 8,
      latent: 9,
      latentDistribution: "uniform",
      firstLayer: "project",
      upsampling: "nearest",
      dNorm: "none",
      gNorm: "none",
      precision: "f16",
      seed: 4,
    } as const;
    const { issues } = assertThrows(
      () => resumedOptions(config, out, { resume: out, override: true, batch: 8, ...wrong }),
      ConfigError,
    );
    assertEquals(issues.map(({ option }) => option), Object.keys(wrong));
    for (const { option, problem } of issues) {
      const [own, found] = [Reflect.get(config, option), Reflect.get(wrong, option)].map((value) =>
        JSON.stringify(value)
      );
      assertEquals(problem, `cannot change in a resumed run: it must be ${own} as in ${out}, found ${found}`);
    }
    assertEquals(resumedOptions(config, out, { resume: out, override: true, batch: 8 }).batch, 8);
  });
});

gpuTest("restoreRun() leaves no scores of later steps", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...often, steps: 4, out });
    const path = `${out}/scores.jsonl`;
    const line = (step: number) =>
      `{"step":${step},"samples":9,"pictures":9,"scores":{"swd":{"value":${step},"error":null}}}\n`;
    await Deno.writeTextFile(path, line(2) + line(4));
    await goOn(device, out, { more: 1 });
    assertEquals(await Deno.readTextFile(path), line(2) + line(4));
    await goOn(device, out, { step: 2, more: 1 });
    assertEquals(await Deno.readTextFile(path), line(2));
  });
});
