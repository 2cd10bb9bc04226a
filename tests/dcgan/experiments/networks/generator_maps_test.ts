import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { GeneratorMaps } from "../../../../src/dcgan/experiments/networks/generator_maps.ts";
import { generateBytes, latentVectors } from "../../../../src/dcgan/sampling/generate.ts";
import { loadGenerator } from "../../../../src/dcgan/sampling/load_generator.ts";
import { quantizeImages } from "../../../../src/gpu/mod.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

const KINDS: Readonly<Record<string, TrainOptions>> = {
  "PyTorch's shape": {},
  "the paper's shape": { firstLayer: "project" },
  "nearest upsampling": { firstLayer: "project", upsampling: "nearest" },
  "classes": { conditional: "glasses" },
};

for (const [name, options] of Object.entries(KINDS)) {
  gpuTest(
    `GeneratorMaps draws the samples of a generator with ${name}, and drops only what it is told to`,
    async (device) => {
      await withFolder(async (folder) => {
        await trainTiny(device, { data: "faces", steps: 2, out: `${folder}/run`, ...options });
        const loaded = await loadGenerator(device, `${folder}/run`);
        using generator = loaded.generator;
        const maps = new GeneratorMaps(loaded);
        const labels = loaded.classes?.map((_, k) => k);
        const samples = await generateBytes(generator, { ...loaded, count: 70, seed: 5, labels });
        for (let layer = 0; layer < maps.layers; layer++) {
          const own = maps.maps(layer, 5, 1, 6);
          const [bytes] = await device.read([quantizeImages(maps.pictures(layer, own))]);
          assertEquals(bytes, samples.subarray(64 * bytes!.length / 6));
          const channels = own.shape[3]!;
          const all = await maps.pictures(layer, own, new Array(channels).fill(1)).data();
          assertEquals(all, await maps.pictures(layer, own).data());
          const values = await own.data();
          const sums = new Array<number>(channels).fill(0);
          for (const [at, value] of values.entries()) sums[at % channels]! += value;
          const most = sums.indexOf(Math.max(...sums));
          // A map that is dropped is one of zeros, and no other changes
          const kept = Array.from({ length: channels }, (_, map) => map === most ? 0 : 1);
          const zeroed = values.map((value, at) => at % channels === most ? 0 : value);
          const expected = maps.pictures(layer, device.tensor(zeroed, { shape: own.shape }));
          const dropped = await maps.pictures(layer, own, kept).data();
          assertEquals(dropped, await expected.data());
          assertNotEquals(dropped, all);
        }
        assert(maps.layers >= 2);
        // All layers at once, of latent vectors that are given
        const count = 3;
        const latents = latentVectors({ ...loaded, count, seed: 5 });
        const all = maps.all(latents, labels && [0, 1, 2].map((at) => at % labels.length));
        assertEquals(all.length, maps.layers + 1);
        assertEquals(await all[0]!.data(), await maps.maps(0, 5, 0, count).data());
        const [pictures] = await device.read([quantizeImages(all.at(-1)!)]);
        assertEquals(pictures, samples.subarray(0, pictures!.length));
      });
    },
  );
}
