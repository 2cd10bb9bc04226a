import { assertEquals, assertRejects } from "@std/assert";
import { LabeledSamples } from "../../../../src/dcgan/experiments/neighbors/labeled_samples.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { trainTiny, withFolder } from "../../tiny.ts";

const EACH = 16 * 16 * 3;

gpuTest(
  "LabeledSamples draws classes in turn, or from a generator for each, and any one again",
  async (device) => {
    await withFolder(async (folder) => {
      const [classes, first, second] = ["classes", "first", "second"].map((name) => `${folder}/${name}`);
      await trainTiny(device, { data: "faces", steps: 1, conditional: "glasses", out: classes! });
      await trainTiny(device, { data: "faces", steps: 1, out: first! });
      await trainTiny(device, { data: "faces", steps: 2, seed: 4, out: second! });
      for (const [runs, names] of [[[classes!], 3], [[first!, second!], 2]] as const) {
        using samples = await LabeledSamples.load(device, runs, {});
        assertEquals(samples.classes, names);
        const choice = { count: 133, seed: 9 };
        const all = new Uint8Array(Buffer.concat(await Array.fromAsync(samples.draw(choice))));
        assertEquals(all.length, 133 * EACH);
        const counts = new Array<number>(names).fill(0);
        for (let place = 0; place < 133; place++) counts[samples.classOf(place, choice)]!++;
        assertEquals(Math.max(...counts) - Math.min(...counts), 1);
        const places = [0, 66, 67, 132];
        for (const [at, bytes] of (await samples.drawAt(places, choice)).entries()) {
          const start = places[at]! * EACH;
          assertEquals([places[at], bytes], [places[at], all.slice(start, start + EACH)]);
        }
      }
      using pair = await LabeledSamples.load(device, [first!, second!], {});
      // Their last steps are 1 and 2
      assertEquals(pair.origin, { name: "first, second", step: undefined, weights: "raw" });
      await assertRejects(
        () => LabeledSamples.load(device, [first!], {}),
        RangeError,
        "it must be conditional",
      );
      await assertRejects(
        () => LabeledSamples.load(device, [first!, classes!], {}),
        RangeError,
        "without classes",
      );
      const small = `${folder}/small`;
      await trainTiny(device, { data: "faces", steps: 1, channels: 1, out: small });
      await assertRejects(
        () => LabeledSamples.load(device, [first!, small], {}),
        RangeError,
        "they must be of 16x16 and 3 channels, found 16x16 and 1 channels",
      );
    });
  },
);
