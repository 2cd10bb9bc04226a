import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type Device, mse, sum, type Tensor } from "../../gpu.ts";
import { sizeOf } from "../../src/gpu/tensor/shape.ts";
import {
  Adam,
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  F16_GRADIENT_SCALE,
  gradientDict,
  LeakyRelu,
  Linear,
  loadStateDict,
  type Module,
  Network,
  Sequential,
  stateDict,
  Tanh,
} from "../../src/nn/mod.ts";
import { assertClose } from "../support/close.ts";
import { f16Test, gpuTest, withoutF16 } from "../support/gpu.ts";
import { randomValues } from "../support/random.ts";

const INPUT = [3, 8, 8, 3];

/** Layers of all kinds, ending in f32. */
function makeLayers(): Module {
  return new Sequential([
    new Conv2d(3, 6, { kernel: 4, stride: 2, padding: 1 }),
    new BatchNorm2d(6),
    new LeakyRelu(0.2),
    new ConvTranspose2d(6, 5, { kernel: 4, stride: 2, padding: 1 }),
    new Tanh(),
    new Linear({ height: 8, width: 8, channels: 5 }, 2, { output: "f32" }),
  ]);
}

function makeInput(device: Device, dtype: "f32" | "f16" = "f16"): Tensor {
  return device.tensor(randomValues(sizeOf(INPUT), 1, [-1, 1]).map(Math.f16round), { shape: INPUT, dtype });
}

f16Test("Network of f16 starts as one of f32, and has true gradients close to its", async (device) => {
  using single = new Network(device, makeLayers(), { seed: 5 });
  using half = new Network(device, makeLayers(), { seed: 5, precision: "f16" });
  assertEquals(await stateDict(half), await stateDict(single));
  assertEquals([single.gradientScale, half.gradientScale], [1, F16_GRADIENT_SCALE]);
  for (const [network, dtype] of [[single, "f32"], [half, "f16"]] as const) {
    const y = network.forward(makeInput(device, dtype));
    assertEquals(y.dtype, "f32");
    network.backward([mse(y, 0.5)]);
  }
  const [expected, found] = [await gradientDict(single), await gradientDict(half)];
  for (const [name, { data }] of expected) {
    const largest = Math.max(...Array.from(data as Float32Array, Math.abs));
    // A bias before a batch norm has no gradient but for rounding.
    const absolute = name === "0.bias" ? 1e-3 : 0.01 * largest;
    assertClose(found.get(name)!.data as Float32Array, data as Float32Array, { relative: 0, absolute }, name);
  }
});

f16Test("Network.forward() in f16 reads weights as they are, however they were changed", async (device) => {
  using network = new Network(device, makeLayers(), { seed: 1, precision: "f16" });
  using other = new Network(device, makeLayers(), { seed: 2, precision: "f16" });
  const outputs = async () => (await network.forward(makeInput(device)).data()).slice();
  const first = await outputs();
  using adam = new Adam(network, { learningRate: 0.1 });
  network.backward([mse(network.forward(makeInput(device)), 0)]);
  adam.step();
  assertNotEquals(await outputs(), first);
  loadStateDict(network, await stateDict(other));
  assertEquals(await outputs(), await other.forward(makeInput(device)).data());
});

f16Test("Network.forward() of a network of f16 computes in f32 where asked to", async (device) => {
  using single = new Network(device, makeLayers(), { seed: 5 });
  using half = new Network(device, makeLayers(), { seed: 5, precision: "f16" });
  const x = makeInput(device, "f32");
  const exact = await single.forward(x).data();
  assertEquals(await half.forward(x, { precision: "f32" }).data(), exact);
  assertNotEquals(await half.forward(x).data(), exact);
});

f16Test("Network.backward() scales what it is given to start with as well", async (device) => {
  using network = new Network(device, makeLayers(), { precision: "f16" });
  const y = network.forward(makeInput(device));
  network.backward([y], { seeds: [device.tensor(new Float32Array(y.size).fill(1), { shape: y.shape })] });
  const seeded = await network.gradients.data();
  network.backward([y]);
  assertEquals(await network.gradients.data(), seeded);
});

gpuTest("Network of f32 refuses a pass in f16 with what to do", (device) => {
  using network = new Network(device, makeLayers());
  const pass = () => network.forward(makeInput(device, "f32"), { precision: "f16" });
  assertThrows(pass, Error, "Create it with 'precision' f16");
});

gpuTest("Network of f16 is refused where the adapter has it not, and keeps no memory", (device) => {
  const without = withoutF16(device);
  const make = () => new Network(without, makeLayers(), { precision: "f16" });
  assertThrows(make, Error, "cannot compute with floats of 16 bits");
  assertEquals(without.ledger.read().buffers, 0);
});

f16Test("Network[Symbol.dispose]() gives the copies back, once", async (device) => {
  const x = makeInput(device);
  device.trim();
  const before = device.ledger.read().bytes;
  const network = new Network(device, makeLayers(), { precision: "f16" });
  {
    using _scope = device.scope();
    network.backward([sum(network.forward(x))]);
  }
  await device.settled();
  network[Symbol.dispose]();
  network[Symbol.dispose]();
  device.trim();
  assertEquals(device.ledger.read().bytes, before);
  assert(device.ledger.read().buffers > 0);
});
