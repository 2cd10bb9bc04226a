/**
 * A loss of your own: least squares with targets that make both networks minimize the Pearson chi-squared divergence (Mao et
 * al. 2016, section 3.3): -1 for fake images, 1 for real ones, and 0 for the generator.
 *
 *     deno run -A examples/custom_loss.ts
 */
import { type CustomLoss, openBatches, resolveConfig, type StepNumbers, Trainer } from "@x/dcgan";
import { openDataset } from "@x/dcgan/datasets";
import { add, type Device, mean, mul, openDevice, square, sub } from "@x/dcgan/gpu";

/** Half of the mean squared distance between logits and a target. */
const distance = (logits: Parameters<typeof square>[0], target: number) =>
  mul(mean(square(sub(logits, target))), 0.5);

const pearson: CustomLoss = {
  discriminator: (real, fake) => add(distance(real, 1), distance(fake, -1)),
  generator: (fake) => distance(fake, 0),
};

/** Trains for some steps on the built-in faces. Returns the numbers of each. */
export async function trainPearson(device: Device, steps: number): Promise<StepNumbers[]> {
  const config = resolveConfig({
    size: 16,
    channels: 1,
    ngf: 8,
    ndf: 8,
    batch: 16,
    dNorm: "none",
    r1: 0.1,
    steps,
  });
  await using faces = await openDataset("faces", { size: 16, channels: 1, options: { length: 512 } });
  using batches = openBatches(device, faces, config);
  using trainer = new Trainer(device, config, batches, { loss: pearson });
  for (let step = 0; step < steps; step++) await trainer.next();
  return await trainer.metrics();
}

if (import.meta.main) {
  using device = await openDevice();
  for (const [i, { generatorLoss, dReal, dFake }] of (await trainPearson(device, 300)).entries()) {
    if (i % 20 > 0) continue;
    console.log(
      `step ${i + 1}: loss of G ${generatorLoss.toFixed(3)}, D(x) ${dReal.toFixed(3)}, D(G(z)) ${
        dFake.toFixed(3)
      }`,
    );
  }
}
