import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { resolveConfig } from "../../src/dcgan/options/config.ts";
import { generate } from "../../src/dcgan/sampling/generate.ts";
import { createGenerator } from "../../src/dcgan/networks/generator.ts";
import { sample } from "../../src/dcgan/sample.ts";
import type { SampleOptions } from "../../src/dcgan/sampling/sample_options.ts";
import type { TrainOptions } from "../../src/dcgan/options/options.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { decodeNpy, Network, stateDict, writeSafetensors } from "../../src/nn/mod.ts";
import { decodePicture, toRgba } from "../../src/pictures/mod.ts";
import { gpuTest } from "../support/gpu.ts";
import { heldBytes, namesIn, tiny, trainTiny, withFolder } from "./tiny.ts";

/** Calls `body` with a folder that holds a run of two steps in `run`. */
async function withRun(
  device: Device,
  body: (folder: string, run: string) => Promise<void>,
  options: TrainOptions = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { out, steps: 2, sampleEvery: 0, checkpointEvery: 0, ...options });
    await body(folder, out);
  });
}

const GENERATOR = "checkpoints/step-000002/generator.safetensors";

/** The values of samples as an array, by way of a file. */
async function draw(
  device: Device,
  source: string,
  out: string,
  options: Partial<SampleOptions> = {},
): Promise<Float32Array> {
  await sample(device, source, { out, format: "npy", ...options });
  return decodeNpy(await Deno.readFile(out)).data;
}

gpuTest("sample() writes a grid, a picture each, or an array of the same samples", async (device) => {
  for (const channels of [3, 1] as const) {
    await withRun(device, async (folder, run) => {
      const [count, size] = [5, tiny.size];
      const drawn = { count, seed: 7 };
      const grid = await sample(device, run, { ...drawn, out: `${folder}/grid.png` });
      const images = await sample(device, run, { ...drawn, out: `${folder}/a/images`, format: "images" });
      const npy = await sample(device, run, { ...drawn, out: `${folder}/all.npy`, format: "npy" });
      assertEquals([...grid.paths, ...npy.paths], [`${folder}/grid.png`, `${folder}/all.npy`]);
      assertEquals(await namesIn(`${folder}/a/images`), [0, 1, 2, 3, 4].map((i) => `00000${i}.png`));
      assertEquals(
        images.paths,
        (await namesIn(`${folder}/a/images`)).map((name) => `${folder}/a/images/${name}`),
      );

      const { shape, data } = decodeNpy(await Deno.readFile(`${folder}/all.npy`));
      assertEquals(shape, [count, channels, size, size]);
      assert(data.every((value) => value >= -1 && value <= 1) && new Set(data).size > 100);

      const whole = await decodePicture(await Deno.readFile(`${folder}/grid.png`));
      assert(whole.width * whole.height >= count * size * size);
      for (const [position, path] of images.paths.entries()) {
        const picture = toRgba(await decodePicture(await Deno.readFile(path)));
        assertEquals([picture.width, picture.height], [size, size]);
        // Channels before pixels in the array, side by side in the picture; -1 is black, 1 white.
        for (let i = 0; i < channels * size * size; i++) {
          const [channel, pixel] = [Math.floor(i / size ** 2), i % size ** 2];
          const level = (data[position * channels * size ** 2 + i]! + 1) * 127.5;
          assert(Math.abs(picture.data[4 * pixel + channel]! - level) <= 0.51);
        }
      }
    }, { channels });
  }
});

gpuTest("sample() gives the same bytes for the same seed, and others for another", async (device) => {
  await withRun(device, async (folder, run) => {
    const bytesOf = async (seed: number, out: string) => {
      await sample(device, run, { count: 4, seed, out: `${folder}/${out}` });
      return await Deno.readFile(`${folder}/${out}`);
    };
    const first = await bytesOf(7, "a.png");
    assertEquals(await bytesOf(7, "b.png"), first);
    assertNotEquals(await bytesOf(8, "c.png"), first);
  });
});

gpuTest(
  "sample() draws sample i of a seed whatever the count, over the end of a chunk too",
  async (device) => {
    await withRun(device, async (folder, run) => {
      const each = tiny.size ** 2 * 3;
      const all = await draw(device, run, `${folder}/130.npy`, { count: 130 });
      for (const count of [1, 3, 64, 65]) {
        const some = await draw(device, run, `${folder}/${count}.npy`, { count });
        assertEquals(some, all.slice(0, count * each), `${count} samples`);
      }
      const samples = Array.from({ length: 130 }, (_, i) => all.slice(i * each, (i + 1) * each).join());
      assertEquals(new Set(samples).size, 130);
    });
  },
);

gpuTest("sample() draws the same from a run folder and from its generator's state dict", async (device) => {
  await withRun(device, async (folder, run) => {
    const fromRun = await draw(device, run, `${folder}/run.npy`);
    assertEquals(await draw(device, `${run}/${GENERATOR}`, `${folder}/dict.npy`), fromRun);
  });
});

gpuTest("sample() takes a run's latent distribution, and the one named for a state dict", async (device) => {
  await withRun(device, async (folder, run) => {
    const uniform = await draw(device, run, `${folder}/run.npy`);
    assertEquals(await draw(device, run, `${folder}/run.npy`, { latentDistribution: "uniform" }), uniform);
    const { message } = await assertRejects(
      () => draw(device, run, `${folder}/no.npy`, { latentDistribution: "normal" }),
      RangeError,
    );
    assert(message.endsWith(`must be the one it was trained with, "uniform", found "normal"`), message);
    const dict = `${run}/${GENERATOR}`;
    const named = await draw(device, dict, `${folder}/a.npy`, { latentDistribution: "uniform" });
    assertEquals(named, uniform);
    assertNotEquals(await draw(device, dict, `${folder}/b.npy`), uniform);
  }, { latentDistribution: "uniform" });
});

gpuTest("sample() normalizes with the statistics of the batch where asked to", async (device) => {
  await withRun(device, async (folder, run) => {
    const running = await draw(device, run, `${folder}/running.npy`, { count: 4 });
    const batch = await draw(device, run, `${folder}/batch.npy`, { count: 4, statistics: "batch" });
    assertNotEquals(batch, running);
    assertEquals(await draw(device, run, `${folder}/again.npy`, { count: 4, statistics: "batch" }), batch);
    assertEquals(await draw(device, run, `${folder}/later.npy`, { count: 4 }), running);
  });
});

gpuTest("sample() takes the latest checkpoint", async (device) => {
  await withRun(device, async (folder, run) => {
    const latest = await draw(device, run, `${folder}/latest.npy`);
    await Deno.rename(`${run}/checkpoints/step-000002`, `${run}/checkpoints/.step-000002.tmp`);
    assertNotEquals(await draw(device, run, `${folder}/first.npy`), latest);
  }, { checkpointEvery: 1 });
});

gpuTest("sample() takes every kind of generator from a state dict alone", async (device) => {
  await withFolder(async (folder) => {
    for (const firstLayer of ["transposed", "project"] as const) {
      for (const upsampling of ["transposed", "nearest"] as const) {
        const config = resolveConfig({ ...tiny, size: 14, channels: 1, firstLayer, upsampling });
        using generator = new Network(device, createGenerator(config));
        const dict = `${folder}/${firstLayer}-${upsampling}.safetensors`;
        await writeSafetensors(dict, await stateDict(generator));
        const values = await draw(device, dict, `${folder}/out.npy`, { count: 2 });
        assertEquals(values.length, 2 * 14 * 14);
      }
    }
  });
});

gpuTest("sample() says in a sentence where there is no generator", async (device) => {
  await withRun(device, async (folder, run) => {
    const out = `${folder}/grid.png`;
    const refuses = async (source: string, errorClass: typeof Error, words: string) => {
      const { message } = await assertRejects(() => sample(device, source, { out }), errorClass);
      assert(message.includes(words) && !message.includes("\n"), message);
    };
    const discriminator = `${run}/checkpoints/step-000002/discriminator.safetensors`;
    await refuses(discriminator, RangeError, `Cannot draw from ${discriminator}: it must be a generator`);
    await refuses(`${run}/config.json`, SyntaxError, "config.json");
    await refuses(
      `${folder}/nowhere`,
      Error,
      `Cannot sample from ${folder}/nowhere: it must be a run folder, or a`,
    );
    await refuses(
      folder,
      Error,
      `${folder} is not a run folder but holds runs. Name one of them: ${folder}/run`,
    );
    await refuses(
      `${folder}/run/samples`,
      Error,
      `${folder}/run/samples is not a run folder: it has no config.json. Name the folder`,
    );
    await Deno.mkdir(`${folder}/nets`);
    await Deno.copyFile(discriminator, `${folder}/nets/netD.safetensors`);
    await refuses(`${folder}/nets`, Error, `Name one of the files in it: ${folder}/nets/netD.safetensors`);
    await Deno.remove(`${run}/checkpoints`, { recursive: true });
    await refuses(run, Error, `Cannot sample from ${run}: the run has no checkpoint yet`);
    await Deno.writeTextFile(`${run}/config.json`, `{"version": 1, "size": 15}`);
    await refuses(run, Error, `"size" must be even on each side`);
    assertEquals(await namesIn(folder), ["nets", "run"]);
  });
});

gpuTest("sample() names an option that is not allowed", async (device) => {
  await withRun(device, async (folder, run) => {
    const out = `${folder}/grid.png`;
    for (const count of [0, -1, 1.5, 65537, NaN]) {
      await assertRejects(() => sample(device, run, { out, count }), RangeError, `"count" must be a whole`);
    }
    await assertRejects(() => sample(device, run, { out, seed: -1 }), RangeError, `"seed" must be a whole`);
    await assertRejects(() => sample(device, run, { out, classes: [""] }), RangeError, `from 0, found [""]`);
  });
});

gpuTest("sample() draws more at once than a picture of samples in training may have", async (device) => {
  await withFolder(async (folder) => {
    const config = resolveConfig({ ...tiny, size: 14, channels: 1, ngf: 1 });
    using generator = new Network(device, createGenerator(config));
    await writeSafetensors(`${folder}/g.safetensors`, await stateDict(generator));
    const values = await draw(device, `${folder}/g.safetensors`, `${folder}/out.npy`, { count: 4200 });
    assertEquals(values.length, 4200 * 14 * 14);
  });
});

gpuTest("sample() holds no GPU memory afterwards, nor where it fails", async (device) => {
  await withRun(device, async (folder, run) => {
    const out = `${folder}/grid.png`;
    await sample(device, run, { out });
    const before = heldBytes(device);
    await sample(device, run, { out });
    assertEquals(heldBytes(device), before);
    await assertRejects(
      () => sample(device, run, { out: `${folder}/no/such/folder/grid.png` }),
      Error,
      "grid.png",
    );
    assertEquals(heldBytes(device), before);
  });
});

gpuTest("sample() ends where its signal aborts, and leaves nothing of it", async (device) => {
  await withRun(device, async (folder, run) => {
    await sample(device, run, { out: `${folder}/warm.png` });
    const before = heldBytes(device);
    for (const format of ["npy", "grid", "images"] as const) {
      const controller = new AbortController();
      const out = `${folder}/out`;
      const drawing = sample(device, run, { out, format, count: 65536, signal: controller.signal });
      const refused = assertRejects(() => drawing, DOMException);
      // A grid is drawn whole before its file is begun; of images some are to be whole
      const names = format === "images" ? () => namesIn(out).catch(() => []) : () => namesIn(folder);
      const isBegun = async () => format === "grid" || (await names()).length > 2;
      while (!await isBegun()) await new Promise((resolve) => setTimeout(resolve, 1));
      setTimeout(() => controller.abort(), 20);
      assertEquals(await refused, controller.signal.reason);
      assertEquals(await namesIn(folder), ["run", "warm.png"]);
      assertEquals(heldBytes(device), before);
    }
    const signal = AbortSignal.abort("enough");
    const late = sample(device, run, { out: `${folder}/late.png`, signal });
    assertEquals(await late.catch((reason) => reason), "enough");
  });
});

gpuTest("generate() leaves alone what its caller makes between two chunks", async (device) => {
  const config = resolveConfig({ ...tiny, size: 14, channels: 1, ngf: 1 });
  using generator = new Network(device, createGenerator(config));
  const { latent, latentDistribution } = config;
  const made = [];
  for await (
    const values of generate(generator, { count: 130, seed: 1, latent, latentDistribution }, "f32")
  ) {
    made.push(device.tensor(values));
  }
  assertEquals(made.map(({ size }) => size), [64, 64, 2].map((count) => count * 14 * 14));
  assertEquals(made.map(({ disposed }) => disposed), [false, false, false]);
});
