import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type Device, sum, type Tensor } from "../../src/gpu/mod.ts";
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  decodeSafetensors,
  encodeSafetensors,
  gradientDict,
  LeakyRelu,
  Linear,
  loadStateDict,
  Module,
  Network,
  stateDict,
  Statistic,
  type TensorData,
} from "../../src/nn/mod.ts";
import { gpuTest } from "../support/gpu.ts";
import { randomValues } from "../support/random.ts";

/** A network with each kind of layout in it, and statistics. */
function makeNetwork(device: Device, seed: number): Network {
  const layers = [
    new ConvTranspose2d(3, 4, { kernel: 3 }),
    new BatchNorm2d(4),
    new LeakyRelu(0.2),
    new Conv2d(4, 2, { kernel: 2, bias: false }),
    new Linear({ height: 5, width: 5, channels: 2 }, 3),
  ];
  return new Network(device, layers, { seed });
}

/** A forward pass in training, which moves the statistics. */
function run(device: Device, network: Network): void {
  const x = device.tensor(randomValues(2 * 4 * 4 * 3, 1, [-1, 1]), { shape: [2, 4, 4, 3] });
  network.backward([sum(network.forward(x))]);
}

/** All bytes of a network. */
async function bytesOf(network: Network): Promise<Uint8Array> {
  const tensors = [network.values, ...[...network.statistics.values()].map(({ tensor }) => tensor)];
  const values = await network.values.device.read(tensors);
  return new Uint8Array(await new Blob(values).arrayBuffer());
}

gpuTest("stateDict() has PyTorch's names, shapes, types and order", async (device) => {
  using network = makeNetwork(device, 1);
  run(device, network);
  const dict = await stateDict(network);
  assertEquals([...dict].map(([name, { dtype, shape }]) => [name, dtype, shape]), [
    ["0.weight", "F32", [3, 4, 3, 3]],
    ["0.bias", "F32", [4]],
    ["1.weight", "F32", [4]],
    ["1.bias", "F32", [4]],
    ["3.weight", "F32", [2, 4, 2, 2]],
    ["4.weight", "F32", [3, 50]],
    ["4.bias", "F32", [3]],
    ["1.running_mean", "F32", [4]],
    ["1.running_var", "F32", [4]],
    ["1.num_batches_tracked", "I64", []],
  ]);
  assertEquals(dict.get("1.num_batches_tracked")!.data, BigInt64Array.of(1n));

  const kernelFirst = await network.parameters.get("3.weight")!.tensor.data();
  const [output, input, y, x] = [1, 2, 0, 1];
  assertEquals(
    dict.get("3.weight")!.data[((output * 4 + input) * 2 + y) * 2 + x],
    kernelFirst[((y * 2 + x) * 4 + input) * 2 + output],
  );
});

gpuTest("loadStateDict() takes a network through safetensors to another, byte for byte", async (device) => {
  using trained = makeNetwork(device, 1);
  using fresh = makeNetwork(device, 2);
  for (let step = 0; step < 3; step++) run(device, trained);
  assertNotEquals(await bytesOf(fresh), await bytesOf(trained));
  const { tensors } = decodeSafetensors(encodeSafetensors(await stateDict(trained)));
  loadStateDict(fresh, tensors);
  assertEquals(await bytesOf(fresh), await bytesOf(trained));
});

gpuTest("loadStateDict() takes half precision and counts with an axis", async (device) => {
  using network = makeNetwork(device, 1);
  const dict = new Map<string, TensorData>(await stateDict(network));
  dict.set("0.bias", { dtype: "F16", shape: [4], data: Float16Array.of(0.5, -2, 0.1, 3) });
  dict.set("1.num_batches_tracked", { dtype: "I64", shape: [1], data: BigInt64Array.of(12n) });
  loadStateDict(network, dict);
  const loaded = await stateDict(network);
  assertEquals(loaded.get("0.bias")!.data, Float32Array.from(Float16Array.of(0.5, -2, 0.1, 3)));
  assertEquals(loaded.get("1.num_batches_tracked")!.data, BigInt64Array.of(12n));
});

gpuTest("loadStateDict() names all that does not fit, and changes nothing then", async (device) => {
  using network = makeNetwork(device, 1);
  using other = makeNetwork(device, 2);
  const before = await bytesOf(network);
  const dict = new Map<string, TensorData>(await stateDict(other));
  dict.delete("0.bias");
  dict.delete("1.running_var");
  dict.set("3.weight", { dtype: "F32", shape: [4, 2, 2, 2], data: new Float32Array(32) });
  dict.set("5.weight", { dtype: "F32", shape: [1], data: new Float32Array(1) });
  const { message } = assertThrows(() => loadStateDict(network, dict), RangeError);
  for (
    const words of [
      "'0.bias' is missing",
      "'1.running_var' is missing",
      "'3.weight' has shape [4, 2, 2, 2], expected [2, 4, 2, 2]",
      "'5.weight' is not part of the network",
    ]
  ) assert(message.includes(words), `${words}: ${message}`);
  assertEquals(await bytesOf(network), before);
});

gpuTest("loadStateDict() changes nothing where values do not fit", async (device) => {
  using network = makeNetwork(device, 1);
  using other = makeNetwork(device, 2);
  const before = await bytesOf(network);
  const good = await stateDict(other);
  const count = (value: bigint): TensorData => ({ dtype: "I64", shape: [], data: BigInt64Array.of(value) });
  const tracked = "1.num_batches_tracked";
  const cases: [name: string, values: TensorData, words: string][] = [
    [
      "4.bias",
      { dtype: "F32", shape: [3], data: new Float32Array(2) },
      "'4.bias' has 2 values, expected 3 for its shape [3]",
    ],
    [
      tracked,
      { dtype: "I64", shape: [], data: new BigInt64Array(0) },
      `'${tracked}' has 0 values, expected 1`,
    ],
    [tracked, count(-5n), `'${tracked}' counts -5, expected a whole number from 0 to 4294967295`],
    [tracked, count(2n ** 40n), `'${tracked}' counts 1099511627776, expected a whole number`],
    [tracked, count(2n ** 32n), `'${tracked}' counts 4294967296, expected a whole number`],
    [tracked, { dtype: "F32", shape: [1], data: Float32Array.of(1.5) }, `'${tracked}' counts 1.5`],
    [tracked, { dtype: "F32", shape: [1], data: Float32Array.of(NaN) }, `'${tracked}' counts NaN`],
  ];
  for (const [name, values, words] of cases) {
    const dict = new Map<string, TensorData>(good).set(name, values);
    assertThrows(() => loadStateDict(network, dict), RangeError, words);
    assertEquals(await bytesOf(network), before, words);
  }
  loadStateDict(network, new Map<string, TensorData>(good).set(tracked, count(2n ** 32n - 1n)));
  assertEquals((await stateDict(network)).get(tracked)!.data, BigInt64Array.of(2n ** 32n - 1n));
});

/** A layer that counts two things. */
class Counts extends Module {
  #counts = new Statistic([2], "u32", 7);

  override statistics(): Record<string, Statistic> {
    return { counts: this.#counts };
  }

  override forward(x: Tensor): Tensor {
    return x;
  }
}

gpuTest("stateDict() gives counts the shape they have", async (device) => {
  using network = new Network(device, new Counts());
  const dict = await stateDict(network);
  assertEquals(dict.get("counts"), { dtype: "I64", shape: [2], data: BigInt64Array.of(7n, 7n) });
  loadStateDict(network, decodeSafetensors(encodeSafetensors(dict)).tensors);
});

gpuTest("gradientDict() has the parameters' names and shapes", async (device) => {
  using network = makeNetwork(device, 1);
  run(device, network);
  const gradients = await gradientDict(network);
  assertEquals(
    [...gradients].map(([name, { shape }]) => [name, shape]),
    [...network.parameters].map(([name, { layout }]) => [name, layout.shape]),
  );
  const { data } = gradients.get("3.weight")!;
  const ours = await network.gradientOf("3.weight").data();
  assertEquals([...data].sort(), [...ours].sort());
  // The gradient of a sum with respect to the last bias is the batch size.
  assertEquals(gradients.get("4.bias")!.data, Float32Array.of(2, 2, 2));
});
