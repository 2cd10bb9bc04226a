/// <reference lib="dom" />
/** What See inside shows is what the networks compute. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { DiscriminatorFeatures } from "../../../src/dcgan/experiments/networks/discriminator_features.ts";
import { loadDiscriminator } from "../../../src/dcgan/experiments/networks/load_discriminator.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { normalizeImages } from "../../../src/gpu/mod.ts";
import { stateDict } from "../../../src/nn/mod.ts";
import { exploreCalls } from "../../../studio/explore/calls.ts";
import { Source } from "../../../studio/explore/source/source.ts";
import { insideCalls } from "../../../studio/inside/calls.ts";
import { heatOf } from "../../../studio/inside/worker/looks.ts";
import { mapsAsGray } from "../../../studio/inside/worker/maps.ts";
import { watchStep, weightChanges } from "../../../studio/inside/worker/one_step.ts";
import { differenceOf } from "../../../studio/inside/page/difference.ts";
import { Engine } from "../../../studio/engine/engine.ts";
import { batchOf, makeTrainer, tiny } from "../../dcgan/tiny.ts";
import { gpuTest } from "../../support/gpu.ts";
import { withSource } from "../with_source.ts";

gpuTest("inside.look gives the discriminator's logits, and heat from 0 to 255", async (device) => {
  await withSource(device, async (engine, run) => {
    const { pictures } = await exploreCalls["explore.random"](engine, { seed: 1, count: 3 });
    const { logits, heat } = await insideCalls["inside.look"](engine, { pictures, guided: false });
    const loaded = await loadDiscriminator(device, run);
    using discriminator = loaded.discriminator;
    const { count, width, height, channels, data } = pictures;
    const shape = [count, height, width, channels];
    const images = normalizeImages(device.tensor(data, { shape, dtype: "u8" }));
    assertEquals(logits, await discriminator.forward(images, { training: false }).data());
    assertEquals(heat.length, count * width * height);
    for (let at = 0; at < count; at++) {
      assertEquals(Math.max(...heat.subarray(at * width * height, (at + 1) * width * height)), 255);
    }
    const guided = await insideCalls["inside.look"](engine, { pictures, guided: true });
    assertEquals(guided.logits, logits);
    assert(guided.heat.some((level, at) => level !== heat[at]));
  });
});

gpuTest("inside.look works with classes, and refuses the guided variant there", async (device) => {
  await withSource(device, async (engine) => {
    const { pictures, labels } = await exploreCalls["explore.random"](engine, { seed: 1, count: 2 });
    const { logits } = await insideCalls["inside.look"](engine, { pictures, labels, guided: false });
    assertEquals(logits.length, 2);
    const look = () => insideCalls["inside.look"](engine, { pictures, labels, guided: true });
    await assertRejects(look, RangeError, "classes");
  }, { conditional: "glasses" });
});

Deno.test("heatOf() takes the largest slope of a pixel, of the largest in its picture", () => {
  const shape = { count: 2, width: 2, height: 1, channels: 3, data: new Uint8Array() } as const;
  const slopes = Float32Array.of(0, -4, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0);
  assertEquals(heatOf(slopes, shape), Uint8Array.of(255, 128, 0, 0));
});

Deno.test("mapsAsGray() stretches each map from black to white, and counts those that are flat", () => {
  const values = Float32Array.of(1, 5, 3, 5, 2, 5, 1, 5);
  assertEquals(mapsAsGray(values, 2), { bytes: Uint8Array.of(0, 255, 128, 0, 0, 0, 0, 0), flat: 1 });
});

gpuTest("inside.generatorMaps and inside.discriminatorMaps give all layers", async (device) => {
  await withSource(device, async (engine, run) => {
    const drawn = await exploreCalls["explore.random"](engine, { seed: 1, count: 1 });
    const layers = await insideCalls["inside.generatorMaps"](engine, { latent: drawn.latents });
    assertEquals(layers.map(({ channels, maps }) => [channels, maps.count, maps.width, maps.height]), [
      [8, 8, 4, 4],
      [4, 4, 8, 8],
      [3, 3, 16, 16],
    ]);
    assertEquals(layers.map(({ layers }) => layers), [
      "ConvTranspose2d, BatchNorm2d, ReLU",
      "ConvTranspose2d, BatchNorm2d, ReLU",
      "ConvTranspose2d, Tanh",
    ]);
    const own = await insideCalls["inside.discriminatorMaps"](engine, { picture: drawn.pictures });
    const loaded = await loadDiscriminator(device, run);
    using discriminator = loaded.discriminator;
    const images = device.tensor(drawn.pictures.data, { shape: [1, 16, 16, 3], dtype: "u8" });
    const features = new DiscriminatorFeatures(discriminator, loaded.architecture);
    for (const [at, maps] of features.maps(normalizeImages(images)).entries()) {
      const { bytes, flat } = mapsAsGray(await maps.data() as Float32Array, maps.shape[3]!);
      assertEquals([own[at]!.maps.data, own[at]!.flat], [bytes, flat]);
    }
    assertEquals(own.length, 2);
  });
});

Deno.test("weightChanges() measures each weight beside its own length, and no statistics", () => {
  const tensor = (...values: number[]) =>
    ({ dtype: "F32", shape: [values.length], data: Float32Array.from(values) }) as const;
  const before = new Map([
    ["main.0.weight", tensor(3, 4.5)],
    ["main.1.weight", tensor(0, 0)],
    ["main.1.bias", tensor(0, 0)],
    ["main.1.running_mean", tensor(1, 1)],
  ]);
  const after = new Map([
    ["main.0.weight", tensor(3, 4)],
    ["main.1.weight", tensor(1, 2)],
    ["main.1.bias", tensor(0, 0)],
    ["main.1.running_mean", tensor(2, 2)],
  ]);
  assertEquals(weightChanges(before, after), [
    { name: "main.0.weight", count: 2, change: 0.1 },
    { name: "main.1.weight", count: 2, change: 1 },
    { name: "main.1.bias", count: 2, change: 0 },
  ]);
});

Deno.test("differenceOf() shows changes around gray, the largest as far as it goes", () => {
  const pictures = (...data: number[]) =>
    ({ count: 1, width: 3, height: 1, channels: 1, data: Uint8Array.from(data) }) as const;
  const { pictures: { data }, most } = differenceOf(pictures(10, 20, 30), pictures(14, 20, 28));
  assertEquals([[...data], most], [[255, 128, 64], 4]);
});

gpuTest("watchStep() tells which network learned, and by how much", async (device) => {
  using trainer = makeTrainer(device);
  const { generator, discriminator, sampled } = trainer;
  const config = resolveConfig(tiny);
  const engine = new Engine(() => Promise.resolve(device), () => {});
  const facts = { id: 1, name: "tiny", config, step: 0, parameters: { generator: 1, discriminator: 1 } };
  engine.model = { facts, sampled, generator, discriminator };
  const before = await stateDict(generator);
  const change = await watchStep(engine, async () => {
    trainer.step(batchOf(0));
    await device.settled();
  });
  assertEquals(change.generator, weightChanges(before, await stateDict(generator)));
  assert(change.discriminator.every(({ change }) => change > 0 && change <= 1));
  assert(change.before.data.some((level, at) => level !== change.after.data[at]));
  assert(change.logits.every(Number.isFinite));
  const still = await watchStep(engine, () => Promise.resolve());
  assert([...still.generator, ...still.discriminator].every(({ change }) => change === 0));
  assertEquals(still.before, still.after);
  assertAlmostEquals(still.logits[0], change.logits[1], 1e-6);
  engine.model = undefined;
  await assertRejects(() => watchStep(engine, () => Promise.resolve()), Error, "none");
  assertEquals(Source.of(engine).facts, []);
});
