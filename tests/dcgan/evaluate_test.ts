import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { evaluate } from "../../src/dcgan/evaluate.ts";
import { ConfigError } from "../../src/dcgan/options/config_issue.ts";
import { SCORE_NAMES } from "../../src/dcgan/scores/score.ts";
import { gpuTest } from "../support/gpu.ts";
import { namesIn, trainTiny, withFolder } from "./tiny.ts";

gpuTest(
  "evaluate() trains a classifier of the data once, and finds the same scores with it again",
  async (device) => {
    await withFolder(async (folder) => {
      const before = Deno.env.get("XDG_CACHE_HOME");
      Deno.env.set("XDG_CACHE_HOME", `${folder}/cache`);
      using _restored = new DisposableStack();
      _restored.defer(() =>
        before === undefined ? Deno.env.delete("XDG_CACHE_HOME") : Deno.env.set("XDG_CACHE_HOME", before)
      );
      const out = `${folder}/run`;
      await trainTiny(device, { data: "faces", dataOptions: { length: 300 }, steps: 4, out });
      const reports: string[] = [];
      const done: number[] = [];
      const options = { count: 60, report: (message: string) => void reports.push(message) };
      const first = await evaluate(device, out, {
        ...options,
        progress: (one) => {
          if (one.what === "training the classifier") done.push(one.done);
          assert(one.total === undefined || one.done <= one.total);
        },
      });
      assertEquals(Object.keys(first.scores).toSorted(), [...SCORE_NAMES].toSorted());
      assertEquals([first.step, first.samples, first.pictures, first.seed], [4, 60, 60, 1]);
      // How often depends on how far the GPU is behind
      assertGreater(done.length, 0);
      assertEquals(done, done.toSorted((a, b) => a - b));
      assert(
        reports.some((message) => message.startsWith("Training a classifier on 270 labeled images")),
        `${reports}`,
      );
      assertEquals((await namesIn(`${folder}/cache/x-dcgan/classifiers`)).length, 1);

      reports.length = 0;
      const second = await evaluate(device, out, options);
      assertEquals(second, first);
      assert(!reports.some((message) => message.startsWith("Training")), `${reports}`);
      // Other samples have other scores
      const other = await evaluate(device, out, { ...options, seed: 2, features: false });
      assert(other.scores.swd!.value !== first.scores.swd!.value);
    });
  },
);

gpuTest("evaluate() refuses what it cannot score, naming the option", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { data: "faces", dataOptions: { length: 60 }, steps: 2, out });
    const refuses = async (options: Parameters<typeof evaluate>[2], words: string): Promise<void> => {
      await assertRejects(() => evaluate(device, out, options), ConfigError, words);
    };
    await refuses({ count: 19 }, '"count" must be');
    await refuses({ count: 100.5 }, '"count" must be');
    await refuses({ from: 7 }, '"from" must be that of a checkpoint');
    // Before the data is read
    await refuses({ emaLength: 0.07, report: () => assert(false) }, "keeps none. Train with --ema-snapshots");
    await assertRejects(() => evaluate(device, `${folder}/none`), Error, `${folder}/none`);
    // Data that is not what it was trained on
    const other = `${folder}/other`;
    await trainTiny(device, { data: "faces", dataOptions: { length: 50 }, steps: 1, out: other });
    const path = `${out}/config.json`;
    const config = await Deno.readTextFile(path);
    const { pictures } = JSON.parse(await Deno.readTextFile(`${other}/config.json`));
    await Deno.writeTextFile(
      path,
      JSON.stringify({ ...JSON.parse(config), pictures: pictures.replace(/./, "0") }),
    );
    await refuses({ count: 20 }, "must be the images that");
  });
});
