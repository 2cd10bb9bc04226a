import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { sample } from "../../../src/dcgan/sample.ts";
import { decodeSafetensors } from "../../../src/nn/mod.ts";
import { decodePicture } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, trainTiny, withFolder } from "../tiny.ts";

const averaged = {
  data: "faces",
  dataOptions: { length: 60 },
  steps: 6,
  checkpointEvery: 3,
  ema: 0.9,
} as const;

gpuTest("train() with ema keeps the averaged generator, and draws from it", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await trainTiny(device, { ...averaged, out });
    const checkpoint = `${out}/checkpoints/step-000006`;
    assertEquals((await namesIn(checkpoint)).toSorted(), [
      "discriminator.safetensors",
      "generator.safetensors",
      "generator_ema.safetensors",
      "training.safetensors",
    ]);
    const drawn = async (source: string, options = {}): Promise<Uint8Array> => {
      const to = `${folder}/drawn.npy`;
      await sample(device, source, { count: 4, mark: false, out: to, ...options });
      return await Deno.readFile(to);
    };
    const usual = await drawn(out);
    assertEquals(await drawn(`${checkpoint}/generator_ema.safetensors`), usual);
    assertEquals(await drawn(checkpoint), usual);
    const current = await drawn(out, { ema: false });
    assertNotEquals(current, usual);
    assertEquals(await drawn(`${checkpoint}/generator.safetensors`), current);
    // The grids of the run are drawn from the average too
    const grid = `${folder}/grid.png`;
    await sample(device, out, { count: 4, seed: 3, out: grid });
    const pixelsOf = async (path: string) => await decodePicture(await Deno.readFile(path));
    assertEquals(await pixelsOf(grid), await pixelsOf(`${out}/samples/step-000006.png`));
  });
});

gpuTest(
  "the average is part of a checkpoint: it is checked, and a run without one is as before",
  async (device) => {
    await withFolder(async (folder) => {
      const [out, plain] = [`${folder}/run`, `${folder}/plain`];
      await trainTiny(device, { ...averaged, out });
      await trainTiny(device, { ...averaged, ema: 0, out: plain });
      const read = async (run: string) =>
        decodeSafetensors(await Deno.readFile(`${run}/checkpoints/step-000006/generator.safetensors`))
          .tensors;
      assertEquals(await read(plain), await read(out));
      await Deno.remove(`${out}/checkpoints/step-000006/generator_ema.safetensors`);
      const events = await trainTiny(device, { resume: out, more: 4 });
      const warning = events.find((event) => event.type === "warning");
      assert(
        warning?.type === "warning" && warning.message.includes("generator_ema.safetensors"),
        `${warning}`,
      );
      assertEquals(events.at(-1)!.type, "end");
      await assertRejects(
        () => trainTiny(device, { resume: plain, more: 2, ema: 0.9 }),
        Error,
        "cannot change",
      );
    });
  },
);
