import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { svmExperiment } from "../../../../src/dcgan/experiments/svm/svm_experiment.ts";
import { ConfigError } from "../../../../src/dcgan/options/config_issue.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

/** A plugin of pictures in two classes that any features tell apart, with parts to train on and to test with. */
const STRIPES = `export default {
  apiVersion: 1,
  name: "stripes",
  options: { split: { type: "string", description: "part", default: "train", enum: ["train", "test"] } },
  open({ width, height, channels = 3, options }) {
    const start = options.split === "test" ? 1000 : 0;
    return {
      length: options.split === "test" ? 30 : 120,
      shape: [height, width, channels],
      labels: { way: { classes: ["across", "down"], at: (index) => index % 2 } },
      read(indices, into) {
        const each = width * height * channels;
        for (let i = 0; i < into.length; i++) {
          const index = indices[Math.floor(i / each)];
          const pixel = Math.floor(i % each / channels);
          const place = index % 2 === 0 ? Math.floor(pixel / width) : pixel % width;
          into[i] = (place + index + start) % 4 < 2 ? 200 : 40;
        }
      },
    };
  },
};`;

async function withRun(
  body: (run: string, plugin: string) => Promise<void>,
  device: Parameters<typeof trainTiny>[0],
) {
  await withFolder(async (folder) => {
    const plugin = `${folder}/stripes.ts`;
    await Deno.writeTextFile(plugin, STRIPES);
    const run = `${folder}/run`;
    await trainTiny(device, { data: "faces", dataOptions: { length: 100 }, steps: 2, out: run });
    await body(run, plugin);
  });
}

gpuTest("svmExperiment() tells classes of another dataset apart, on its own test part", async (device) => {
  await withRun(async (run, plugin) => {
    const reports: string[] = [];
    const done: number[] = [];
    const result = await svmExperiment(device, run, {
      data: plugin,
      // Features of two steps are small
      c: [1, 100, 1e4],
      report: (message) => void reports.push(message),
      progress: ({ done: images }) => void done.push(images),
    });
    assertEquals([result.trained, result.validation, result.tested, result.hasTestPart], [108, 12, 30, true]);
    assertEquals([result.trainedOn, result.data, result.label, result.classes], [
      "faces",
      "stripes",
      "way",
      2,
    ]);
    // Two convolutions, of 4 and of 8 maps, on 4x4 places
    assertEquals(result.features, 16 * 12);
    assertEquals(result.accuracy, 1);
    assertEquals([result.deviation, result.accuracies.length, result.tried.length], [undefined, 1, 3]);
    assertGreater(result.flop, 0);
    assert(reports.some((message) => message === "Training an SVM on 108 images with C = 100"));
    assertEquals(done.includes(30), true);
  }, device);
});

gpuTest("svmExperiment() says if the values of C are too few to choose from", async (device) => {
  await withRun(async (run, data) => {
    const options = { data, limit: 30, testLimit: 10, validation: 20 };
    const small = await svmExperiment(device, run, { ...options, c: [1e-9, 1e-8] });
    assertEquals(small.warnings.length, 1);
    assertStringIncludes(small.warnings[0]!, "All values of C classify equally well");
    const { warnings, c } = await svmExperiment(device, run, { ...options, c: [1e-9, 1e4] });
    assertEquals([c, warnings], [1e4, [
      "The chosen C, 10000, is the largest that was tried: larger values may do better",
    ]]);
  }, device);
});

gpuTest("svmExperiment() draws images of each class anew, and the same for the same seed", async (device) => {
  await withRun(async (run, plugin) => {
    const options = { data: plugin, perClass: 3, draws: 3, c: [1e-3, 1e-2], validation: 20, testLimit: 20 };
    const first = await svmExperiment(device, run, options);
    assertEquals([first.trained, first.validation, first.tested, first.accuracies.length], [6, 20, 20, 3]);
    const mean = first.accuracies.reduce((sum, one) => sum + one) / 3;
    assertEquals(first.accuracy, mean);
    assertEquals(
      first.deviation,
      Math.sqrt(first.accuracies.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2),
    );
    assertEquals(await svmExperiment(device, run, options), first);
    const single = await svmExperiment(device, run, { ...options, draws: 1, c: [1e-2] });
    assertEquals([single.tried, single.c, single.validation], [[], 1e-2, 0]);
  }, device);
});

gpuTest("svmExperiment() refuses what does not go together or does not fit", async (device) => {
  await withRun(async (run, data) => {
    const refuses = async (
      options: Parameters<typeof svmExperiment>[2],
      // deno-lint-ignore no-explicit-any
      type: new (...args: any[]) => Error,
      message: string,
    ) => void await assertRejects(() => svmExperiment(device, run, { data, ...options }), type, message);
    await refuses({ draws: 2 }, ConfigError, '"draws" needs "perClass"');
    await refuses({ perClass: 2, limit: 10 }, ConfigError, '"limit" cannot be combined');
    await refuses({ perClass: 100 }, RangeError, "Cannot draw 100 images of each class");
    await refuses({ memory: 1e-6 }, RangeError, "their features must take at most 0.000001 GiB");
    await refuses({ validation: 120 }, RangeError, "found 0 and 120");
    await refuses({ c: [] }, RangeError, '"c" must be a list of numbers above 0');
    await refuses({ classes: 3 } as never, TypeError, "has no option 'classes'");
    const signal = AbortSignal.abort(new Error("enough"));
    await refuses({ signal }, Error, "enough");
  }, device);
});

gpuTest(
  "svmExperiment() refuses a run's dataset that is a module, unless it is named again",
  async (device) => {
    await withRun(async (run, plugin) => {
      const config = JSON.parse(await Deno.readTextFile(`${run}/config.json`));
      await Deno.writeTextFile(`${run}/config.json`, JSON.stringify({ ...config, data: plugin }));
      await assertRejects(() => svmExperiment(device, run), ConfigError, "must be given again");
    }, device);
  },
);
