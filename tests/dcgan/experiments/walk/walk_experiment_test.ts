import { assertEquals, assertGreaterOrEqual, assertRejects } from "@std/assert";
import { walkExperiment } from "../../../../src/dcgan/experiments/walk/walk_experiment.ts";
import { generateBytes } from "../../../../src/dcgan/sampling/generate.ts";
import { loadGenerator } from "../../../../src/dcgan/sampling/load_generator.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

gpuTest("walkExperiment() goes from sample to sample of the seed", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { data: "faces", steps: 2, out });
    const { picture, mark, largestStep, steps } = await walkExperiment(device, out, {
      points: 4,
      columns: 5,
      seed: 2,
    });
    const loaded = await loadGenerator(device, out);
    using generator = loaded.generator;
    const samples = await generateBytes(generator, { ...loaded, count: 4, seed: 2 });
    const shown = (row: number, column: number) => {
      const bytes = new Uint8Array(16 * 16 * 3);
      for (let y = 0; y < 16; y++) {
        for (let x = 0; x < 16; x++) {
          // Each pixel is a square of 4 x 4, and there are 6 pixels between images and around them
          const start = ((6 + row * 70 + 4 * y) * picture.width + 6 + column * 70 + 4 * x) * 3;
          bytes.set(picture.data.subarray(start, start + 3), y * 48 + x * 3);
        }
      }
      return bytes;
    };
    const sample = (number: number) => samples.slice(number * 768, (number + 1) * 768);
    for (let row = 0; row < 3; row++) {
      assertEquals([shown(row, 0), shown(row, 4)], [sample(row), sample(row + 1)]);
    }
    assertEquals(steps, 4);
    assertEquals(mark.made, {
      command: "experiment walk",
      run: "run",
      step: 2,
      weights: "raw",
      options: { columns: 5, points: 4, seed: 2 },
    });
    assertGreaterOrEqual(largestStep, 1 / 4);
    await assertRejects(
      () => walkExperiment(device, out, { points: 256, columns: 256 }),
      RangeError,
      "Cannot draw the walk: ",
    );
    await assertRejects(() => walkExperiment(device, out, { points: 1 }), RangeError, '"points" must be');
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(() => walkExperiment(device, out, { signal }), Error, "enough");
  });
});
