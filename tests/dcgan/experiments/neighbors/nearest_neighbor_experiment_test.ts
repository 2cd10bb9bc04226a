import { assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../../../plugins/datasets/mod.ts";
import { shuffledNumbers } from "../../../../src/dcgan/experiments/data/shuffled_numbers.ts";
import { nearestNeighborExperiment } from "../../../../src/dcgan/experiments/neighbors/nearest_neighbor_experiment.ts";
import { ConfigError } from "../../../../src/dcgan/options/config_issue.ts";
import { generateBytes } from "../../../../src/dcgan/sampling/generate.ts";
import { loadGenerator } from "../../../../src/dcgan/sampling/load_generator.ts";
import { nearestPictures } from "../../../../src/dcgan/scores/metrics/nearest.ts";
import { permuted } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

const EACH = 16 * 16 * 3;

gpuTest("nearestNeighborExperiment() finds the errors that all distances in float64 give", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const dataOptions = { length: 200 };
    await trainTiny(device, { data: "faces", dataOptions, steps: 3, conditional: "skin", out });
    const result = await nearestNeighborExperiment(device, out, { samples: 90, limit: 25, seed: 3 });

    await using faces = await openDataset("faces", { size: 16, options: dataOptions });
    const { at, classes } = faces.labels.skin!;
    // A fifth is held out
    const order = Array.from({ length: 200 }, (_, place) => permuted(place, 200, { seed: 0, epoch: 1 }));
    const [training, test] = [order.slice(0, 160), order.slice(160)];
    const read = async (places: readonly number[]) => {
      const data = new Uint8Array(places.length * EACH);
      await faces.read(places, data);
      return { data, count: places.length, dimensions: EACH };
    };
    const tested = [...shuffledNumbers(40, 3).subarray(0, 25)].map((number) => test[number]!);
    const real = [...shuffledNumbers(160, 3).subarray(0, 90)].map((number) => training[number]!);
    const loaded = await loadGenerator(device, out);
    using generator = loaded.generator;
    const labels = classes!.map((_, k) => k);
    const data = await generateBytes(generator, { ...loaded, count: 90, seed: 3, labels });
    const probes = await read(tested);
    const errorOf = (rows: Uint32Array, classOf: (row: number) => number) =>
      rows.reduce((wrong, row, i) => wrong + (classOf(row) === at(tested[i]!) ? 0 : 1), 0) / 25;
    const bySamples = nearestPictures(probes, { data, count: 90, dimensions: EACH }).rows;
    const byImages = nearestPictures(probes, await read(real)).rows;
    assertEquals(result.sampleError, errorOf(bySamples, (row) => row % classes!.length));
    assertEquals(result.imageError, errorOf(byImages, (row) => at(real[row]!)));
    assertEquals([result.tested, result.samples, result.images, result.hasTestPart], [25, 90, 90, false]);
    assertEquals(result.picture.height, 3 * 70 + 6);
    assertEquals([result.mark.made.step, result.mark.made.options], [3, {
      label: "skin",
      limit: 25,
      samples: 90,
      seed: 3,
    }]);
  });
});

gpuTest(
  "nearestNeighborExperiment() refuses samples of other classes, and labels that are not there",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      await trainTiny(device, {
        data: "faces",
        dataOptions: { length: 100 },
        steps: 1,
        conditional: "glasses",
        out,
      });
      const run = (options: Parameters<typeof nearestNeighborExperiment>[2]) =>
        nearestNeighborExperiment(device, out, { samples: 10, limit: 5, ...options });
      await assertRejects(() => run({ label: "skin" }), RangeError, 'the 6 of label "skin"');
      await assertRejects(
        () => run({ label: "smile" }),
        ConfigError,
        '"label" must be one of the labels "skin"',
      );
      await assertRejects(() => run({ samples: 0 }), RangeError, '"samples" must be a whole number');
    });
  },
);
