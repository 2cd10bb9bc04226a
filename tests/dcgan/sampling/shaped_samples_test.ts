/** Samples of runs whose images are not square and have alpha. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { sample } from "../../../src/dcgan/sample.ts";
import { readSafetensors, writeSafetensors } from "../../../src/nn/mod.ts";
import { decodePicture } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { trainAll } from "../run_trees.ts";
import { tiny, withFolder } from "../tiny.ts";

gpuTest(
  "sample() draws what a run was trained on, from its folder and from the file alone",
  async (device) => {
    await withFolder(async (folder) => {
      const run = `${folder}/run`;
      // The projection does not tell the sides of 6x4 maps
      const shaped = { ...tiny, size: "24x16", channels: 4, firstLayer: "project", kernel: 5 } as const;
      assertEquals(await trainAll(device, { ...shaped, steps: 1, out: run }), {
        warnings: [],
        error: undefined,
      });
      const file = `${run}/checkpoints/step-000001/generator.safetensors`;
      const [ofRun, ofFile] = [`${folder}/run.png`, `${folder}/file.png`];
      await sample(device, run, { count: 4, mark: false, out: ofRun });
      await sample(device, file, { count: 4, mark: false, out: ofFile });
      assertEquals(await Deno.readFile(ofRun), await Deno.readFile(ofFile));
      const { width, height, channels, data } = await decodePicture(await Deno.readFile(ofRun));
      assertEquals([width, height, channels], [2 * 26 + 2, 2 * 18 + 2, 4]);
      assertEquals([...data.subarray(0, 4)], [255, 255, 255, 255]);
      const alphaAt = (x: number, y: number) => data[4 * (y * width + x) + 3]!;
      assert(Array.from({ length: 24 }, (_, x) => alphaAt(2 + x, 5)).some((alpha) => alpha < 255));

      const { tensors } = await readSafetensors(file);
      const bare = `${folder}/bare.safetensors`;
      await writeSafetensors(bare, tensors, {});
      await assertRejects(
        () => sample(device, bare, { out: ofFile }),
        RangeError,
        'must be square, or be given a size in the metadata of its file, such as "size": "64x48"; found 24 pixels',
      );
      await writeSafetensors(bare, tensors, { size: "24x16" });
      await sample(device, bare, { count: 4, mark: false, out: ofFile });
      assertEquals(await Deno.readFile(ofFile), await Deno.readFile(ofRun));
    });
  },
);
