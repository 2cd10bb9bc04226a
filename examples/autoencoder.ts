/**
 * A network of your own: an autoencoder that compresses faces of 16x16 pixels to 16 numbers and draws them again.
 * Everything comes from `@x/dcgan/gpu` and `@x/dcgan/nn`; it does not use the DCGAN.
 *
 *     deno run -A examples/autoencoder.ts
 */
import { type Device, normalizeImages, openDevice } from "@x/dcgan/gpu";
import { Adam, BatchNorm2d, Conv2d, ConvTranspose2d, mse, Network, Relu, Tanh } from "@x/dcgan/nn";
import { openDataset } from "@x/dcgan/datasets";

const BATCH = 32;
const SIZE = 16;

/** Trains for some steps on the built-in faces, and returns the loss of each. */
export async function trainAutoencoder(device: Device, steps: number): Promise<number[]> {
  using network = new Network(device, [
    // Encoder: 16x16x1 to 8x8x16, to 4x4x32, to 1x1x16
    new Conv2d(1, 16, { kernel: 4, stride: 2, padding: 1 }),
    new Relu(),
    new Conv2d(16, 32, { kernel: 4, stride: 2, padding: 1 }),
    new BatchNorm2d(32),
    new Relu(),
    new Conv2d(32, 16, { kernel: 4 }),
    // Decoder: the same way back
    new ConvTranspose2d(16, 32, { kernel: 4 }),
    new BatchNorm2d(32),
    new Relu(),
    new ConvTranspose2d(32, 16, { kernel: 4, stride: 2, padding: 1 }),
    new BatchNorm2d(16),
    new Relu(),
    new ConvTranspose2d(16, 1, { kernel: 4, stride: 2, padding: 1 }),
    new Tanh(),
  ], { seed: 1 });
  using adam = new Adam(network, { learningRate: 2e-3 });

  // Recorded once: bytes to [-1, 1], forward, loss, backward, update
  using step = device.program({ images: { shape: [BATCH, SIZE, SIZE, 1], dtype: "u8" } }, ({ images }) => {
    const x = normalizeImages(images);
    const loss = mse(network.forward(x), x);
    network.backward([loss]);
    adam.step();
    return { loss };
  });

  await using faces = await openDataset("faces", { size: SIZE, channels: 1 });
  const images = new Uint8Array(BATCH * SIZE * SIZE);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    await faces.read(Array.from({ length: BATCH }, (_, k) => (i * BATCH + k) % faces.length), images);
    step.run({ images });
    losses.push(await step.outputs.loss.item());
  }
  return losses;
}

if (import.meta.main) {
  using device = await openDevice();
  const losses = await trainAutoencoder(device, 300);
  for (const [i, loss] of losses.entries()) {
    if (i % 20 === 0) console.log(`step ${i + 1}: loss ${loss.toFixed(4)}`);
  }
}
