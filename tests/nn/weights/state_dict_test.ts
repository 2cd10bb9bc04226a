import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type Device, sum, type Tensor } from "../../../src/gpu/mod.ts";
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
  Sequential,
  stateDict,
  Statistic,
  type TensorData,
} from "../../../src/nn/mod.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

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

gpuTest("loadStateDict() takes names however all of them begin", async (device) => {
  const layers = () => new Sequential({ main: new Sequential([new Linear(2, 3), new BatchNorm2d(3)]) });
  using network = new Network(device, layers(), { seed: 1 });
  const dict = await stateDict(network);
  const starts = [
    "",
    "main.",
    "module.main.",
    "netG.",
    "module.netG.main.",
    "generator.0.",
    "_orig_mod.module.main.",
  ];
  for (const start of starts) {
    using fresh = new Network(device, layers(), { seed: 2 });
    assertNotEquals(await bytesOf(fresh), await bytesOf(network));
    loadStateDict(
      fresh,
      new Map([...dict].map(([name, values]) => [name.replace(/^main\./, start), values])),
    );
    assertEquals(await bytesOf(fresh), await bytesOf(network), start);
  }
  // What not all names begin with is part of what they are
  const mixed = new Map([...dict].map(([name, values], i) => [i === 0 ? name : `module.${name}`, values]));
  assertThrows(() => loadStateDict(network, mixed), RangeError, "'main.0.bias' is missing");
  const other = new Map([["fc.weight", dict.get("main.0.weight")!], ["fc.bias", dict.get("main.0.bias")!]]);
  assertThrows(() => loadStateDict(network, other), RangeError, "'fc.weight' is not part of the network");
});

gpuTest(
  "loadStateDict() takes floats of any width, rounded once where they are of 64 bits",
  async (device) => {
    using network = makeNetwork(device, 1);
    const dict = new Map<string, TensorData>(await stateDict(network));
    const bias = async (tensor: TensorData) => {
      loadStateDict(network, new Map(dict).set("0.bias", tensor));
      return (await stateDict(network)).get("0.bias")!.data;
    };
    const doubles = Float64Array.of(1 + 2 ** -24 + 2 ** -40, -0, 2 ** -149, 2 ** -150 + 2 ** -170);
    assertEquals(
      await bias({ dtype: "F64", shape: [4], data: doubles }),
      Float32Array.of(1 + 2 ** -23, -0, 2 ** -149, 2 ** -149),
    );
    const halves = Float16Array.of(2 ** -24, -65504, 2 ** -14 - 2 ** -24, -0);
    assertEquals(await bias({ dtype: "F16", shape: [4], data: halves }), Float32Array.from(halves));
    for (const value of [1e39, -1e308]) {
      const data = Float64Array.of(0, 0, value, 0);
      assertThrows(
        () => loadStateDict(network, new Map(dict).set("0.bias", { dtype: "F64", shape: [4], data })),
        RangeError,
        `'0.bias' holds ${value}, which is beyond the range of 32-bit floats`,
      );
    }
  },
);

gpuTest("loadStateDict() needs no counts of batches, and takes them as floats", async (device) => {
  using network = makeNetwork(device, 1);
  const dict = new Map<string, TensorData>(await stateDict(network));
  const tracked = "1.num_batches_tracked";
  const counted = async (tensor: TensorData | undefined) => {
    const given = new Map(dict);
    if (tensor) given.set(tracked, tensor);
    else given.delete(tracked);
    loadStateDict(network, given);
    return (await stateDict(network)).get(tracked)!.data[0];
  };
  assertEquals(await counted({ dtype: "F32", shape: [1], data: Float32Array.of(12) }), 12n);
  assertEquals(await counted({ dtype: "F64", shape: [], data: Float64Array.of(2 ** 31) }), 2n ** 31n);
  assertEquals(await counted({ dtype: "F16", shape: [], data: Float16Array.of(2048) }), 2048n);
  // Too large for 16 bits: as good as missing
  assertEquals(await counted({ dtype: "F16", shape: [], data: Float16Array.of(Infinity) }), 2048n);
  assertEquals(await counted(undefined), 2048n);
});

gpuTest("loadStateDict() keeps running statistics that are missing, where it may", async (device) => {
  using network = makeNetwork(device, 1);
  using other = makeNetwork(device, 2);
  run(device, network);
  const { data } = (await stateDict(network)).get("1.running_mean")!;
  const dict = new Map<string, TensorData>(await stateDict(other));
  for (const name of ["1.running_mean", "1.running_var", "1.num_batches_tracked"]) dict.delete(name);
  const wanted = "'1.running_mean' is missing; '1.running_var' is missing";
  assertThrows(() => loadStateDict(network, dict), RangeError, wanted);
  loadStateDict(network, dict, { statistics: "optional" });
  const loaded = await stateDict(network);
  assertEquals(loaded.get("1.running_mean")!.data, data);
  assertEquals(loaded.get("0.bias"), dict.get("0.bias"));
  dict.delete("0.bias");
  assertThrows(
    () => loadStateDict(network, dict, { statistics: "optional" }),
    RangeError,
    "'0.bias' is missing",
  );
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

gpuTest("loadStateDict() lists the first of many problems", (device) => {
  using network = makeNetwork(device, 1);
  const { message } = assertThrows(() => loadStateDict(network, new Map()), RangeError);
  assert(message.endsWith("'1.running_mean' is missing; and 1 more"), message);
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
