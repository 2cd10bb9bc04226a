/**
 * Both networks at sizes at which drivers and floats show their limits: what a large batch gives is what its halves
 * give, pictures and gradients alike.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { Architecture } from "../../../src/dcgan/networks/architecture.ts";
import { createDiscriminator } from "../../../src/dcgan/networks/discriminator.ts";
import { createGenerator } from "../../../src/dcgan/networks/generator.ts";
import { concat, type Device, randomNormal, randomUniform, type Tensor } from "../../../src/gpu/mod.ts";
import { gradientDict, Network } from "../../../src/nn/mod.ts";
import { sidesOf, sizeText } from "../../../src/pictures/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Pictures' sizes with maps and batches at which activations take up to what one binding of 128 MiB holds. */
const SIZES: readonly (Pick<Architecture, "size" | "channels"> & { maps: number; batch: number })[] = [
  { size: 64, channels: 3, maps: 16, batch: 512 },
  { size: 256, channels: 1, maps: 4, batch: 128 },
];

type Gradients = ReadonlyMap<string, { readonly data: ArrayLike<number | bigint> }>;

/** How far the gradients of a batch are from those of its halves together, for the tensor where that is most. */
function worstError(whole: Gradients, halves: readonly Gradients[]): { name: string; error: number } {
  let worst = { name: "", error: -1 };
  for (const [name, { data }] of whole) {
    let [difference, scale] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      const expected = halves.reduce((sum, half) => sum + Number(half.get(name)!.data[i]), 0);
      difference += (Number(data[i]) - expected) ** 2;
      scale += expected ** 2;
    }
    const error = Math.sqrt(difference / scale);
    if (!(error <= worst.error)) worst = { name, error };
  }
  return worst;
}

/** The gradients of a sum of outputs, each with a factor of its own. */
async function gradientsOf(
  network: Network,
  x: Tensor,
  seed: Tensor,
  context: Parameters<Network["forward"]>[1],
): Promise<Gradients> {
  using _scope = x.device.scope();
  network.backward([network.forward(x, context)], { seeds: [seed] });
  return await gradientDict(network);
}

/** Two halves, and both together. */
function halved(device: Device, draw: (device: Device, seed: number) => Tensor): [Tensor, Tensor, Tensor] {
  const [first, second] = [draw(device, 1), draw(device, 2)];
  return [first, second, concat(first, second)];
}

for (const { size, channels, maps, batch } of SIZES) {
  const { width, height } = sidesOf(size);
  const label = `${batch} pictures of ${sizeText(size)}x${channels} with ${maps} maps`;
  const common = { size, channels, ngf: maps, ndf: maps, latent: 16 };

  gpuTest(`the discriminator's gradients for ${label} are those of both halves`, async (device) => {
    const architecture = { ...common, firstLayer: "transposed", upsampling: "transposed" } as const;
    using network = new Network(device, createDiscriminator(architecture), { seed: 1 });
    const shape = [batch / 2, height, width, channels];
    const [a, b, both] = halved(
      device,
      (device, seed) => randomUniform(device, shape, { seed, low: -1, high: 1 }),
    );
    const [ofA, ofB, ofBoth] = halved(
      device,
      (device, seed) => randomNormal(device, [batch / 2, 1, 1, 1], { seed }),
    );
    const whole = await gradientsOf(network, both, ofBoth, { groups: 2 });
    const halves = [await gradientsOf(network, a, ofA, {}), await gradientsOf(network, b, ofB, {})];
    const { name, error } = worstError(whole, halves);
    assert(error < 1e-3, `${name} is off by ${error}`);
  });

  for (const upsampling of ["transposed", "nearest"] as const) {
    // Nearest upsampling takes several times the arithmetic
    const count = upsampling === "nearest" ? batch / 8 : batch;
    gpuTest(
      `the generator's gradients for ${count} of ${label}, ${upsampling}, are those of both halves`,
      async (device) => {
        const architecture = { ...common, firstLayer: "project", upsampling } as const;
        using network = new Network(device, createGenerator(architecture), { seed: 1 });
        const [a, b, both] = halved(
          device,
          (device, seed) => randomNormal(device, [count / 2, 16], { seed }),
        );
        const shape = [count / 2, height, width, channels];
        const [ofA, ofB, ofBoth] = halved(
          device,
          (device, seed) => randomNormal(device, shape, { seed: seed + 2 }),
        );
        const running = { training: false };
        const whole = await gradientsOf(network, both, ofBoth, running);
        const halves = [
          await gradientsOf(network, a, ofA, running),
          await gradientsOf(network, b, ofB, running),
        ];
        const { name, error } = worstError(whole, halves);
        assert(error < 1e-3, `${name} is off by ${error}`);
      },
    );
  }
}
