import { assert, assertEquals, assertRejects } from "@std/assert";
import { openGenerator } from "../../../src/dcgan/explore/open_generator.ts";
import { optionsOfMark, readMark } from "../../../src/dcgan/explore/marks/read_mark.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import type { SampleOptions } from "../../../src/dcgan/sampling/sample_options.ts";
import { decodeNpy } from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { partOf, pictureIn, withPictures } from "../explore/run_for_pictures.ts";
import { tiny } from "../tiny.ts";

gpuTest("sample() lays out a grid of its own, with padding and scale", async (device) => {
  await withPictures(device, async (folder, run) => {
    const out = `${folder}/a.png`;
    const plain = await sample(device, run, { count: 1, out }).then(() => pictureIn(out));
    assertEquals([plain.width, plain.height], [16, 16]);
    const { count } = await sample(device, run, { grid: "3x5", padding: 1, scale: 2, out });
    const grid = await pictureIn(out);
    assertEquals([count, grid.width, grid.height], [15, 3 * 33 + 1, 5 * 33 + 1]);
    // The first picture, each pixel a square
    const first = partOf(grid, 1, 1, 32, 32);
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        const [to, from] = [3 * (32 * y + x), 3 * (16 * (y >> 1) + (x >> 1))];
        assertEquals(first.subarray(to, to + 3), plain.data.subarray(from, from + 3));
      }
    }
    await sample(device, run, { count: 1, padding: 2, out });
    assertEquals((await pictureIn(out)).width, 20);
    await sample(device, run, { count: 2, scale: 3, format: "images", out: `${folder}/images` });
    assertEquals((await pictureIn(`${folder}/images/000001.png`)).width, 48);
  });
});

gpuTest(
  "sample() draws samples of seeds, and given latents, and writes those that it used",
  async (device) => {
    await withPictures(device, async (folder, run) => {
      const pixels = async (options: Partial<SampleOptions>) => {
        const out = `${folder}/p.png`;
        await sample(device, run, { padding: 0, out, ...options });
        return (await pictureIn(out)).data;
      };
      const saved = `${folder}/z.npy`;
      const all = await pixels({ seed: 7, count: 4, truncation: 0.5, saveLatents: saved });
      const latents = decodeNpy(await Deno.readFile(saved));
      assertEquals(latents.shape, [4, tiny.latent]);
      using generator = await openGenerator(device, run);
      assertEquals(latents.data, generator.latents(7, 4).map((value) => value / 2));
      assertEquals(await pixels({ latents }), all);
      const seeds = await pixels({ seeds: ["7:0", "7:1", "7:2", "7:3"], truncation: 0.5 });
      assertEquals(seeds, all);
      // PyTorch's shape of noise
      const { data } = latents;
      assertEquals(await pixels({ latents: { shape: [4, tiny.latent, 1, 1], data } }), all);
    });
  },
);

gpuTest("sample() refuses what cannot be drawn or laid out, by name", async (device) => {
  await withPictures(device, async (folder, run) => {
    const refuses = async (options: Partial<SampleOptions>, words: string) => {
      const { message } = await assertRejects(
        () => sample(device, run, { out: `${folder}/x.png`, ...options }),
        RangeError,
      );
      assert(message.includes(words), message);
    };
    const data = new Float32Array(8);
    await refuses({ grid: "2x2", count: 9 }, `"grid" must have a place for each of 9 pictures, found 2x2`);
    await refuses({ grid: 3, format: "npy" }, `"grid" needs format "grid", found "npy"`);
    await refuses({ scale: 2, format: "npy" }, `"scale" needs format "grid" or "images", found "npy"`);
    await refuses({ seeds: [1], seed: 1 }, `"seed" cannot be combined with "seeds"`);
    await refuses({ seeds: [1, 2], count: 3 }, `"count" must be 2, as many as "seeds" has, found 3`);
    await refuses({ latents: { shape: [2, 4], data } }, "of my run have 8 numbers, found 4");
    await refuses({ latents: { shape: [2, 5], data } }, `"latents" must be latent vectors`);
    await refuses({ latents: { shape: [1, 8], data: data.map(() => NaN) } }, "finite, found NaN in vector 0");
    await refuses({ latents: { shape: [1, 2, 2, 2], data }, map: "3x2" }, `"map" must be 2x2, found 3x2`);
    await refuses({ count: 4096, scale: 64 }, "a picture has at most 67108864 pixels");
    await refuses({ map: "257x1" }, `"map" must be columns x rows`);
    await refuses({ truncation: -1 }, `"truncation" must be a number from 0 and up to 1`);
  });
});

gpuTest(
  "sample() draws larger pictures from a latent map, the same for a map of one vector",
  async (device) => {
    await withPictures(device, async (folder, run) => {
      const draw = async (options: Partial<SampleOptions>) => {
        await sample(device, run, { format: "npy", out: `${folder}/m.npy`, ...options });
        return decodeNpy(await Deno.readFile(`${folder}/m.npy`));
      };
      // Maps of 4x4 become 6x5, doubled twice
      const { shape } = await draw({ map: "3x2", count: 3 });
      assertEquals(shape, [3, 3, 20, 24]);
      // A map of equal vectors: far from its sides, each of its places is a sum of the same
      const vector = Float32Array.from({ length: tiny.latent }, (_, i) => Math.sin(i));
      const repeated = (places: number) =>
        Float32Array.from({ length: tiny.latent * places }, (_, i) => vector[Math.floor(i / places)]!);
      const { data } = await draw({ latents: { shape: [1, tiny.latent, 12, 12], data: repeated(144) } });
      const size = 4 * 15;
      const pixel = (y: number, x: number) => data[y * size + x]!;
      for (const [y, x] of [[28, 28], [29, 30], [30, 27]] as const) {
        assert(
          Math.abs(pixel(y, x) - pixel(y, x + 4)) < 1e-5 && Math.abs(pixel(y, x) - pixel(y + 4, x)) < 1e-5,
        );
      }
      // Turning the map turns the picture's layout, not its channels
      const one = await draw({ seed: 2, count: 1 });
      const { data: same } = await draw({ seed: 2, count: 1, map: 1 });
      assertEquals(same, one.data);
    }, { firstLayer: "transposed" });
  },
);

gpuTest("sample() refuses a latent map for a dense projection, and for classes", async (device) => {
  const words = `"map" needs one without classes whose first layer is a transposed convolution, found`;
  await withPictures(device, async (folder, run) => {
    await assertRejects(
      () => sample(device, run, { map: 2, out: `${folder}/x.png` }),
      RangeError,
      `${words} one that begins with a dense projection in my run`,
    );
  }, { firstLayer: "project" });
});

gpuTest("sample() marks its pictures, and a mark's options draw the same bytes again", async (device) => {
  await withPictures(device, async (folder, run) => {
    const options = { count: 6, seed: 9, grid: "3x2", scale: 2, truncation: 0.8, from: 2 } as const;
    const out = `${folder}/a.png`;
    await sample(device, run, { ...options, out });
    const mark = await readMark(out);
    assertEquals(mark?.description, "6 samples from my run at step 2, generated by a neural network (DCGAN)");
    assertEquals([mark?.made.run, mark?.made.step], ["my run", 2]);
    const text = new TextDecoder().decode(await Deno.readFile(out));
    assert(!text.includes(folder), "the folder of the run is in the file");
    const again = optionsOfMark(mark, "sample", out);
    await sample(device, run, { ...again, out: `${folder}/b.png` });
    assertEquals(await Deno.readFile(`${folder}/b.png`), await Deno.readFile(out));

    await sample(device, run, { count: 3, seed: 9, format: "images", out: `${folder}/images` });
    const one = `${folder}/images/000002.png`;
    assertEquals((await readMark(one))?.made.options, { seeds: ["9:2"] });
    await sample(device, run, { ...optionsOfMark(await readMark(one), "sample", one), out });
    assertEquals(await Deno.readFile(out), await Deno.readFile(one));

    await sample(device, run, { ...options, mark: false, out });
    assertEquals(await readMark(out), undefined);
    await assertRejects(
      async () => optionsOfMark(await readMark(out), "sample", "a.png"),
      RangeError,
      "found none",
    );
    const samples = await readMark(`${run}/samples/step-000002.png`);
    assertEquals(samples?.made, { command: "train", step: 2, options: { count: 4, seed: 3 } });
    assertEquals(await readMark(`${run}/real.png`), undefined);
  });
});
