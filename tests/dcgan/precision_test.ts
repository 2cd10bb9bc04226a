import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { restoreCheckpoint, writeCheckpoint } from "../../src/dcgan/checkpoints/checkpoint.ts";
import { generateBytes } from "../../src/dcgan/sampling/generate.ts";
import { RunFolder } from "../../src/dcgan/run/folder/run_folder.ts";
import { sample } from "../../src/dcgan/sample.ts";
import type { Trainer } from "../../src/dcgan/trainer.ts";
import type { STEP_NUMBERS, StepNumbers } from "../../src/dcgan/numbers/step_numbers.ts";
import { F16NotSupportedError } from "../../src/gpu/mod.ts";
import { readSafetensors, stateDict, writeSafetensors } from "../../src/nn/mod.ts";
import { f16Test, gpuTest, withoutF16 } from "../support/gpu.ts";
import { bytesOf, heldBytes, makeTrainer, namesIn, runSteps, tiny, trainTiny, withFolder } from "./tiny.ts";

const half = { precision: "f16" } as const;

f16Test("Trainer in f16 gives the same bytes for the same seed, and others than in f32", async (device) => {
  using first = makeTrainer(device, half);
  using second = makeTrainer(device, half);
  using single = makeTrainer(device);
  assertEquals(await stateDict(first.generator), await stateDict(single.generator));
  for (const trainer of [first, second, single]) runSteps(trainer, 5);
  assertEquals(await bytesOf(second), await bytesOf(first));
  assertEquals(await second.metrics(), await first.metrics());
  assertNotEquals(await stateDict(first.generator), await stateDict(single.generator));
});

f16Test("Trainer in f16 keeps close to one in f32, with every kind of network", async (device) => {
  const steps = 20;
  for (
    const options of [
      {},
      { firstLayer: "project", latentDistribution: "uniform" },
      { upsampling: "nearest", loss: "minimax" },
    ] as const
  ) {
    const run = async (precision: "f32" | "f16"): Promise<StepNumbers[]> => {
      using trainer = makeTrainer(device, { ...options, precision });
      runSteps(trainer, steps);
      return await trainer.metrics();
    };
    const [expected, found] = [await run("f32"), await run("f16")];
    for (const [step, numbers] of expected.entries()) {
      for (const [name, value] of Object.entries(numbers)) {
        const difference = Math.abs(found[step]![name as (typeof STEP_NUMBERS)[number]] - value);
        // Norms are as large as networks are
        const distance = name.endsWith("Norm") ? difference / value / 20 : difference;
        assert(
          distance < 0.005,
          `${name} of step ${step + 1} is ${distance} off: ${JSON.stringify(options)}`,
        );
      }
    }
  }
});

f16Test("restoreCheckpoint() goes on exactly in f16", async (device) => {
  await withFolder(async (folder) => {
    const [n, m] = [3, 4];
    using straight = makeTrainer(device, half);
    runSteps(straight, n + m);

    using first = makeTrainer(device, half);
    runSteps(first, n);
    const path = await writeCheckpoint(folder, first);
    using second = makeTrainer(device, half);
    runSteps(second, 1);
    await restoreCheckpoint({ path, step: n }, second);
    runSteps(second, m);
    assertEquals(await bytesOf(second), await bytesOf(straight));
    assertEquals(await second.metrics(), (await straight.metrics()).slice(n));
  });
});

f16Test("Trainer in f16 needs little more than half the memory for what lives within a step", (device) => {
  const options = { ngf: 16, ndf: 16, batch: 16 };
  using single = makeTrainer(device, options);
  using halved = makeTrainer(device, { ...options, ...half });
  const share = halved.program.stats.livenessBytes / single.program.stats.livenessBytes;
  assert(share < 0.6, `it takes ${share} of it`);
});

f16Test("generate() draws in f32, whatever a network was trained in", async (device) => {
  using trainer = makeTrainer(device, half);
  using single = makeTrainer(device);
  const drawn = { count: 3, seed: 1, latent: tiny.latent, latentDistribution: "normal" } as const;
  assertEquals(await generateBytes(trainer.generator, drawn), await generateBytes(single.generator, drawn));
});

f16Test("train() in f16 leaves a run that says so, and that can be drawn from", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const events = await trainTiny(device, { ...half, steps: 2, out });
    assertEquals(events.at(-1)?.type, "end");
    assertEquals((await RunFolder.at(out).readConfig()).precision, "f16");
    await sample(device, out, { count: 2, out: `${folder}/grid.png` });
    assert((await Deno.stat(`${folder}/grid.png`)).isFile);
  });
});

gpuTest("train() refuses f16 where the adapter has it not, before anything is written", async (device) => {
  const without = withoutF16(device);
  await withFolder(async (folder) => {
    const run = () => trainTiny(without, { ...half, steps: 2, out: `${folder}/run` });
    await assertRejects(run, F16NotSupportedError, device.adapter.name);
    assertEquals(await namesIn(folder), []);
  });
  assertThrows(() => makeTrainer(without, half), F16NotSupportedError);
  assertEquals(heldBytes(without), 0);
});

f16Test("Trainer in f16 counts the updates that it skips, and goes on exactly from there", async (device) => {
  await withFolder(async (folder) => {
    // Far too large, so that some steps are skipped before it fits
    const start = (trainer: Trainer) => {
      for (const name of ["generator", "discriminator"]) {
        trainer.state().get(`${name}.gradient_scaling`)!.set([2 ** 24, 2 ** -24, 0, 0]);
      }
    };
    using straight = makeTrainer(device, half);
    start(straight);
    const before = await stateDict(straight.generator);
    runSteps(straight, 1);
    const [first] = await straight.metrics();
    assertEquals(first!.skippedUpdates, 2);
    // Gradients that overflowed have no norm
    assertEquals(Object.keys(first!).filter((name) => name.endsWith("Norm")), []);
    const weights = (state: typeof before) => [...state].filter(([name]) => /\d\.(weight|bias)$/.test(name));
    assertEquals(weights(await stateDict(straight.generator)), weights(before));
    runSteps(straight, 19);
    const rest = await straight.metrics();
    const skipped = rest.map(({ skippedUpdates = 0 }) => skippedUpdates);
    assert(skipped[0] === 2 && skipped.at(-1) === 0, `${skipped}`);

    using resumed = makeTrainer(device, half);
    start(resumed);
    runSteps(resumed, 3);
    const path = await writeCheckpoint(folder, resumed);
    using other = makeTrainer(device, half);
    await restoreCheckpoint({ path, step: 3 }, other);
    runSteps(other, 17);
    assertEquals(await bytesOf(other), await bytesOf(straight));
  });
});

f16Test(
  "restoreCheckpoint() takes runs in f16 from before gradients were scaled as they need it",
  async (device) => {
    await withFolder(async (folder) => {
      using straight = makeTrainer(device, half);
      runSteps(straight, 2);
      const path = await writeCheckpoint(folder, straight);
      const file = `${path}/training.safetensors`;
      const { tensors, metadata } = await readSafetensors(file);
      const older = new Map([...tensors].filter(([name]) => !name.endsWith("gradient_scaling")));
      assertEquals(older.size, tensors.size - 2);
      // Nor did those have sums of their data
      await writeSafetensors(file, older, { step: metadata.step! });
      using resumed = makeTrainer(device, half);
      await restoreCheckpoint({ path, step: 2 }, resumed);
      for (const trainer of [straight, resumed]) runSteps(trainer, 2);
      assertEquals(await stateDict(resumed.generator), await stateDict(straight.generator));
    });
  },
);
