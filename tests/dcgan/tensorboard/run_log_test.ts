import { assert, assertEquals } from "@std/assert";
import { readScores } from "../../../src/dcgan/scores/scores_file.ts";
import { train } from "../../../src/dcgan/train.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, trainTiny, withFolder } from "../tiny.ts";
import { readEventFiles } from "./read_events.ts";

/** The numbers of a run by step and name, from its own files. */
async function numbersOf(out: string): Promise<Record<string, Record<string, number>>> {
  const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n");
  return Object.fromEntries(lines.map((line) => {
    const { step, ...values } = JSON.parse(line);
    return [step, values];
  }));
}

const options = {
  data: "faces",
  dataOptions: { length: 200 },
  checkpointEvery: 4,
  sampleEvery: 3,
  scoreEvery: 4,
};

gpuTest(
  "train() writes all numbers, scores and samples for TensorBoard, and resumes without steps twice",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      await trainTiny(device, { ...options, steps: 10, out, tensorboard: true });
      // Back to step 4, and on: the option is the run's own
      await Array.fromAsync(train(device, { resume: out, step: 4, steps: 12 }));
      const files = await readEventFiles(out);
      assertEquals(Object.keys(files), ["events.out.tfevents.000002.dcgan"]);
      const [events] = Object.values(files);
      const numbers = await numbersOf(out);
      for (let step = 1; step <= 12; step++) {
        const found = events!.filter((event) => event.step === step);
        const tags = found.flatMap((
          { scalars, images },
        ) => [...Object.keys(scalars), ...Object.keys(images)]);
        assertEquals(tags.length, new Set(tags).size, `twice in step ${step}`);
        const scalars = Object.assign({}, ...found.map(({ scalars }) => scalars));
        const [, ...rest] = Object.keys(numbers[step]!);
        assert(rest.length >= 6);
        for (const [name, value] of Object.entries(numbers[step]!)) {
          const tag = Object.keys(scalars).find((tag) => tag.endsWith(`/${name}`));
          assertEquals(scalars[tag!], Math.fround(value), `${name} of step ${step}`);
        }
      }
      const images = events!.flatMap(({ step, images }) =>
        Object.entries(images).map(([tag, image]) => ({ step, tag, image }))
      );
      assertEquals(images.map(({ step, tag }) => [step, tag]), [[3, "samples"], [6, "samples"], [
        9,
        "samples",
      ], [12, "samples"]]);
      for (const { step, image } of images) {
        assertEquals(image.png, await Deno.readFile(`${out}/samples/step-${`${step}`.padStart(6, "0")}.png`));
        assertEquals([image.height, image.width, image.colorspace], [38, 38, 3]);
      }
      for (const { step, scores } of await readScores(`${out}/scores.jsonl`)) {
        const { scalars } = events!.find((event) => event.step === step && "scores/swd" in event.scalars)!;
        assertEquals(scalars["scores/swd"], Math.fround(scores.swd!.value));
      }
      assertEquals((await readScores(`${out}/scores.jsonl`)).map(({ step }) => step), [4, 8, 12]);
    });
  },
);

gpuTest(
  "train() writes no event file unless it is asked to, and stops when it is told to",
  async (device) => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      await trainTiny(device, { ...options, scoreEvery: 0, steps: 3, out });
      assertEquals((await namesIn(out)).filter((name) => name.includes("events")), []);
      const config = await Deno.readTextFile(`${out}/config.json`);
      assert(!config.includes("tensorboard"), config);
      // From here on, and no longer
      await Array.fromAsync(train(device, { resume: out, steps: 5, tensorboard: true }));
      await Array.fromAsync(train(device, { resume: out, steps: 7, tensorboard: false }));
      const [events] = Object.values(await readEventFiles(out));
      const steps = new Set(events!.map(({ step }) => step).filter((step) => step > 0));
      assertEquals([...steps], [4, 5]);
    });
  },
);

gpuTest("an event file that cannot be written is one warning, and training goes on", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...options, scoreEvery: 0, steps: 2, out });
    await Deno.mkdir(`${out}/events.out.tfevents.000001.dcgan`);
    const events = await Array.fromAsync(train(device, { resume: out, steps: 6, tensorboard: true }));
    const warnings = events.flatMap((event) => event.type === "warning" ? [event.message] : []);
    assertEquals(warnings.length, 1, warnings.join());
    assert(events.some((event) => event.type === "end" && event.step === 6));
  });
});
