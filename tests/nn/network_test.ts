import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type Device, mul, sum, type Tensor } from "../../src/gpu/mod.ts";
import { sizeOf } from "../../src/gpu/tensor/shape.ts";
import {
  Adam,
  BatchNorm2d,
  constant,
  Conv2d,
  ConvTranspose2d,
  LeakyRelu,
  Linear,
  type Module,
  mse,
  Network,
  type NetworkOptions,
  normal,
  Relu,
  SCALING,
  Sequential,
  Tanh,
} from "../../src/nn/mod.ts";
import { assertClose } from "../support/close.ts";
import { gpuTest } from "../support/gpu.ts";
import { randomValues } from "../support/random.ts";

/** Layers whose parameters are no multiples of 64 elements, so that there is padding between all of them. */
function makeLayers(): Module {
  return new Sequential({
    main: new Sequential([
      new Conv2d(3, 5, { kernel: 3, bias: false }),
      new BatchNorm2d(5),
      new LeakyRelu(0.2),
      new Conv2d(5, 7, { kernel: 2 }),
    ]),
    fc: new Linear({ height: 2, width: 2, channels: 7 }, 2),
  });
}

const INPUT = [4, 5, 5, 3];

function makeInput(device: Device, seed = 1): Tensor {
  return device.tensor(randomValues(sizeOf(INPUT), seed, [-1, 1]), { shape: INPUT });
}

/** Bytes on the GPU, without those that only wait to be used again. */
function heldBytes(device: Device): number {
  device.trim();
  return device.ledger.read().bytes;
}

/** The values of all parameters with this init, in one row. */
async function firstValues(device: Device, options: NetworkOptions): Promise<Float32Array> {
  using network = new Network(device, makeLayers(), options);
  return await network.values.data();
}

function meanAndDeviation(values: Float32Array): [mean: number, deviation: number] {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const square = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(square)];
}

gpuTest(
  "Network names parameters and statistics, and shapes them at the border, as PyTorch does",
  (device) => {
    using network = new Network(device, makeLayers());
    assertEquals([...network.parameters].map(([name, { layout }]) => [name, layout.shape]), [
      ["main.0.weight", [5, 3, 3, 3]],
      ["main.1.weight", [5]],
      ["main.1.bias", [5]],
      ["main.3.weight", [7, 5, 2, 2]],
      ["main.3.bias", [7]],
      ["fc.weight", [2, 28]],
      ["fc.bias", [2]],
    ]);
    assertEquals([...network.statistics].map(([name, { shape }]) => [name, shape]), [
      ["main.1.running_mean", [5]],
      ["main.1.running_var", [5]],
      ["main.1.num_batches_tracked", [1]],
    ]);
  },
);

gpuTest("Network.parameterCount counts what is trained, without padding and statistics", (device) => {
  using network = new Network(device, makeLayers());
  assertEquals(network.parameterCount, 135 + 5 + 5 + 140 + 7 + 56 + 2);
  assertEquals(network.values.size, 192 + 64 + 64 + 192 + 64 + 64 + 64);
  using none = new Network(device, [new Relu()]);
  assertEquals(none.parameterCount, 0);
});

gpuTest(
  "Network starts as the same bytes for a seed and stream, and as others for other ones",
  async (device) => {
    const values = await firstValues(device, { seed: 7, stream: 2 });
    assertEquals(await firstValues(device, { seed: 7, stream: 2 }), values);
    assertNotEquals(await firstValues(device, { seed: 8, stream: 2 }), values);
    assertNotEquals(await firstValues(device, { seed: 7, stream: 3 }), values);
    assertEquals(await firstValues(device, {}), await firstValues(device, { seed: 0, stream: 0 }));
  },
);

gpuTest("Network starts equal layers of one network differently", async (device) => {
  using network = new Network(device, [new Linear(8, 8), new Linear(8, 8)]);
  const [first, second] = await device.read(["0.weight", "1.weight"].map((name) => {
    return network.parameters.get(name)!.tensor;
  }));
  assertNotEquals(first, second);
});

gpuTest("Network starts the DCGAN's weights as N(0, 0.02) and gains as N(1, 0.02)", async (device) => {
  using network = new Network(
    device,
    [
      new ConvTranspose2d(100, 64, { kernel: 4, bias: false, weight: normal(0, 0.02) }),
      new BatchNorm2d(4096, { weight: normal(1, 0.02) }),
    ],
    { seed: 1, stream: 1 },
  );
  const read = async (name: string) => await network.parameters.get(name)!.tensor.data();
  for (const [name, expected] of [["0.weight", 0], ["1.weight", 1]] as const) {
    const values = await read(name);
    const [mean, deviation] = meanAndDeviation(values);
    // Four standard errors of each.
    assertClose([mean], [expected], { relative: 0, absolute: 4 * 0.02 / Math.sqrt(values.length) }, name);
    assertClose([deviation], [0.02], { relative: 4 / Math.sqrt(2 * values.length), absolute: 0 }, name);
    const beyond = values.filter((value) => Math.abs(value - expected) > 0.04).length / values.length;
    assert(Math.abs(beyond - 0.0455) < 0.015, `${name} has ${beyond} of its values beyond two deviations`);
  }
  assertEquals(await read("1.bias"), new Float32Array(4096));
  const statistics = [...network.statistics.values()].map(({ tensor }) => tensor);
  assertEquals(await device.read(statistics), [
    new Float32Array(4096),
    new Float32Array(4096).fill(1),
    new Uint32Array(1),
  ]);
});

gpuTest(
  "Network starts layers as PyTorch does by default: uniform within 1 / sqrt(fan-in)",
  async (device) => {
    using network = new Network(device, [
      new Linear(100, 300),
      new Conv2d(16, 32, { kernel: 3 }),
      new ConvTranspose2d(16, 32, { kernel: 3 }),
      new Linear(4, 4, { weight: constant(0.5), bias: false }),
    ]);
    // PyTorch counts a transposed convolution's output channels.
    const fans = { 0: 100, 1: 16 * 9, 2: 32 * 9 };
    for (const [layer, fan] of Object.entries(fans)) {
      const bound = 1 / Math.sqrt(fan);
      const weight = await network.parameters.get(`${layer}.weight`)!.tensor.data();
      const bias = await network.parameters.get(`${layer}.bias`)!.tensor.data();
      const largest = Math.max(...weight.map(Math.abs));
      assert(largest <= bound && largest > 0.99 * bound, `layer ${layer} reaches ${largest} of ${bound}`);
      assert(bias.every((value) => Math.abs(value) <= bound) && bias.some((value) => value !== 0));
      const [mean, deviation] = meanAndDeviation(weight);
      assertClose([mean], [0], { relative: 0, absolute: 4 * bound / Math.sqrt(3 * weight.length) }, layer);
      assertClose([deviation], [bound / Math.sqrt(3)], { relative: 0.02, absolute: 0 }, layer);
    }
    assertEquals(await network.parameters.get("3.weight")!.tensor.data(), new Float32Array(16).fill(0.5));
  },
);

gpuTest("Network keeps zeros between its parameters, through backward and steps", async (device) => {
  using network = new Network(device, makeLayers());
  using adam = new Adam(network, { learningRate: 0.1, weightDecay: 0.1 });
  const target = device.tensor(randomValues(8, 9, [-1, 1]), { shape: [4, 2] });
  using step = device.program({ x: INPUT }, ({ x }) => {
    network.backward([mse(network.forward(x), target)]);
    adam.step();
  });
  const before = await network.values.data();
  for (let t = 0; t < 5; t++) step.run({ x: randomValues(sizeOf(INPUT), t, [-1, 1]) });
  const [values, gradients] = await device.read([network.values, network.gradients]);
  let start = 0;
  for (const [name, { shape }] of network.parameters) {
    const [end, next] = [start + sizeOf(shape), Math.ceil((start + sizeOf(shape)) / 64) * 64];
    assertNotEquals(values!.slice(start, end), before.slice(start, end), `${name} was not trained`);
    for (const row of [before, values!, gradients!]) {
      assertEquals(row.slice(end, next), new Float32Array(next - end), `padding after ${name}`);
    }
    start = next;
  }
});

gpuTest("Network.backward() adds the gradients of several losses, over what was there", async (device) => {
  using network = new Network(device, makeLayers());
  const weighted = (seed: number) => {
    const y = network.forward(makeInput(device, seed));
    return sum(mul(y, device.tensor(randomValues(y.size, seed + 50, [-1, 1]), { shape: y.shape })));
  };
  const gradientsOf = async (losses: readonly Tensor[]) => {
    network.gradients.set(new Float32Array(network.gradients.size).fill(NaN));
    network.backward(losses);
    const parts = await device.read([...network.parameters.keys()].map((name) => network.gradientOf(name)));
    return parts.flatMap((part) => [...part]);
  };
  const [first, second] = [await gradientsOf([weighted(1)]), await gradientsOf([weighted(2)])];
  const both = await gradientsOf([weighted(1), weighted(2)]);
  const expected = first.map((value, index) => value + second[index]!);
  assertClose(both, expected, { relative: 1e-4, absolute: 1e-5 }, "gradients of both losses");
});

gpuTest("Network.backward() with accumulate adds to the gradients that are there", async (device) => {
  const precisions = device.capabilities.f16 ? ["f32", "f16"] as const : ["f32"] as const;
  for (const precision of precisions) {
    using network = new Network(device, [new Linear(3, 2), new Relu(), new Linear(2, 1, { output: "f32" })], {
      seed: 3,
      precision,
    });
    const loss = (sign: number) => {
      const x = device.tensor([[1, 2, 3 * sign]], { dtype: precision });
      return sum(network.forward(x));
    };
    const gradientsOf = async (...losses: Tensor[]) => {
      for (const [k, one] of losses.entries()) network.backward([one], { accumulate: k > 0 });
      return await network.gradients.data();
    };
    const [first, second] = [await gradientsOf(loss(1)), await gradientsOf(loss(-1))];
    const both = await gradientsOf(loss(1), loss(-1));
    assertEquals(both, first.map((value, i) => Math.fround(value + second[i]!)));
    assertEquals(await gradientsOf(loss(1)), first);
    // One update is one judgment of the scale
    if (precision === "f16") assertEquals((await network.gradientScaling!.values.data())[SCALING.calm], 4);
  }
});

gpuTest("Network.backward() refuses a loss that does not depend on every parameter", (device) => {
  using network = new Network(device, [new Linear(2, 2), new Linear(2, 2)]);
  const x = device.tensor([[1, 2]]);
  assertThrows(() => network.backward([sum(x)]), RangeError, "must depend on a tensor of");
});

gpuTest("Network.gradientOf() refuses names that it does not have", (device) => {
  using network = new Network(device, [new Linear(2, 2)]);
  assertThrows(() => network.gradientOf("1.weight"), RangeError, "no parameter '1.weight'");
});

gpuTest("Network refuses a layer that is in use already, and keeps no memory then", (device) => {
  const shared = new Linear(3, 3);
  using network = new Network(device, [shared, new Tanh()]);
  const before = heldBytes(device);
  const taken = () => new Network(device, [new Linear(3, 3), shared]);
  assertThrows(taken, RangeError, "'1.weight' already belongs to another network");
  const again = new BatchNorm2d(3);
  const twice = () => new Network(device, [again, new Tanh(), again]);
  assertThrows(twice, RangeError, "'0.weight' and '2.weight' are one parameter");
  assertEquals(heldBytes(device), before);
  assertEquals(network.forward(device.tensor([[1, 2, 3]])).shape, [1, 3]);
});

gpuTest("Network takes over layers whose network was disposed", async (device) => {
  const layer = new Linear(3, 3);
  using first = new Network(device, [layer], { seed: 1 });
  first[Symbol.dispose]();
  using second = new Network(device, [layer], { seed: 2 });
  using expected = new Network(device, [new Linear(3, 3)], { seed: 2 });
  assertEquals(await second.values.data(), await expected.values.data());
});

Deno.test("Parameter.tensor says what to do where there is no network yet", () => {
  const { weight } = new Linear(2, 2).parameters();
  assertThrows(() => weight!.tensor, Error, "Create a Network with it");
});

gpuTest("Network[Symbol.dispose]() gives all memory back, once", async (device) => {
  const input = makeInput(device);
  const before = heldBytes(device);
  const network = new Network(device, makeLayers());
  {
    using _scope = device.scope();
    network.backward([sum(network.forward(input))]);
  }
  await device.settled();
  assert(heldBytes(device) > before);
  network[Symbol.dispose]();
  network[Symbol.dispose]();
  assertEquals(heldBytes(device), before);
});
