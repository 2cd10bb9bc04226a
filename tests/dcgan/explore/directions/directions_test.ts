import { assert, assertEquals, assertRejects } from "@std/assert";
import { directions } from "../../../../src/dcgan/explore/directions/directions.ts";
import { decodePicture } from "../../../../src/pictures/mod.ts";
import { readMark } from "../../../../src/dcgan/explore/marks/read_mark.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { heldBytes, trainTiny, withFolder } from "../../tiny.ts";

gpuTest("directions() draws a strip for each direction and sample, and keeps names", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0 });
    const before = heldBytes(device);
    const out = `${folder}/a.png`;
    const shared = { seeds: [1, "7:3"], out } as const;
    const found = await directions(device, run, { ...shared, count: 3, names: { 2: "light" } });
    assertEquals(found.directions.map(({ name }) => name), ["1", "light", "3"]);
    assertEquals(found.namesPath, `${run}/directions.json`);
    const strips = await Deno.readFile(out);
    const { height } = await decodePicture(strips);
    // Two rows for each of three directions, of pictures that are enlarged to 64 pixels
    assert(height >= 6 * 64 && height < 7 * 80, `${height}`);
    assertEquals((await readMark(out))?.made?.command, "directions");
    const again = await directions(device, run, { ...shared, named: ["light"] });
    assertEquals(again.directions[0]!.source, "weights 2");
    for (const [i, value] of again.directions[0]!.vector.entries()) {
      assert(Math.abs(value - found.directions[1]!.vector[i]!) < 1e-6);
    }
    const measured = await directions(device, run, { method: "pictures", samples: 64, count: 2 });
    assertEquals(measured.directions.map(({ source }) => source), ["pictures 1", "pictures 2"]);
    assertEquals(heldBytes(device), before);
  });
});

gpuTest("directions() gives the same bytes again", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0, conditional: "glasses", data: "faces" });
    const write = async (out: string) => {
      await directions(device, run, { method: "pictures", samples: 64, count: 2, out });
      return await Deno.readFile(out);
    };
    assertEquals(await write(`${folder}/a.png`), await write(`${folder}/b.png`));
  });
});

gpuTest("directions() says what it cannot do", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0 });
    const refuses = async (options: Parameters<typeof directions>[2], words: string) => {
      await assertRejects(() => directions(device, run, options), RangeError, words);
    };
    await refuses({ count: 0 }, '"count" must be a whole number from 1 to 2048, found 0');
    await refuses({ count: 3, names: { 4: "x" } }, "Cannot name direction 4: its number must be from 1 to 3");
    await refuses({ names: { 1: "x", 2: "x" } }, "each must have a name of its own");
    await refuses({ method: "pictures", samples: 20 }, "at least 32");
    await refuses({ method: "factors", labels: ["age"] }, "each must be one of skin, hair_color");
    await refuses({ named: ["no"] }, 'Cannot move along "no"');
    const weights = `${run}/checkpoints/step-000001/generator.safetensors`;
    await assertRejects(
      () => directions(device, weights, { method: "factors" }),
      RangeError,
      "it must be the folder of a run, which knows its dataset, found a file",
    );
  });
});
