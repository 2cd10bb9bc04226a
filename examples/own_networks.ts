/**
 * Networks of your own in the training of the DCGAN: a generator that enlarges its maps without transposed convolutions, and
 * a discriminator with max pooling and dropout. All else, such as batches, optimizers, averages and checkpoints, is that of a
 * usual run.
 *
 *     deno run -A examples/own_networks.ts
 */
import { openBatches, resolveConfig, restoreCheckpoint, Trainer, writeCheckpoint } from "@x/dcgan";
import { openDataset } from "@x/dcgan/datasets";
import { type Device, openDevice } from "@x/dcgan/gpu";
import * as nn from "@x/dcgan/nn";

const LATENT = 32;

/** From `[batch, 32]` to `[batch, 16, 16, 1]`. */
function generatorLayers(): nn.Module[] {
  return [
    new nn.Linear(LATENT, 4 * 4 * 32),
    new nn.Reshape([4, 4, 32]),
    new nn.Relu(),
    new nn.UpsampleNearest(2),
    new nn.Conv2d(32, 16, { kernel: [3, 5], padding: [1, 2] }),
    new nn.BatchNorm2d(16),
    new nn.Relu(),
    new nn.UpsampleNearest(2),
    new nn.Conv2d(16, 1, { kernel: 3, padding: 1 }),
    new nn.Tanh(),
  ];
}

/** From `[batch, 16, 16, 1]` to a logit for each image. */
function discriminatorLayers(): nn.Module[] {
  return [
    new nn.Conv2d(1, 16, { kernel: 3, padding: 2, dilation: 2 }),
    new nn.LeakyRelu(0.2),
    new nn.MaxPool2d({ kernel: 2 }),
    new nn.Dropout({ rate: 0.3 }),
    new nn.Conv2d(16, 32, { kernel: 4, stride: 2, padding: 1, groups: 2 }),
    new nn.LeakyRelu(0.2),
    new nn.Reshape([4 * 4 * 32]),
    new nn.Linear(4 * 4 * 32, 1, { output: "f32" }),
  ];
}

/** Trains for some steps on the built-in faces, saves and restores a checkpoint half-way. Returns the losses of D. */
export async function trainOwnNetworks(device: Device, folder: string, steps: number): Promise<number[]> {
  const config = resolveConfig({ size: 16, channels: 1, latent: LATENT, batch: 16, ema: 0.99, steps });
  const parts = { generator: generatorLayers, discriminator: discriminatorLayers };
  await using faces = await openDataset("faces", { size: 16, channels: 1, options: { length: 512 } });
  const losses: number[] = [];
  let path = "";
  for (const end of [Math.ceil(steps / 2), steps]) {
    using batches = openBatches(device, faces, config);
    using trainer = new Trainer(device, config, batches, parts);
    if (path) await restoreCheckpoint({ path, step: losses.length }, trainer);
    while (trainer.steps < end) await trainer.next();
    const numbers = await trainer.metrics();
    losses.push(
      ...numbers.map(({ discriminatorLossReal, discriminatorLossFake }) =>
        discriminatorLossReal + discriminatorLossFake
      ),
    );
    path = await writeCheckpoint(folder, trainer);
  }
  return losses;
}

if (import.meta.main) {
  using device = await openDevice();
  const losses = await trainOwnNetworks(device, "runs/own-networks", 300);
  for (const [i, loss] of losses.entries()) {
    if (i % 20 === 0) console.log(`step ${i + 1}: loss of D ${loss.toFixed(3)}`);
  }
}
