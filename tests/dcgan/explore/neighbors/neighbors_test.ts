import { assert, assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../../../plugins/datasets/mod.ts";
import { neighbors } from "../../../../src/dcgan/explore/neighbors/neighbors.ts";
import { openGenerator } from "../../../../src/dcgan/explore/open_generator.ts";
import { encodePng } from "../../../../src/pictures/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { heldBytes, trainTiny, withFolder } from "../../tiny.ts";

const EACH = 16 * 16 * 3;

/** Features that are the mean color. */
const colors = {
  name: "mean color",
  dimensions: 3,
  labels: [],
  describe(pictures: Uint8Array) {
    const count = pictures.length / EACH;
    const data = new Float32Array(3 * count);
    for (let at = 0; at < pictures.length; at++) {
      data[3 * Math.floor(at / EACH) + at % 3]! += pictures[at]! / 256;
    }
    return Promise.resolve({ features: { data, count, dimensions: 3 }, classes: [] });
  },
};

gpuTest("neighbors() finds the nearest images by pixels and by features", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const dataOptions = { length: 60 };
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0, data: "faces", dataOptions });
    const before = heldBytes(device);
    const out = `${folder}/a.png`;
    const { samples, compared, warnings } = await neighbors(device, run, { count: 3, features: colors, out });
    assertEquals([compared, warnings], [60, []]);
    await using dataset = await openDataset("faces", { size: 16, options: dataOptions });
    const all = new Uint8Array(60 * EACH);
    await dataset.read(Array.from({ length: 60 }, (_, at) => at), all);
    {
      using generator = await openGenerator(device, run);
      const drawn = await generator.draw(generator.latents(1, 3));
      for (const [at, { place, pixels, isCopy }] of samples.entries()) {
        assertEquals([place, isCopy], [`1:${at}`, false]);
        const distances = Array.from({ length: 60 }, (_, image) => {
          let sum = 0;
          for (let i = 0; i < EACH; i++) sum += (drawn[at * EACH + i]! - all[image * EACH + i]!) ** 2;
          return Math.sqrt(sum / EACH);
        });
        assertEquals(pixels.index, distances.indexOf(Math.min(...distances)));
        assert(Math.abs(pixels.distance - Math.min(...distances)) < 1e-6);
      }
      const [first, nearest] = [drawn.subarray(0, EACH), all.subarray(samples[0]!.features!.index * EACH)];
      const [{ features: own }, { features: other }] = [
        await colors.describe(first),
        await colors.describe(nearest.subarray(0, EACH)),
      ];
      const gap = Math.sqrt(own.data.reduce((sum, value, i) => sum + (value - other.data[i]!) ** 2, 0) / 3);
      assert(Math.abs(gap - samples[0]!.features!.distance) < 1e-3);
    }
    assertEquals(heldBytes(device), before);
  });
});

gpuTest("neighbors() says when samples are copies of images", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const data = `${folder}/photos`;
    await Deno.mkdir(data);
    const write = (name: string, bytes: Uint8Array) =>
      encodePng({ width: 16, height: 16, channels: 3, data: bytes }).then((png) =>
        Deno.writeFile(`${data}/${name}`, png)
      );
    await using faces = await openDataset("faces", { size: 16 });
    const all = new Uint8Array(40 * EACH);
    await faces.read(Array.from({ length: 40 }, (_, at) => at), all);
    for (let at = 0; at < 40; at++) await write(`${at}.png`, all.subarray(at * EACH, (at + 1) * EACH));
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0, data });
    {
      using generator = await openGenerator(device, run);
      await write("39.png", await generator.draw(generator.latents(1, 1)));
    }
    // As an older run, which does not know its images: what it draws is then one of them
    const { pictures: _, ...config } = JSON.parse(await Deno.readTextFile(`${run}/config.json`));
    await Deno.writeTextFile(`${run}/config.json`, JSON.stringify(config));
    const out = `${folder}/a.png`;
    const { samples } = await neighbors(device, run, { count: 2, out });
    assertEquals([samples[0]!.isCopy, samples[0]!.pixels.distance], [true, 0]);
    assertEquals(samples[0]!.features, undefined);
  });
});

gpuTest("neighbors() says what it did not look at, and refuses files", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const dataOptions = { length: 60 };
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0, data: "faces", dataOptions, flip: true });
    const given = { features: false, count: 1, images: 50, out: `${folder}/a.png` } as const;
    const { warnings } = await neighbors(device, run, given);
    assertEquals(warnings, [
      "Samples were compared with 50 of 60 images: a copy of another one would not be seen. " +
      'Raise "images" to compare with more',
      "The run mirrored images as it trained: copies of mirrored ones would not be seen",
    ]);
    const file = `${run}/checkpoints/step-000001/generator.safetensors`;
    await assertRejects(() => neighbors(device, file, given), RangeError, "it must be the folder of a run");
  });
});
