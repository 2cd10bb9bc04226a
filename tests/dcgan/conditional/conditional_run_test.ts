/** Runs whose networks are told the class of each image. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { CLASSES, classNamesOf } from "../../../src/dcgan/checkpoints/class_names.ts";
import { evaluate } from "../../../src/dcgan/evaluate.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { inferDiscriminator } from "../../../src/dcgan/networks/infer_architecture.ts";
import { parseConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import type { SampleOptions } from "../../../src/dcgan/sampling/sample_options.ts";
import { train } from "../../../src/dcgan/train.ts";
import { decodeNpy, decodeSafetensors } from "../../../src/nn/mod.ts";
import { decodePicture, encodePng } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { trainTiny, withFolder } from "../tiny.ts";

const NAMES = ["blue", "green", "red"];

/** A folder with pictures of one color in folders of their names. */
async function drawColors(folder: string, names = NAMES): Promise<string> {
  for (const [channel, name] of names.entries()) {
    await Deno.mkdir(`${folder}/data/${name}`, { recursive: true });
    for (let i = 0; i < 8; i++) {
      const data = Uint8Array.from(
        { length: 16 * 16 * 3 },
        (_, at) => at % 3 === channel % 3 ? 250 - i : 9 * i,
      );
      const png = await encodePng({ width: 16, height: 16, channels: 3, data });
      await Deno.writeFile(`${folder}/data/${name}/${i}.png`, png);
    }
  }
  return `${folder}/data`;
}

gpuTest("train() with classes, and all that follows from it", async (device) => {
  await withFolder(async (folder) => {
    const data = await drawColors(folder);
    const out = `${folder}/run`;
    const dataOptions = { cache: "never", workers: 0 };
    const options = { data, dataOptions, conditional: true, ema: 0.5, samples: 10, scoreEvery: 2, steps: 2 };
    const events = await trainTiny(device, { ...options, out });
    assertEquals(events.filter(({ type }) => type === "warning"), []);
    assert(events.some(({ type }) => type === "score"));
    const config = parseConfig(await Deno.readTextFile(`${out}/config.json`));
    assertEquals([config.conditional, config.classes], ["class", NAMES]);

    // A file of a generator knows its classes by name, and the checkpoint does too
    const file = `${folder}/moved.safetensors`;
    await Deno.copyFile(`${out}/checkpoints/step-000002/generator_ema.safetensors`, file);
    const { metadata } = decodeSafetensors(await Deno.readFile(file));
    assertEquals(classNamesOf({ metadata }, file), NAMES);
    const judging = await Deno.readFile(`${out}/checkpoints/step-000002/discriminator.safetensors`);
    const { tensors, metadata: { size } } = decodeSafetensors(judging);
    assertEquals(size, "16");
    assertEquals(inferDiscriminator(tensors, "D", 3, Number(size)).size, 16);
    const drawn = async (source: string, given: Partial<SampleOptions> = {}) => {
      const to = `${folder}/drawn.npy`;
      const { count } = await sample(device, source, { out: to, format: "npy", ...given });
      const { shape, data } = decodeNpy(await Deno.readFile(to));
      assertEquals(shape[0], count);
      return Array.from({ length: count }, (_, at) => `${data.slice(at * 768, (at + 1) * 768)}`);
    };
    const all = await drawn(file);
    assertEquals([all.length, await drawn(out)], [24, all]);
    // Sample 1 has the same latent vector whichever class it is of
    const greens = await drawn(file, { classes: ["green"], count: 5 });
    assertEquals([greens[1], greens[4]], [all[1], all[4]]);
    assert(greens[0] !== all[0]);
    assertEquals(await drawn(out, { classes: [1, "green"], count: 5 }), greens);

    // Grids have a row for each class, also those of the run
    const grid = `${folder}/grid.png`;
    await sample(device, out, { seed: 3, count: 9, out: grid });
    const [drawnNow, drawnThen] = [grid, `${out}/samples/step-000002.png`].map(async (path) =>
      await decodePicture(await Deno.readFile(path))
    );
    assertEquals(await drawnNow, await drawnThen);

    // The same rows, of the data: blue, green and red
    const real = await decodePicture(await Deno.readFile(`${out}/real.png`));
    const drawnGrid = await decodePicture(await Deno.readFile(grid));
    assertEquals([real.width, real.height], [drawnGrid.width, drawnGrid.height]);
    for (const [row, channel] of [0, 1, 2].entries()) {
      for (const column of [0, 1, 2]) {
        const pixel = ((10 + 18 * row) * real.width + 10 + 18 * column) * real.channels;
        const values = [...real.data.subarray(pixel, pixel + 3)];
        assertEquals(values.indexOf(Math.max(...values)), channel, `${row} ${column}: ${values}`);
      }
    }

    await assertRejects(() => drawn(file, { classes: ["pink"] }), RangeError, 'found "pink"');
    const { scores } = await evaluate(device, out, { count: 30, features: false });
    assert(scores.swd!.value > 0);

    // Its classes stay what they were
    const again = (given: TrainOptions) => Array.fromAsync(train(device, { resume: out, more: 1, ...given }));
    await again({ conditional: true });
    const changed = { data: await drawColors(`${folder}/other`, ["blue", "green", "pink"]) };
    await assertRejects(() => again(changed), ConfigError, '"data" must have the classes that');
    await assertRejects(() => again({ conditional: false }), ConfigError, '"conditional" cannot change');
  });
});

gpuTest("train() and sample() refuse classes where there are none", async (device) => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    const faces = { data: "faces", dataOptions: { length: 20 }, steps: 1, out };
    await assertRejects(
      () => trainTiny(device, { ...faces, conditional: true }),
      ConfigError,
      '"conditional" must name one of the labels "skin", "hair_color", "hair_style", "glasses", "background", found true',
    );
    await trainTiny(device, faces);
    await assertRejects(
      () => sample(device, out, { classes: [0], out: `${folder}/a.png` }),
      RangeError,
      "needs a conditional generator",
    );
    const path = `${out}/checkpoints/step-000001/generator.safetensors`;
    assertEquals(decodeSafetensors(await Deno.readFile(path)).metadata[CLASSES], undefined);
    const metadata = { [CLASSES]: "cat" };
    await assertRejects(
      // deno-lint-ignore require-await
      async () => classNamesOf({ metadata }, "g"),
      SyntaxError,
      'the "classes" in its metadata must be a JSON list of names, found cat',
    );
  });
});
