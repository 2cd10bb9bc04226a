import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { openDataset } from "../../../../plugins/datasets/mod.ts";
import {
  dropFiltersExperiment,
  type DropFiltersResult,
} from "../../../../src/dcgan/experiments/filters/drop_filters_experiment.ts";
import { locatedLabelsOf, Locator } from "../../../../src/dcgan/experiments/filters/locator.ts";
import { boxLabelsOf } from "../../../../src/dcgan/explore/directions/box_labels.ts";
import { ConfigError } from "../../../../src/dcgan/options/config_issue.ts";
import type { Device } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

/** Keeps classifiers in a folder of the test. */
async function withRun(device: Device, length: number, body: (run: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const before = Deno.env.get("XDG_CACHE_HOME");
    Deno.env.set("XDG_CACHE_HOME", `${folder}/cache`);
    using restored = new DisposableStack();
    restored.defer(() =>
      before === undefined ? Deno.env.delete("XDG_CACHE_HOME") : Deno.env.set("XDG_CACHE_HOME", before)
    );
    await trainTiny(device, { data: "faces", dataOptions: { length }, steps: 2, out: `${folder}/run` });
    await body(`${folder}/run`);
  });
}

gpuTest("Locator learns from labels where glasses are", async (device) => {
  await withRun(device, 700, async () => {
    await using faces = await openDataset("faces", { size: 16, options: { length: 700 } });
    assertEquals(locatedLabelsOf(faces), ["glasses"]);
    assertEquals([boxLabelsOf(faces, "glasses")?.length, boxLabelsOf(faces, "skin")], [4, undefined]);
    using locator = await Locator.learn(device, faces, { label: "glasses", absent: 0 }, {});
    // Boxes of one size at places that hardly vary are found even by a classifier of little training
    assertGreater(locator.overlap, 0.5);
    assertGreater(locator.accuracy, 0.3);
    const bytes = new Uint8Array(5 * 768);
    await faces.read([0, 1, 2, 3, 4], bytes);
    const { isThere, boxes, classes } = await locator.look(bytes);
    assertEquals([isThere.length, boxes.length, classes.length], [5, 5, locator.labels.length]);
    const own = classes[locator.labels.indexOf("glasses")]!;
    assertEquals(isThere, [...own].map((one) => one !== 0));
  });
});

gpuTest(
  "dropFiltersExperiment() finds samples with glasses, drops maps, and counts again",
  async (device) => {
    await withRun(device, 700, async (run) => {
      const reports: string[] = [];
      const options = { samples: 20, count: 70, report: (message: string) => void reports.push(message) };
      // Samples of two steps look like one of the classes, whichever: it must not be the one that says "none"
      const failures: string[] = [];
      let result: DropFiltersResult | undefined;
      for (const absent of ["none", "round", "square"]) {
        try {
          result ??= await dropFiltersExperiment(device, run, { ...options, absent });
        } catch (error) {
          failures.push((error as Error).message);
        }
      }
      for (const failure of failures) assertStringIncludes(failure, "at least 3 samples must have it");
      assert(result);
      assertEquals([result.label, result.layer, result.mapSides, result.maps], [
        "glasses",
        [1, 2],
        [4, 4],
        8,
      ]);
      assertGreater(result.boxed, 2);
      assert(result.dropped <= 8 && result.accuracy >= 0.5);
      const { seen } = result;
      for (const share of Object.values(seen!)) assert(share >= 0 && share <= 1);
      assertEquals(result.picture.height, 3 * 70 + 6);
      assert(reports.includes("Looking for glasses in 20 samples"), `${reports}`);
    });
  },
);

gpuTest("dropFiltersExperiment() takes boxes drawn by hand, and then needs no labels", async (device) => {
  await withRun(device, 50, async (run) => {
    const boxes = {
      seed: 4,
      boxes: [0, 1, 66].map((sample) => ({ sample, box: [0, 0, 0.5, 0.5] as const })),
    };
    const result = await dropFiltersExperiment(device, run, { boxes, layer: 2 });
    assertEquals([result.boxed, result.layer, result.mapSides, result.maps], [3, [2, 2], [8, 8], 4]);
    // 16 places in each box, and as many others
    assertEquals([result.places, result.seen, result.label], [96, undefined, undefined]);
    assertEquals(result.mark.made.options, { boxes, layer: 2, seed: 1 });
    const refuses = (options: Parameters<typeof dropFiltersExperiment>[2], message: string) =>
      assertRejects(() => dropFiltersExperiment(device, run, options), Error, message);
    await refuses({ boxes, layer: 3 }, '"layer" must be one of the 2 hidden layers, found 3');
    await refuses({ boxes: { seed: 1, boxes: [] } }, "Cannot use the boxes of the options");
    await refuses(
      { label: "skin" },
      '"label" must have labels of its boxes beside it, found "skin": only glasses has',
    );
    await refuses({ absent: "pink" }, '"absent" must be one of none, round, square, found "pink"');
  });
});

gpuTest(
  "dropFiltersExperiment() asks for boxes if the dataset does not say where things are",
  async (device) => {
    await withFolder(async (folder) => {
      const plugin = `${folder}/gray.ts`;
      await Deno.writeTextFile(
        plugin,
        `export default { apiVersion: 1, name: "gray", open: ({ width, height, channels = 3 }) => ({
        length: 50, shape: [height, width, channels], read(_, into) { into.fill(99); } }) };`,
      );
      await trainTiny(device, { data: plugin, steps: 1, out: `${folder}/run` });
      await assertRejects(
        () => dropFiltersExperiment(device, `${folder}/run`, { data: plugin }),
        ConfigError,
        '"boxes" must be given, as the dataset has no labels of where things are',
      );
    });
  },
);
