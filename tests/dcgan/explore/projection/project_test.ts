import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { directions } from "../../../../src/dcgan/explore/directions/directions.ts";
import { interpolate } from "../../../../src/dcgan/explore/interpolate.ts";
import { openGenerator } from "../../../../src/dcgan/explore/open_generator.ts";
import { findLatent } from "../../../../src/dcgan/explore/projection/find_latent.ts";
import { project } from "../../../../src/dcgan/explore/projection/project.ts";
import { psnr } from "../../../../src/dcgan/explore/projection/psnr.ts";
import { decodeNpy } from "../../../../src/nn/mod.ts";
import { decodePicture, encodePng, PictureError, toRgb } from "../../../../src/pictures/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { heldBytes, trainTiny, withFolder } from "../../tiny.ts";

/** Writes the picture that a generator draws of the first latent vector of a seed. */
async function writeSample(
  run: string,
  path: string,
  device: Parameters<typeof openGenerator>[0],
  seed: number,
) {
  using generator = await openGenerator(device, run);
  const data = await generator.draw(generator.latents(seed, 1));
  await Deno.writeFile(path, await encodePng({ width: 16, height: 16, channels: 3, data }));
  return data;
}

Deno.test("psnr() is that of the pixels that count", () => {
  const [a, b] = [Uint8Array.of(0, 0, 0, 9, 9, 9), Uint8Array.of(10, 10, 10, 200, 0, 0)];
  assertAlmostEquals(psnr(a, b, Float32Array.of(1, 0)), 10 * Math.log10(255 ** 2 / 100));
  assertEquals(psnr(a, a, Float32Array.of(1, 1)), Infinity);
});

gpuTest("findLatent() finds pictures again that the generator made, above 35 dB", async (device) => {
  await withFolder(async (out) => {
    await trainTiny(device, { out, steps: 40, sampleEvery: 0, latent: 16, ngf: 8, conditional: "glasses" });
    using generator = await openGenerator(device, out);
    const before = heldBytes(device);
    const classes = [0, 1, 2];
    for (const [seed, label] of [[77, 1], [78, 2]] as const) {
      const picture = await generator.draw(generator.latents(seed, 1), [label]);
      const found = await findLatent(generator, picture, { steps: 200, classes });
      assert(found.psnr > 35, `${found.psnr} dB`);
      // What is said of the picture is true of the latent vector
      const again = await generator.draw(found.latent, [found.label!]);
      assert(psnr(again, found.picture, new Float32Array(256).fill(1)) > 45);
    }
    assertEquals(heldBytes(device), before);
  });
});

gpuTest(
  "project() writes pictures, latents that can be interpolated, and moves along names",
  async (device) => {
    await withFolder(async (folder) => {
      const run = `${folder}/run`;
      await trainTiny(device, { out: run, steps: 1, sampleEvery: 0 });
      for (const seed of [1, 2]) await writeSample(run, `${folder}/${seed}.png`, device, seed);
      await directions(device, run, { count: 1, names: { 1: "light" } });
      const given = { pictures: [`${folder}/1.png`, `${folder}/2.png`], steps: 30, attempts: 2 };
      const [out, latentsOut] = [`${folder}/out.png`, `${folder}/out.npy`];
      const { found, warnings } = await project(device, run, {
        ...given,
        out,
        latentsOut,
        move: { light: 2 },
      });
      assertEquals([found.length, warnings], [2, []]);
      const latents = decodeNpy(await Deno.readFile(latentsOut));
      assertEquals(latents.shape, [2, 8]);
      assertEquals(latents.data, Float32Array.from([...found[0]!.latent, ...found[1]!.latent]));
      const { width } = await decodePicture(await Deno.readFile(out));
      assert(width > 3 * 64 && width < 4 * 64, `${width}`);
      const between = await interpolate(device, run, { latents, steps: 3, out: `${folder}/way.png` });
      assertEquals(between.count, 3);
      // The same call gives the same bytes
      const before = await Deno.readFile(out);
      await project(device, run, { ...given, out, move: { light: 2 } });
      assertEquals(await Deno.readFile(out), before);
    });
  },
);

gpuTest("project() fills a hole, and leaves every other pixel as it is", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0 });
    const picture = await writeSample(run, `${folder}/a.png`, device, 5);
    const hole = Uint8Array.from({ length: 256 }, (_, pixel) => pixel % 16 > 8 && pixel > 160 ? 255 : 0);
    await Deno.writeFile(
      `${folder}/mask.png`,
      await encodePng({ width: 16, height: 16, channels: 1, data: hole }),
    );
    const filledOut = `${folder}/filled.png`;
    const shared = {
      pictures: [`${folder}/a.png`],
      mask: `${folder}/mask.png`,
      steps: 20,
      out: `${folder}/o.png`,
    };
    await project(device, run, { ...shared, filledOut });
    const filled = toRgb(await decodePicture(await Deno.readFile(filledOut))).data;
    let changed = 0;
    for (const [at, level] of picture.entries()) {
      if (hole[Math.floor(at / 3)] === 0) assertEquals(filled[at], level);
      else if (filled[at] !== level) changed++;
    }
    assert(changed > 0);
    const white = await encodePng({
      width: 16,
      height: 16,
      channels: 1,
      data: new Uint8Array(256).fill(255),
    });
    await Deno.writeFile(`${folder}/mask.png`, white);
    await assertRejects(() => project(device, run, shared), RangeError, "found all 16x16 pixels white");
  });
});

gpuTest("project() says what it cannot do, and when a picture is out of reach", async (device) => {
  await withFolder(async (folder) => {
    const run = `${folder}/run`;
    await trainTiny(device, { out: run, steps: 1, sampleEvery: 0 });
    const noise = Uint8Array.from({ length: 768 }, (_, at) => at * 7919 % 256);
    await Deno.writeFile(
      `${folder}/a.png`,
      await encodePng({ width: 16, height: 16, channels: 3, data: noise }),
    );
    const out = `${folder}/o.png`;
    const { warnings } = await project(device, run, { pictures: [`${folder}/a.png`], steps: 5, out });
    assertEquals(warnings.length, 1);
    assert(
      /far from it, \d+\.\d dB: the generator cannot draw such a picture$/.test(warnings[0]!),
      warnings[0],
    );
    const refuses = async (options: object, words: string) => {
      const all = { pictures: [`${folder}/a.png`], out, steps: 5, ...options };
      const error = await project(device, run, all as Parameters<typeof project>[2]).catch((error) => error);
      assert(error instanceof RangeError || error instanceof PictureError, `${error}`);
      assert(error.message.includes(words), error.message);
    };
    await refuses({ pictures: [`${folder}/no.png`] }, "no.png: it must be a picture, found nothing there");
    await refuses({ pictures: [`${run}/config.json`] }, "config.json");
    await refuses({ pictures: ["a", "b"], mask: "m" }, '"mask" needs a single picture, found 2');
    await refuses({ filledOut: "x.png" }, '"filledOut" needs a "mask"');
    await refuses({ move: { no: 1 } }, 'Cannot move along "no"');
    await refuses({ attempts: 0 }, '"attempts" must be a whole number from 1 to 256, found 0');
  });
});
