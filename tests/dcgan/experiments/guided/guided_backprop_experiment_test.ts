import { assertEquals, assertGreaterOrEqual, assertRejects } from "@std/assert";
import { guidedBackpropExperiment } from "../../../../src/dcgan/experiments/guided/guided_backprop_experiment.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

const KINDS = { packed: { pack: 2 }, conditional: { conditional: "glasses" } } as const;

for (const [kind, options] of Object.entries(KINDS)) {
  gpuTest(`guidedBackpropExperiment() shows features of ${kind} discriminators too`, async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      await trainTiny(device, { data: "faces", dataOptions: { length: 60 }, steps: 2, ...options, out });
      const run = (features: number) =>
        guidedBackpropExperiment(device, out, { features, pictures: 2, limit: 40 });
      await assertRejects(() => run(100), RangeError, '"features" must be a whole number from 1 to 64');
      const result = await run(64);
      // There are only 8
      assertEquals([result.maps, result.trained.length, result.random.length, result.images], [8, 8, 8, 40]);
      // Numbers of features left of their rows, and a line of text above them
      const { width, height } = result.picture;
      assertEquals([width - 9 * 70 - 6 > 0, height], [true, 14 + 8 * 70 + 6]);
      for (const ratio of result.random) assertGreaterOrEqual(ratio, 1);
      assertEquals(await run(64), result);
    });
  });
}
