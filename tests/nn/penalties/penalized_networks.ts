/** Networks whose gradients are penalized in tests, and what is read of them. */
import type { Device, Tensor } from "../../../src/gpu/mod.ts";
import {
  Conv2d,
  LeakyRelu,
  Linear,
  type Module,
  Network,
  normal,
  Relu,
  Reshape,
  Sequential,
} from "../../../src/nn/mod.ts";
import { randomValues } from "../../support/random.ts";

/** Every kind of piece, sizes that are no multiples of four, and an activation whose result has not its argument's sign. */
function tinyLayers(): Module[] {
  return [
    new Conv2d(2, 3, { kernel: 3, stride: 2, padding: 1, weight: normal(0, 0.4) }),
    new LeakyRelu(0.2),
    new Sequential({
      conv: new Conv2d(3, 5, { kernel: 2, weight: normal(0, 0.4), bias: false }),
      activation: new Relu(),
      shape: new Reshape([30]),
      again: new LeakyRelu(0.6),
    }),
    new Linear(30, 7, { weight: normal(0, 0.4) }),
    new LeakyRelu(-0.5),
    new Linear(7, 1, { weight: normal(0, 0.4) }),
  ];
}

/** Layers for images of a size. */
export const TINY = { image: [5, 7, 2], layers: tinyLayers } as const;

/** Gradients of all parameters, by name. */
export async function gradientsOf(network: Network): Promise<Map<string, Float32Array>> {
  const names = [...network.parameters.keys()];
  const values = await network.values.device.read(names.map((name) => network.gradientOf(name)));
  return new Map(names.map((name, position) => [name, values[position] as Float32Array]));
}

/** The discriminator of DCGAN's size 64, without batch norm and biases. */
export function discriminator(device: Device, slope: number, ndf = 16): Network {
  const channels = [3, ndf, 2 * ndf, 4 * ndf, 8 * ndf];
  const modules = channels.slice(1).flatMap((outputs, position) => {
    const weight = normal(0, 1.5 / Math.sqrt(16 * channels[position]!));
    const options = { kernel: 4, stride: 2, padding: 1, bias: false, weight };
    return [new Conv2d(channels[position]!, outputs, options), new LeakyRelu(slope)];
  });
  const weight = normal(0, 1.5 / Math.sqrt(128 * ndf));
  return new Network(device, [...modules, new Conv2d(8 * ndf, 1, { kernel: 4, bias: false, weight })]);
}

const LARGE = [32, 64, 64, 3];

export function largeImages(device: Device): Tensor {
  return device.tensor(randomValues(LARGE.reduce((a, b) => a * b), 3, [-1, 1]), { shape: LARGE });
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}
