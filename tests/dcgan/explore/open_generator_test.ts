import { assert, assertEquals, assertRejects } from "@std/assert";
import { openGenerator } from "../../../src/dcgan/explore/open_generator.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { decodeNpy } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { heldBytes, trainTiny, withFolder } from "../tiny.ts";

gpuTest("openGenerator() draws what sample() does, and gives its memory back", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { out, steps: 1, sampleEvery: 0, ema: 0.9 });
    const before = heldBytes(device);
    {
      using generator = await openGenerator(device, out);
      const { origin: { name, step, weights }, pictureLength } = generator;
      assertEquals([name, step, weights, pictureLength], ["run", 1, "ema", 16 * 16 * 3]);
      const drawn = await generator.draw(generator.latents(7, 3));
      await sample(device, out, { seed: 7, count: 3, format: "npy", out: `${folder}/a.npy` });
      const { data } = decodeNpy(await Deno.readFile(`${folder}/a.npy`));
      const levels = Array.from(data, (value) => Math.round((value + 1) * 127.5));
      // The array has its channels before pixels
      const picture = drawn.subarray(0, pictureLength);
      for (let i = 0; i < pictureLength; i++) {
        assert(Math.abs(picture[i]! - levels[i % 3 * 256 + Math.floor(i / 3)]!) <= 1);
      }
    }
    assertEquals(heldBytes(device), before);
  });
});

gpuTest("openGenerator() scales latent vectors with a truncation", async (device) => {
  await withFolder(async (out) => {
    await trainTiny(device, { out, steps: 1, sampleEvery: 0 });
    using whole = await openGenerator(device, out);
    using half = await openGenerator(device, out, { truncation: 0.5 });
    assertEquals(half.latents(3, 70), whole.latents(3, 70).map((value) => value / 2));
    using none = await openGenerator(device, out, { truncation: 0 });
    assertEquals(new Set(none.latents(3, 2)).size, 1);
  });
});

gpuTest("openGenerator() rejects options that are unknown or not allowed, by name", async (device) => {
  await assertRejects(
    () => openGenerator(device, "no", { truncation: 1.5 }),
    RangeError,
    `Cannot open the generator: "truncation" must be a number from 0 and up to 1, found 1.5`,
  );
  await assertRejects(
    () => openGenerator(device, "no", { truncatio: 1 } as never),
    TypeError,
    "openGenerator() has no option 'truncatio'. Did you mean 'truncation'?",
  );
});
