import { assertEquals } from "@std/assert";
import {
  augmentImages,
  type Device,
  drawAugmentation,
  gradients,
  linearAugmentation,
  mean,
  mul,
  type Tensor,
} from "../../../src/gpu/mod.ts";
import { Conv2d, LeakyRelu, Network, normal, penalizedBackward } from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const GAMMAS = [3, 0.7];

/** A critic of images of an edge, without biases. Its last layer takes the whole map. */
function critic(device: Device, edge: number, slope: number): Network {
  const half = (inputs: number, outputs: number, seed: number) => [
    new Conv2d(inputs, outputs, { kernel: 4, stride: 2, padding: 1, bias: false, weight: normal(0, seed) }),
    new LeakyRelu(slope),
  ];
  return new Network(device, [
    ...half(3, 8, 0.2),
    ...half(8, 8, 0.1),
    new Conv2d(8, 1, { kernel: edge / 4, bias: false, weight: normal(0, 0.1) }),
  ], { seed: 3 });
}

/** Images, and how they are augmented. */
function setUp(device: Device, [count, edge]: readonly [number, number]) {
  const shape = [count, edge, edge, 3];
  const images = device.tensor(randomValues(count * edge * edge * 3, 1, [-1, 1]), { shape });
  const parameters = drawAugmentation(device, count, { size: [edge, edge], seed: 2 });
  return { images, parameters, through: linearAugmentation(parameters) };
}

/** The mean of all logits, which no gamma changes. */
const loss = (logits: Tensor) => mean(logits);

async function gradientsOf(network: Network): Promise<Map<string, Float32Array>> {
  const names = [...network.parameters.keys()];
  const values = await network.values.device.read(names.map((name) => network.gradientOf(name)));
  return new Map(names.map((name, position) => [name, values[position] as Float32Array]));
}

gpuTest("penalizedBackward() through an augmentation penalizes gradients at what went in", async (device) => {
  using network = critic(device, 8, 0.2);
  const { images, parameters, through } = setUp(device, [4, 8]);
  const augmented = augmentImages(images, parameters);
  const pass = penalizedBackward(network, augmented, loss, GAMMAS, { through });
  const [expected] = gradients([network.forward(augmented)], [images]);
  const [found, wanted, penalties] = await device.read([pass.imageGradients, expected!, pass.penalties]);
  assertClose(found!, wanted!, { relative: 1e-4, absolute: 1e-6 }, "gradients at images");
  const squares = Array.from(wanted!, (value) => value ** 2);
  const half = squares.length / 2;
  const sums = [squares.slice(0, half), squares.slice(half)].map((of) => of.reduce((a, b) => a + b));
  assertClose(penalties!, sums.map((sum, k) => GAMMAS[k]! / 2 * sum / 2), {
    relative: 1e-5,
    absolute: 0,
  }, "penalties");
});

gpuTest(
  "penalizedBackward() through an augmentation agrees with differences of the penalty",
  async (device) => {
    // A slope of 1 has no kinks, so that penalty and loss are polynomials of second degree of each weight
    for (const [count, edge] of [[4, 8], [16, 64]] as const) {
      using network = critic(device, edge, 1);
      const { images, parameters, through } = setUp(device, [count, edge]);
      const augmented = augmentImages(images, parameters);
      const penalty = async () => {
        using _scope = device.scope();
        const none = (logits: Tensor) => mul(mean(logits), 0);
        const { penalties } = penalizedBackward(network, augmented, none, GAMMAS, { through });
        return (await penalties.data()).reduce((a, b) => a + b);
      };
      await penalty();
      const found = await gradientsOf(network);
      for (const [position, [name, { tensor }]] of [...network.parameters].entries()) {
        const values = Float64Array.from(await tensor.data());
        const direction = randomValues(values.length, position + 5, [-0.05, 0.05]);
        const at = async (shift: number) => {
          tensor.set(values.map((value, i) => value + shift * direction[i]!));
          return await penalty();
        };
        const difference = (await at(1) - await at(-1)) / 2;
        tensor.set(values);
        const slope = found.get(name)!.reduce((sum, value, i) => sum + value * direction[i]!, 0);
        assertClose([slope], [difference], { relative: 1e-3, absolute: 1e-6 }, `${name} at ${edge}`);
      }
    }
  },
);

gpuTest(
  "penalizedBackward() through an augmentation doubles the penalty along each layer",
  async (device) => {
    using network = critic(device, 8, 0.2);
    const { images, parameters, through } = setUp(device, [4, 8]);
    const augmented = augmentImages(images, parameters);
    const none = (logits: Tensor) => mul(mean(logits), 0);
    const { penalties } = penalizedBackward(network, augmented, none, GAMMAS, { through });
    const total = (await penalties.data()).reduce((a, b) => a + b);
    // Without biases a layer's weights times 1 + h move no kink, and make the penalty (1 + h)^2 as large
    for (const [name, gradient] of await gradientsOf(network)) {
      const values = await network.parameters.get(name)!.tensor.data();
      const slope = gradient.reduce((sum, value, i) => sum + value * values[i]!, 0);
      assertClose([slope], [2 * total], { relative: 1e-4, absolute: 0 }, name);
    }
  },
);

gpuTest("penalizedBackward() through what changes nothing is as without", async (device) => {
  using network = critic(device, 8, 0.2);
  const { images } = setUp(device, [4, 8]);
  const still = drawAugmentation(device, 4, { size: [8, 8], seed: 2, probability: 0 });
  penalizedBackward(network, images, loss, GAMMAS);
  const plain = await gradientsOf(network);
  penalizedBackward(network, images, loss, GAMMAS, { through: linearAugmentation(still) });
  assertEquals(await gradientsOf(network), plain);
});
