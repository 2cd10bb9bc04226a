import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import {
  checkpointsIn,
  restoreCheckpoint,
  writeCheckpoint,
} from "../../../src/dcgan/checkpoints/checkpoint.ts";
import { readSafetensors, stateDict } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { bytesOf, heldBytes, makeTrainer, namesIn, runSteps, withFolder } from "../tiny.ts";

gpuTest(
  "restoreCheckpoint() goes on exactly: N + M steps are N, save, load, M, byte for byte",
  async (device) => {
    await withFolder(async (folder) => {
      const [n, m] = [3, 4];
      using straight = makeTrainer(device);
      runSteps(straight, n + m);

      using first = makeTrainer(device);
      runSteps(first, n);
      const path = await writeCheckpoint(folder, first);
      // The seed sets first values only where nothing is restored, and the latent vectors always.
      using second = makeTrainer(device);
      runSteps(second, 1);
      await restoreCheckpoint({ path, step: n }, second);
      assertEquals(second.steps, n);
      assertEquals(await bytesOf(second), await bytesOf(first));
      assertEquals(await second.metrics(), []);

      runSteps(second, m);
      assertEquals(await bytesOf(second), await bytesOf(straight));
      assertEquals(await second.metrics(), (await straight.metrics()).slice(n));
    });
  },
);

gpuTest("writeCheckpoint() leaves PyTorch state dicts that know their step", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device);
    runSteps(trainer, 2);
    const path = await writeCheckpoint(`${folder}/new/checkpoints`, trainer);
    assertEquals(path, `${folder}/new/checkpoints/step-000002`);
    assertEquals(await namesIn(path), [
      "discriminator.safetensors",
      "generator.safetensors",
      "training.safetensors",
    ]);
    for (const network of ["generator", "discriminator"] as const) {
      const { tensors, metadata } = await readSafetensors(`${path}/${network}.safetensors`);
      assertEquals([metadata.step, /^[0-9a-f]{64}$/.test(metadata.sha256!)], ["2", true]);
      assertEquals(tensors, await stateDict(trainer[network]));
    }
    const { tensors } = await readSafetensors(`${path}/training.safetensors`);
    assertEquals([...tensors.keys()].sort(), [...trainer.state().keys()].sort());
  });
});

gpuTest("writeCheckpoint() keeps the last five", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device);
    for (let step = 1; step <= 7; step++) {
      runSteps(trainer, 1);
      await writeCheckpoint(folder, trainer);
    }
    assertEquals(await namesIn(folder), [3, 4, 5, 6, 7].map((step) => `step-00000${step}`));
    assertEquals((await checkpointsIn(folder)).map(({ step }) => step), [7, 6, 5, 4, 3]);
  });
});

gpuTest("writeCheckpoint() clears what a killed process left, and nothing else", async (device) => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/.step-000001.tmp`);
    await Deno.writeTextFile(`${folder}/.step-000001.tmp/generator.safetensors`, "half a fi");
    await Deno.mkdir(`${folder}/.step-000009.tmp`);
    await Deno.mkdir(`${folder}/best`);
    await Deno.writeTextFile(`${folder}/notes.txt`, "mine");
    assertEquals(await checkpointsIn(folder), []);

    using trainer = makeTrainer(device);
    runSteps(trainer, 1);
    const path = await writeCheckpoint(folder, trainer);
    assertEquals(await namesIn(folder), ["best", "notes.txt", "step-000001"]);
    assertEquals(await checkpointsIn(folder), [{ path, step: 1 }]);
  });
});

gpuTest("writeCheckpoint() replaces a checkpoint of the same step", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device);
    runSteps(trainer, 1);
    await writeCheckpoint(folder, trainer);
    const path = await writeCheckpoint(folder, trainer);
    assertEquals(await namesIn(folder), ["step-000001"]);
    assertEquals((await readSafetensors(`${path}/generator.safetensors`)).metadata.step, "1");
  });
});

gpuTest("writeCheckpoint() is of one step, whatever is trained while it writes", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device);
    runSteps(trainer, 2);
    const expected = await bytesOf(trainer);
    const writing = writeCheckpoint(folder, trainer);
    for (let i = 0; i < 5; i++) {
      runSteps(trainer, 1);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assertEquals(await writing, `${folder}/step-000002`);
    using restored = makeTrainer(device);
    await restoreCheckpoint((await checkpointsIn(folder))[0]!, restored);
    assertEquals([restored.steps, await bytesOf(restored)], [2, expected]);
  });
});

gpuTest("restoreCheckpoint() refuses files that are not all of one step", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device);
    for (const _ of [1, 2]) {
      runSteps(trainer, 1);
      await writeCheckpoint(folder, trainer);
    }
    await Deno.copyFile(
      `${folder}/step-000001/discriminator.safetensors`,
      `${folder}/step-000002/discriminator.safetensors`,
    );
    const [latest] = await checkpointsIn(folder);
    await assertRejects(
      () => restoreCheckpoint(latest!, trainer),
      RangeError,
      "must be of step 2 in all of its files, found 2, 1, 2, 2",
    );
  });
});

gpuTest("writeCheckpoint() holds no memory of its own", async (device) => {
  await withFolder(async (folder) => {
    using trainer = makeTrainer(device);
    await writeCheckpoint(folder, trainer);
    const before = heldBytes(device);
    runSteps(trainer, 1);
    await writeCheckpoint(folder, trainer);
    assertEquals(heldBytes(device), before);
  });
});

Deno.test("checkpointsIn() gives the latest first, by number, and none where there is no folder", async () => {
  await withFolder(async (folder) => {
    for (const name of ["step-000020", "step-000100", "step-1234567", "step-999999", "step-7", "step-abc"]) {
      await Deno.mkdir(`${folder}/${name}`);
    }
    assertEquals((await checkpointsIn(folder)).map(({ step }) => step), [1234567, 999999, 100, 20]);
    assertEquals(await checkpointsIn(`${folder}/nowhere`), []);
  });
});

gpuTest(
  "restoreCheckpoint() refuses a checkpoint of other networks, and changes nothing then",
  async (device) => {
    await withFolder(async (folder) => {
      using wide = makeTrainer(device, { ngf: 6 });
      const path = await writeCheckpoint(folder, wide);
      using trainer = makeTrainer(device);
      runSteps(trainer, 1);
      const before = await bytesOf(trainer);
      await assertRejects(() => restoreCheckpoint({ path, step: 0 }, trainer), RangeError, "main.0.weight");
      assertEquals(await bytesOf(trainer), before);
      assertEquals(trainer.steps, 1);
    });
  },
);

gpuTest("restoreCheckpoint() names a damaged file, and changes nothing then", async (device) => {
  await withFolder(async (folder) => {
    using saved = makeTrainer(device);
    runSteps(saved, 2);
    const path = await writeCheckpoint(folder, saved);
    using trainer = makeTrainer(device);
    const before = await bytesOf(trainer);
    assertNotEquals(before, await bytesOf(saved));

    for (const file of ["discriminator", "training"]) {
      const damaged = `${path}/${file}.safetensors`;
      const whole = await Deno.readFile(damaged);
      await Deno.writeFile(damaged, whole.subarray(0, whole.length - 5));
      const failure = await assertRejects(() => restoreCheckpoint({ path, step: 2 }, trainer), SyntaxError);
      assert(failure.message.includes(damaged) && failure.message.includes("truncated"), failure.message);
      assertEquals(await bytesOf(trainer), before);
      await Deno.writeFile(damaged, whole);
    }
    await restoreCheckpoint({ path, step: 2 }, trainer);
    assertEquals(await bytesOf(trainer), await bytesOf(saved));
  });
});
