/**
 * Another loss in another loop: a Wasserstein GAN (Arjovsky, Chintala and Bottou 2017) with the networks of the DCGAN. The
 * critic estimates the distance between real and fake images, E[C(x)] - E[C(G(z))], under clipped weights; the generator
 * makes it smaller.
 *
 *     deno run -A examples/wgan_critic.ts
 */
import { createDiscriminator, createGenerator } from "@x/dcgan";
import { openDataset } from "@x/dcgan/datasets";
import {
  accumulate,
  type Device,
  map,
  mean,
  neg,
  normalizeImages,
  openDevice,
  randomNormal,
  sub,
} from "@x/dcgan/gpu";
import { Network, RmsProp } from "@x/dcgan/nn";

const BATCH = 32;
const SIZE = 16;
const CRITIC_STEPS = 5; // for each step of the generator, as in the paper
const CLIP = "clamp(weights, vec4f(-0.01), vec4f(0.01))";

/** Trains for some steps of the generator on the built-in faces. Returns the critic's distance at each. */
export async function trainWgan(device: Device, steps: number): Promise<number[]> {
  const shape = { size: SIZE, channels: 1, ngf: 16, ndf: 16, latent: 32 } as const;
  const architecture = { ...shape, firstLayer: "transposed", upsampling: "transposed" } as const;
  using generator = new Network(device, createGenerator(architecture), { seed: 1 });
  using critic = new Network(device, createDiscriminator(architecture), { seed: 2 });
  using generatorRule = new RmsProp(generator, { learningRate: 5e-4 });
  using criticRule = new RmsProp(critic, { learningRate: 5e-4 });
  // Recorded draws advance with each run, so both programs see fresh latent vectors; streams keep them apart.
  const latent = (stream: number) => randomNormal(device, [BATCH, shape.latent], { seed: 3, stream });

  const images = { shape: [BATCH, SIZE, SIZE, 1], dtype: "u8" } as const;
  using criticStep = device.program({ images }, ({ images }) => {
    const real = mean(critic.forward(normalizeImages(images)));
    const fake = mean(critic.forward(generator.forward(latent(1)).detach()));
    const distance = sub(real, fake);
    critic.backward([neg(distance)]);
    criticRule.step();
    accumulate(critic.values, map("clip", { weights: critic.values }, CLIP), false);
    return { distance };
  });
  using generatorStep = device.program({}, () => {
    generator.backward([neg(mean(critic.forward(generator.forward(latent(2)))))]);
    generatorRule.step();
    return {};
  });

  await using faces = await openDataset("faces", { size: SIZE, channels: 1 });
  const bytes = new Uint8Array(BATCH * SIZE * SIZE);
  const distances: number[] = [];
  for (let step = 0, next = 0; step < steps; step++) {
    for (let k = 0; k < CRITIC_STEPS; k++) {
      await faces.read(Array.from({ length: BATCH }, () => next++ % faces.length), bytes);
      criticStep.run({ images: bytes });
    }
    distances.push(await criticStep.outputs.distance.item());
    generatorStep.run({});
  }
  return distances;
}

if (import.meta.main) {
  using device = await openDevice();
  for (const [i, distance] of (await trainWgan(device, 200)).entries()) {
    if (i % 20 === 0) console.log(`step ${i + 1}: distance ${distance.toFixed(4)}`);
  }
}
