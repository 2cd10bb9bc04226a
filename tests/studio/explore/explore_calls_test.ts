/// <reference lib="dom" />
/** What the studio draws is what the command line draws, on the same device. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { arithmetic } from "../../../src/dcgan/explore/arithmetic/arithmetic.ts";
import { directions } from "../../../src/dcgan/explore/directions/directions.ts";
import { interpolate } from "../../../src/dcgan/explore/interpolate.ts";
import { openGenerator } from "../../../src/dcgan/explore/open_generator.ts";
import { findLatent } from "../../../src/dcgan/explore/projection/find_latent.ts";
import { sample } from "../../../src/dcgan/sample.ts";
import { decodeNpy } from "../../../src/files/npy.ts";
import { decodePicture, encodePng, markOf } from "../../../src/pictures/mod.ts";
import { exploreCalls } from "../../../studio/explore/calls.ts";
import type { Drawn } from "../../../studio/explore/drawn.ts";
import { Source } from "../../../studio/explore/source/source.ts";
import { partOf, pictureIn } from "../../dcgan/explore/run_for_pictures.ts";
import { gpuTest, withoutF16 } from "../../support/gpu.ts";
import { withSource } from "../with_source.ts";

/** Picture `at` of some. */
function pictureAt({ pictures: { data, count } }: Drawn, at: number): Uint8Array {
  const length = data.length / count;
  return data.subarray(at * length, (at + 1) * length);
}

/** Latent vector `at` of some. */
function latentAt({ latents, pictures: { count } }: Drawn, at: number): Float32Array {
  const length = latents.length / count;
  return latents.subarray(at * length, (at + 1) * length);
}

for (const [kind, options] of Object.entries({ plain: {}, conditional: { conditional: "glasses" } })) {
  gpuTest(`explore.random draws what sample() writes, of a ${kind} generator`, async (device) => {
    await withSource(device, async (engine, run, folder) => {
      const out = `${folder}/samples`;
      await sample(device, run, { count: 5, seed: 7, out, format: "images" });
      const drawn = await exploreCalls["explore.random"](engine, { seed: 7, first: 1, count: 4 });
      for (let at = 0; at < 4; at++) {
        const files = [...Deno.readDirSync(out)].map(({ name }) => name).filter((name) =>
          name.endsWith(".png")
        );
        const picture = await pictureIn(`${out}/${files.sort()[at + 1]}`);
        assertEquals(pictureAt(drawn, at), picture.data);
      }
    }, options);
  });
}

gpuTest("explore.random multiplies latents with the truncation", async (device) => {
  await withSource(device, async (engine, run) => {
    using generator = await openGenerator(device, run, { truncation: 0.5 });
    const drawn = await exploreCalls["explore.random"](engine, { seed: 7, count: 2, truncation: 0.5 });
    assertEquals(drawn.latents, generator.latents(7, 2));
    assertEquals(drawn.pictures.data, await generator.draw(drawn.latents));
  });
});

gpuTest(
  "explore.square draws the grid of interpolate(), and explore.inSquare a place of it",
  async (device) => {
    await withSource(device, async (engine, run, folder) => {
      const out = `${folder}/square.png`;
      await interpolate(device, run, { seeds: [1, 2, 3, 4], layout: "grid", steps: 5, padding: 0, out });
      const corners = [];
      for (const seed of [1, 2, 3, 4]) {
        corners.push((await exploreCalls["explore.random"](engine, { seed, count: 1 })).latents);
      }
      const given = {
        corners: corners as unknown as Parameters<typeof exploreCalls["explore.square"]>[1]["corners"],
      };
      const drawn = await exploreCalls["explore.square"](engine, { ...given, steps: 5 });
      const grid = await pictureIn(out);
      for (let at = 0; at < 25; at++) {
        assertEquals(pictureAt(drawn, at), partOf(grid, 16 * (at % 5), 16 * Math.floor(at / 5), 16, 16));
      }
      const one = await exploreCalls["explore.inSquare"](engine, {
        ...given,
        place: { across: 0.75, down: 0.5 },
      });
      assertEquals(one.latents, latentAt(drawn, 13));
      assertEquals(one.pictures.data, pictureAt(drawn, 13));
    });
  },
);

gpuTest("explore.sum has the latent of arithmetic(), and its pictures", async (device) => {
  await withSource(device, async (engine, run, folder) => {
    const groups = { a: ["1:0", "1:4"], b: ["1:2"], c: ["1:7", "1:9"] } as const;
    const { latent } = await arithmetic(device, run, { ...groups, seed: 3, out: `${folder}/sum.png` });
    const drawn = await exploreCalls["explore.random"](engine, { seed: 1, count: 10 });
    const of = (places: readonly string[]) =>
      places.map((place) => latentAt(drawn, Number(place.split(":")[1])));
    const { result, means, direction } = await exploreCalls["explore.sum"](engine, {
      a: of(groups.a),
      b: of(groups.b),
      c: of(groups.c),
      seed: 3,
    });
    assertEquals(latentAt(result, 4), latent!);
    assertEquals([means.pictures.count, result.pictures.count], [3, 9]);
    assertAlmostEquals(Math.hypot(...direction), 1, 1e-6);
    using generator = await openGenerator(device, run);
    assertEquals(result.pictures.data, await generator.draw(result.latents));
  });
});

gpuTest("explore.move goes along the directions of weights as directions() does", async (device) => {
  await withSource(device, async (engine, run, folder) => {
    const found = await directions(device, run, { count: 3, out: `${folder}/directions.png` });
    const vectors = await exploreCalls["explore.directions"](engine);
    assertEquals(vectors.slice(0, 3), found.directions.map(({ vector }) => vector));
    const { latents } = await exploreCalls["explore.random"](engine, { seed: 1, count: 1 });
    const moves = [{ vector: vectors[1]!, sigmas: -2 }];
    const moved = await exploreCalls["explore.move"](engine, { latent: latents, moves });
    const expected = latents.map((value, at) => Math.fround(value - 2 * vectors[1]![at]!));
    assertEquals(moved.latents, expected);
  });
});

gpuTest("explore.search finds what findLatent() finds of a photo", async (device) => {
  await withSource(device, async (engine, run) => {
    using generator = await openGenerator(device, run);
    const data = await generator.draw(generator.latents(11, 1));
    const file = await encodePng({ width: 16, height: 16, channels: 3, data });
    const photo = await exploreCalls["explore.photo"](engine, { file });
    assertEquals(photo.data, data);
    const { drawn, psnr } = await exploreCalls["explore.search"](engine, { photo, steps: 20 });
    const expected = await findLatent(generator, data, { steps: 20 });
    assertEquals(drawn.latents, expected.latent);
    assertEquals([drawn.pictures.data, psnr], [expected.picture, expected.psnr]);
  });
});

gpuTest("explore.stop ends a search", async (device) => {
  await withSource(device, async (engine) => {
    const { pictures } = await exploreCalls["explore.random"](engine, { seed: 2, count: 1 });
    const search = exploreCalls["explore.search"](engine, { photo: pictures, steps: 100_000 });
    exploreCalls["explore.stop"](engine);
    await assertRejects(() => search, DOMException);
  });
});

gpuTest("explore.png, explore.film and explore.latents give files that others read", async (device) => {
  await withSource(device, async (engine) => {
    const drawn = await exploreCalls["explore.random"](engine, { seed: 1, count: 4 });
    const png = await exploreCalls["explore.png"](engine, { drawn, columns: 2, what: "4 samples" });
    const picture = await decodePicture(png);
    assertEquals([picture.width, picture.height], [38, 38]);
    assertEquals(
      markOf(png)?.description,
      "4 samples from run at step 2, generated by a neural network (DCGAN)",
    );
    const stops = [0, 1, 2].map((at) => latentAt(drawn, at));
    const film = await exploreCalls["explore.film"](engine, { stops, steps: 3 });
    assertEquals(new TextDecoder().decode(film.subarray(8, 12)), "WEBP");
    const first = await decodePicture(film);
    assertEquals([first.width, first.height], [256, 256]);
    const file = await exploreCalls["explore.latents"](engine, { latents: drawn.latents });
    assertEquals(decodeNpy(file), { shape: [4, 8], data: Float32Array.from(drawn.latents) });
    const read = await exploreCalls["explore.openLatents"](engine, { file, name: "latents.npy" });
    assertEquals(read, drawn);
  });
});

gpuTest("a file of a generator alone is opened, and has no discriminator", async (device) => {
  await withSource(device, async (engine, run) => {
    const before = Source.of(engine).facts[0]!;
    assert(before.hasDiscriminator);
    await Source.of(engine).open(
      `${run}/checkpoints/step-000002/generator.safetensors`,
      "generator.safetensors",
    );
    const [facts] = Source.of(engine).facts;
    assertEquals([facts!.hasDiscriminator, facts!.name, facts!.latent], [false, "generator.safetensors", 8]);
    await assertRejects(
      () => Source.of(engine).open(`${run}/config.json`, "config.json"),
      Error,
      "config.json",
    );
    // What was open stays open
    assertEquals(Source.of(engine).facts[0]!.id, facts!.id);
    await Source.of(engine).close();
    assertEquals(Source.of(engine).facts, []);
    await assertRejects(() => exploreCalls["explore.random"](engine, { seed: 1, count: 1 }), Error, "none");
  });
});

gpuTest("networks whose GPU was lost are said to be, and are closed", async (device) => {
  await withSource(device, async (engine) => {
    const { loaded, discriminator } = await Source.of(engine).use((used) => Promise.resolve(used));
    using _generator = loaded.generator;
    using _discriminator = discriminator!.network;
    engine.device = () => Promise.resolve(withoutF16(device));
    const draw = () => exploreCalls["explore.random"](engine, { seed: 1, count: 1 });
    await assertRejects(draw, Error, "Cannot go on with run: the GPU was lost");
    assertEquals(Source.of(engine).facts, []);
  });
});
