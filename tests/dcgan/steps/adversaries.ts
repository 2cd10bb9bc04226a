import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import type { Architecture } from "../../../src/dcgan/networks/architecture.ts";
import type { Device, Tensor } from "../../../src/gpu/mod.ts";
import { Network, Sgd } from "../../../src/nn/mod.ts";
import { randomValues } from "../../support/random.ts";

/** Networks of a step that takes milliseconds. */
export const small = {
  size: 16,
  channels: 3,
  ngf: 4,
  ndf: 4,
  latent: 5,
  firstLayer: "transposed",
  upsampling: "transposed",
  dNorm: "none",
  gNorm: "none",
} as const;

/** Networks with the same weights each time, their optimizers, and tensors for their steps. */
export function makeAdversaries(
  device: Device,
  options: Partial<Architecture> = {},
  learningRates: { generator?: number; discriminator?: number } = {},
) {
  const architecture = { ...small, ...options };
  const networks = {
    generator: new Network(device, createGenerator(architecture), { seed: 1 }),
    discriminator: new Network(device, createDiscriminator(architecture), { seed: 2 }),
  };
  const optimizer = (name: "generator" | "discriminator") =>
    new Sgd(networks[name], { learningRate: learningRates[name] ?? 0.1 });
  return {
    networks,
    optimizers: { generator: optimizer("generator"), discriminator: optimizer("discriminator") },
  };
}

/** Real images and latent vectors of noise, from -1 to 1; which ones follows from the seed. */
export function noise(device: Device, images: number, vectors: number, seed = 1): {
  real: Tensor;
  latent: Tensor;
} {
  const { size, channels, latent } = small;
  const random = (shape: number[], seed: number) =>
    device.tensor(randomValues(shape.reduce((a, b) => a * b), seed, [-1, 1]), { shape });
  return {
    real: random([images, size, size, channels], 2 * seed),
    latent: random([vectors, latent], 2 * seed + 1),
  };
}
