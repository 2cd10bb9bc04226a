import { Buffer } from "node:buffer";
import { assert, assertEquals } from "@std/assert";
import { openDataset } from "../../../plugins/datasets/mod.ts";
import { Device } from "../../../src/gpu/mod.ts";
import { openBatches } from "../../../src/dcgan/batches/open_batches.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import type { TrainOptions } from "../../../src/dcgan/options/options.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { f16Test, gpuTest } from "../../support/gpu.ts";
import { peersInProcess } from "./peers_in_process.ts";

const TINY = { size: 16, ngf: 8, ndf: 8, latent: 8, batch: 16 } as const;

/** All that so many ranks leave behind after some steps, each with its own trainer on one device, and their metrics. */
async function trained(
  device: Device,
  options: TrainOptions,
  ranks: number,
  steps: number,
): Promise<ArrayLike<number>[][]> {
  const { size = TINY.size, channels = 3 } = options;
  await using dataset = await openDataset("faces", { size, channels, options: { length: 100 } });
  const labels = dataset.labels[`${options.conditional}`]?.classes;
  const label = labels ? { label: { name: `${options.conditional}`, classes: labels } } : {};
  const config = resolveConfig({ ...TINY, ...options }, { channels, ...label });
  return await Promise.all(
    peersInProcess(ranks).map(async (peers) => {
      using batches = openBatches(device, dataset, config, undefined, peers);
      using trainer = new Trainer(device, config, batches, { ranks: peers });
      for (let step = 0; step < steps; step++) await trainer.next();
      const numbers = (await trainer.metrics()).map((row) => Object.values(row).map(Number));
      const state = [trainer.generator, trainer.discriminator].flatMap((network) => [
        network.values,
        ...[...network.statistics.values()].map(({ tensor }) => tensor),
      ]);
      const values = await device.read([...state, ...trainer.state().values()]);
      return [...numbers, ...values];
    }),
  );
}

const RECIPES: Record<string, TrainOptions> = {
  plain: {},
  "16-bit floats": { precision: "f16" },
  "nearest upsampling, gray": { upsampling: "nearest", channels: 1, kernel: 5, loss: "hinge" },
  "other shapes and schedules": {
    size: "24x16",
    gNorm: "none",
    optimizer: "adamw",
    weightDecay: 0.01,
    schedule: "cosine",
    warmup: 1,
  },
  classes: { conditional: "hair_style", gSteps: 2 },
  "gradients passed in 16 bits": { exchange: "f16" },
  "both in 16 bits": { exchange: "f16", precision: "f16", clip: 1 },
  "local batch norm": { bn: "local" },
  "R3GAN's loss": { dNorm: "none", loss: "rpgan", r1: 1, r2: 1, ema: 0.9, clip: 1 },
  "several updates": { dSteps: 2, gSteps: 2, labelFlip: 0.1, instanceNoise: 0.1, flip: true },
  "adaptive augmentation": {
    augment: ["color", "translation"],
    augmentTarget: 0.6,
    pack: 2,
    dNorm: "none",
    loss: "wasserstein",
    gradientPenalty: 10,
  },
};

for (const [name, options] of Object.entries(RECIPES)) {
  const test = options.precision === "f16" ? f16Test : gpuTest;
  test(`Trainer finds the same bits with 1, 2, 4 and 8 ranks: ${name}`, async (device) => {
    const [[expected]] = [await trained(device, { ...options, shards: 8 }, 1, 3)];
    assert(expected!.every((values) => Array.from(values).every(Number.isFinite)));
    for (const ranks of [2, 4, 8]) {
      for (const found of await trained(device, { ...options, shards: 8 }, ranks, 3)) {
        assertEquals(found, expected);
      }
    }
  });
}

gpuTest("Trainer in shards takes the step of the whole batch", async (device) => {
  const [whole] = await trained(device, {}, 1, 1);
  const [shards] = await trained(device, { shards: 8 }, 1, 1);
  for (const [at, values] of whole!.entries()) {
    const scale = Math.max(...Array.from(values, Math.abs));
    const error = Math.max(...Array.from(values, (value, i) => Math.abs(value - shards![at]![i]!)));
    // Adam's first step is the sign of a gradient, which tiny ones lose
    assert(error <= (at === 1 || at === 5 ? 1e-3 : 1e-4) * scale, `${at}: ${error} of ${scale}`);
  }
});

gpuTest(
  "Trainer finds the same bits with 1 and 2 ranks where gradients are passed in pieces",
  async (device) => {
    // The ring of step numbers is bound whatever the networks are
    const limits = { ...device.adapter.limits, maxStorageBufferBindingSize: 4096 * 10 * 4 };
    const narrow = new Device(device.gpu, { ...device.adapter, limits }, device.capabilities);
    for (const exchange of ["f32", "f16"] as const) {
      const options = { ngf: 32, ndf: 32, shards: 4, exchange };
      const [expected] = await trained(narrow, options, 1, 2);
      for (const found of await trained(narrow, options, 2, 2)) assertEquals(found, expected);
      // Norms of gradients, which are among the numbers of the two steps, are added up in another order
      const [whole] = await trained(device, options, 1, 2);
      assertEquals(expected!.slice(2), whole!.slice(2));
    }
    narrow.ledger.destroyAll();
  },
);

gpuTest("Trainer passes gradients in 16 bits with an error of 16 bits", async (device) => {
  const gradientsOf = async (exchange: "f32" | "f16"): Promise<Float32Array> => {
    const config = resolveConfig({ ...TINY, shards: 8, exchange }, { channels: 3 });
    using trainer = new Trainer(device, config);
    trainer.step(new Uint8Array(16 * 16 * 16 * 3).map((_, at) => at * 37 % 256));
    const [values] = await device.read([trainer.discriminator.gradients]);
    return values as Float32Array;
  };
  const [exact, rounded] = [await gradientsOf("f32"), await gradientsOf("f16")];
  const scale = Math.max(...exact.map(Math.abs));
  const error = Math.max(...exact.map((value, at) => Math.abs(value - rounded[at]!)));
  assert(error > 0 && error < 2 ** -9 * scale, `${error} of ${scale}`);
});

gpuTest("Trainer finds the same bits with 1 and 2 ranks at the size people use", async (device) => {
  const options = { size: 64, ngf: 64, ndf: 64, latent: 100, batch: 64, shards: 4 } as const;
  const [expected] = await trained(device, options, 1, 1);
  const [found, other] = await trained(device, options, 2, 1);
  const bytesOf = (values: ArrayLike<number>) => new Uint8Array(Float64Array.from(values).buffer);
  const isSame = (one: readonly ArrayLike<number>[]) =>
    one.every((values, at) => Buffer.compare(bytesOf(values), bytesOf(expected![at]!)) === 0);
  assert(expected!.reduce((sum, { length }) => sum + length, 0) > 6_000_000);
  assert(isSame(found!) && isSame(other!));
});
