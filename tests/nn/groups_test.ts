import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { concat, type Device, mul, sum, type Tensor } from "../../src/gpu/mod.ts";
import { sizeOf } from "../../src/gpu/tensor/shape.ts";
import { BatchNorm2d, Conv2d, LeakyRelu, Linear, Network, stateDict } from "../../src/nn/mod.ts";
import { assertClose } from "../support/close.ts";
import { gpuTest } from "../support/gpu.ts";
import { randomValues } from "../support/random.ts";

const TOLERANCE = { relative: 1e-4, absolute: 1e-5 };

/** A small critic with batch norms over pictures and over features. */
function makeNetwork(device: Device): Network {
  const layers = [
    new Conv2d(3, 6, { kernel: 3 }),
    new BatchNorm2d(6),
    new LeakyRelu(0.2),
    new Conv2d(6, 5, { kernel: 3, bias: false }),
    new BatchNorm2d(5),
    new LeakyRelu(0.2),
    new Linear({ height: 2, width: 2, channels: 5 }, 2),
  ];
  return new Network(device, layers, { seed: 5 });
}

/** Three pictures of another kind for each seed. */
function makeInput(device: Device, seed: number): Tensor {
  const shape = [3, 6, 6, 3];
  return device.tensor(randomValues(sizeOf(shape), seed, [-seed, 2 * seed]), { shape });
}

/** A number that depends on every output differently. */
function weigh(device: Device, outputs: Tensor, seed: number): Tensor {
  return sum(
    mul(outputs, device.tensor(randomValues(outputs.size, seed, [-1, 1]), { shape: outputs.shape })),
  );
}

/** Parameters and statistics as one row. */
async function valuesOf(network: Network): Promise<number[]> {
  return [...(await stateDict(network)).values()].flatMap(({ data }) => Array.from(data, Number));
}

gpuTest("Network.forward() in groups is several passes, one for each", async (device) => {
  using apart = makeNetwork(device);
  const [first, second] = [1, 2].map((seed) => apart.forward(makeInput(device, seed)));
  apart.backward([weigh(device, concat(first!, second!), 9)]);

  using together = makeNetwork(device);
  const outputs = together.forward(concat(makeInput(device, 1), makeInput(device, 2)), { groups: 2 });
  together.backward([weigh(device, outputs, 9)]);

  const expected = [...await first!.data(), ...await second!.data()];
  assertClose(await outputs.data(), expected, TOLERANCE, "outputs");
  assertClose(await together.gradients.data(), await apart.gradients.data(), TOLERANCE, "gradients");
  assertClose(await valuesOf(together), await valuesOf(apart), TOLERANCE, "state dict");
  const tracked = (await stateDict(together)).get("1.num_batches_tracked");
  assertEquals(tracked?.data, BigInt64Array.of(2n));
});

gpuTest("Network.forward() in groups follows them in turn: the last weighs most", async (device) => {
  const run = async (seeds: [number, number]) => {
    using network = makeNetwork(device);
    const [a, b] = seeds.map((seed) => makeInput(device, seed));
    network.forward(concat(a!, b!), { groups: 2 });
    return (await stateDict(network)).get("1.running_var")!.data as Float32Array;
  };
  // The pictures of seed 2 vary more.
  const [rising, falling] = [await run([1, 2]), await run([2, 1])];
  for (const [channel, variance] of rising.entries()) assertEquals(variance > falling[channel]!, true);
});

gpuTest("Network.forward() in groups is one pass in evaluation", async (device) => {
  using network = makeNetwork(device);
  const x = concat(makeInput(device, 1), makeInput(device, 2));
  const whole = await network.forward(x, { training: false }).data();
  assertEquals(await network.forward(x, { training: false, groups: 2 }).data(), whole);
  assertNotEquals(await network.forward(x, { groups: 2 }).data(), whole);
});

gpuTest("Network.forward() refuses a batch that does not fall into its groups", (device) => {
  using network = makeNetwork(device);
  assertThrows(() => network.forward(makeInput(device, 1), { groups: 2 }), RangeError, "groups");
});
