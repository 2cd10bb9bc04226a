import { assert, assertEquals, assertRejects } from "@std/assert";
import { arithmetic } from "../../../../src/dcgan/explore/arithmetic/arithmetic.ts";
import { readNamedDirections } from "../../../../src/dcgan/explore/directions/named_directions.ts";
import { cosine } from "../../../../src/dcgan/explore/directions/vectors.ts";
import { openGenerator } from "../../../../src/dcgan/explore/open_generator.ts";
import { decodePicture } from "../../../../src/pictures/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { heldBytes, trainTiny, withFolder } from "../../tiny.ts";

gpuTest("arithmetic() adds and subtracts means of samples that are named by place", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0 });
    const out = `${folder}/a.png`;
    const groups = { a: ["1:5", "1:70"], b: [7], c: ["2:1", "2:2", "2:3"] } as const;
    const result = await arithmetic(device, run, { ...groups, out });
    assertEquals(result.shows, "result");
    assertEquals<unknown>(result.groups, groups);
    using generator = await openGenerator(device, run);
    const at = (seed: number, sample: number) => generator.latents(seed, sample + 1).subarray(sample * 8);
    for (let i = 0; i < 8; i++) {
      const expected = (at(1, 5)[i]! + at(1, 70)[i]!) / 2 - at(7, 0)[i]! +
        (at(2, 1)[i]! + at(2, 2)[i]! + at(2, 3)[i]!) / 3;
      assert(Math.abs(result.latent![i]! - expected) < 1e-5);
    }
    // Nine columns, and a row for the means below three samples
    const { width, height } = await decodePicture(await Deno.readFile(out));
    assert(width >= 9 * 64 && width < 9 * 72 && height >= 4 * 64 && height < 5 * 80, `${width}x${height}`);

    const vector = await arithmetic(device, run, { a: groups.a, b: groups.b, out, name: "glasses" });
    assertEquals(vector.shows, "vector");
    const named = (await readNamedDirections(run)).get("glasses")!;
    assert(cosine(named.vector, vector.latent!) > 1 - 1e-6);
  });
});

gpuTest("arithmetic() draws numbered samples if no groups are given", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0, conditional: "glasses", data: "faces" });
    const before = heldBytes(device);
    const write = async (out: string) => {
      const { shows, latent } = await arithmetic(device, run, { count: 5, seed: 3, out });
      assertEquals([shows, latent], ["samples", undefined]);
      return await Deno.readFile(out);
    };
    assertEquals(await write(`${folder}/a.png`), await write(`${folder}/b.png`));
    assertEquals(heldBytes(device), before);
  });
});

gpuTest("arithmetic() chooses samples by what the dataset's labels say", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    const dataOptions = { length: 300 };
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0, data: "faces", dataOptions });
    const out = `${folder}/a.png`;
    const { groups } = await arithmetic(device, run, {
      a: ["turn=high"],
      b: ["turn=low"],
      exemplars: 4,
      out,
    });
    assertEquals([groups.a!.length, groups.b!.length], [4, 4]);
    // None is both
    assertEquals(new Set([...groups.a!, ...groups.b!]).size, 8);
    const refuses = async (options: object, words: string) => {
      const all = { out, ...options } as Parameters<typeof arithmetic>[2];
      await assertRejects(() => arithmetic(device, run, all), RangeError, words);
    };
    await refuses({ a: ["age=old"], b: [1] }, 'found "age"');
    await refuses(
      { a: ["glasses=pink"], b: [1] },
      'by glasses: it must be one of none, round, square, found "pink"',
    );
    await refuses({ a: ["turn=left"], b: [1] }, 'by turn: it must be one of high, low, found "left"');
    await refuses({ a: [1] }, '"a" and "b" must be given together');
    await refuses({ c: [1] }, '"a" and "b" must be given together');
    await refuses({ a: ["x"], b: [1] }, '"a" must be samples, as 1:5,1:9');
    await refuses({ name: "x" }, 'Cannot name a vector: "a" and "b" must be given');
    await refuses({ a: [1], b: [2], name: "3" }, "its name must be a word");
  });
});
