import { assert, assertEquals, assertRejects } from "@std/assert";
import { createGenerator } from "../../src/dcgan/networks/generator.ts";
import { sample } from "../../src/dcgan/sample.ts";
import type { SampleOptions } from "../../src/dcgan/sampling/sample_options.ts";
import type { Device } from "../../src/gpu/mod.ts";
import { Network, stateDict, writeSafetensors } from "../../src/nn/mod.ts";
import { gpuTest } from "../support/gpu.ts";
import { namesIn, withFolder } from "./tiny.ts";

/** Calls `body` with a folder in which `g.safetensors` is a generator of a size. */
async function withWeights(
  device: Device,
  size: number,
  body: (folder: string, draw: (options?: Partial<SampleOptions>) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const architecture = {
    size,
    channels: 1,
    ngf: 1,
    ndf: 1,
    latent: 1,
    firstLayer: "transposed",
    upsampling: "transposed",
  } as const;
  await withFolder(async (folder) => {
    using network = new Network(device, createGenerator(architecture));
    await writeSafetensors(`${folder}/g.safetensors`, await stateDict(network));
    await body(folder, (options = {}) => {
      const given: SampleOptions = { out: `${folder}/out`, count: 3, format: "images", ...options };
      return sample(device, `${folder}/g.safetensors`, given);
    });
  });
}

gpuTest(
  "sample() refuses options that there are none of, and values that are not allowed",
  async (device) => {
    await withWeights(device, 14, async (folder, draw) => {
      const refuses = async (options: object, error: typeof Error, message: string) => {
        await assertRejects(() => draw(options), error, message);
      };
      await refuses({ cuont: 5 }, TypeError, "sample() has no option 'cuont'. Did you mean 'count'?");
      await refuses(
        { checkpoint: 5 },
        TypeError,
        "sample() has no option 'checkpoint'. Its options are count,",
      );
      await refuses(
        { out: undefined },
        RangeError,
        `"out" must be the path of a file, or of a folder for images, found`,
      );
      await refuses({ out: "" }, RangeError, `"out" must be the path`);
      await refuses({ count: "5" }, RangeError, `"count" must be a whole number from 1 to 65536, found "5"`);
      await refuses(
        { format: "png" },
        RangeError,
        `"format" must be one of "grid", "images", "npy", found "png"`,
      );
      await refuses(
        { statistics: "own" },
        RangeError,
        `"statistics" must be "running" or "batch", found "own"`,
      );
      await refuses(
        { latentDistribution: "N" },
        RangeError,
        `"latentDistribution" must be "normal" or "uniform"`,
      );
      assertEquals(await namesIn(folder), ["g.safetensors"]);
    });
  },
);

gpuTest("sample() writes images to a new or an empty folder alone", async (device) => {
  await withWeights(device, 14, async (folder, draw) => {
    await Deno.mkdir(`${folder}/out`);
    await draw({ count: 5 });
    const names = await namesIn(`${folder}/out`);
    assertEquals(names, [0, 1, 2, 3, 4].map((i) => `00000${i}.png`));
    const before = await Deno.readFile(`${folder}/out/000000.png`);
    const { message } = await assertRejects(() => draw({ count: 3, seed: 9 }), RangeError);
    assert(
      message.startsWith(
        `Cannot write images to ${folder}/out: it must be a new or empty folder, found '0000`,
      ),
    );
    assert(message.endsWith(".png' in it. Name another one, or empty it"), message);
    assertEquals(await namesIn(`${folder}/out`), names);
    assertEquals(await Deno.readFile(`${folder}/out/000000.png`), before);
    const file = `${folder}/g.safetensors`;
    await assertRejects(() => draw({ out: file }), RangeError, "it must be a folder, found a file");
  });
});

gpuTest("sample() leaves no part of a set of images where it fails", async (device) => {
  await withWeights(device, 14, async (folder, draw) => {
    // No file can be made by this name
    const fails = async (out: string) => {
      const drawing = draw({ out, count: 100 });
      const refused = assertRejects(() => drawing, Error, "Cannot write");
      while ((await namesIn(out).catch(() => [])).length < 3) {
        await new Promise((next) => setTimeout(next, 1));
      }
      await Deno.mkdir(`${out}/000099.png`);
      await refused;
      assertEquals(await namesIn(out), ["000099.png"]);
    };
    await Deno.mkdir(`${folder}/there`);
    await fails(`${folder}/there`);
    await fails(`${folder}/new`);
  });
});

gpuTest("sample() refuses a grid of more than 64 megapixels, and names the most", async (device) => {
  await withWeights(device, 448, async (folder, draw) => {
    const out = `${folder}/grid.png`;
    await assertRejects(
      () => draw({ format: "grid", out, count: 65536 }),
      RangeError,
      `Cannot sample: "count" must be at most 324 in one picture of 448x448 images, found 65536. ` +
        `Use format "images" or "npy" for more`,
    );
    assertEquals(await namesIn(folder), ["g.safetensors"]);
  });
});
