import { assertEquals, assertNotEquals } from "@std/assert";
import type { Device } from "../../src/gpu/mod.ts";
import {
  Adam,
  F16_GRADIENT_SCALE,
  FAULTS,
  gradientDict,
  Linear,
  Network,
  type Optimizer,
  RmsProp,
  Sgd,
  stateDict,
} from "../../src/nn/mod.ts";
import { f16Test } from "../support/gpu.ts";

/** Two layers, so that a gradient passes through 16 bits between them. */
function makeNetwork(device: Device): Network {
  return new Network(device, [new Linear(4, 4), new Linear(4, 1, { output: "f32" })], {
    seed: 2,
    precision: "f16",
  });
}

/** A step whose loss counts so many times: with 1000 the gradients overflow at first. */
function step(device: Device, network: Network, optimizer: Optimizer, weight: number): void {
  const x = device.tensor([[1, 2, 3, 4], [0.5, 0, 1, -1]], { dtype: "f16" });
  network.backward([network.forward(x)], { seeds: [device.tensor([[weight], [weight]])] });
  optimizer.step();
}

async function stateOf(network: Network, optimizer: Optimizer): Promise<unknown> {
  const state = await network.values.device.read(Object.values(optimizer.state()));
  return [await stateDict(network), state];
}

const makers: Readonly<
  Record<string, (network: Network) => Optimizer & { faults: { item(): Promise<number> } }>
> = {
  Adam: (network) => new Adam(network),
  Sgd: (network) => new Sgd(network, { learningRate: 1e-6, momentum: 0.5 }),
  RmsProp: (network) => new RmsProp(network),
};

for (const [name, make] of Object.entries(makers)) {
  f16Test(`${name} skips updates whose gradients overflow 16 bits, and lowers the scale`, async (device) => {
    using network = makeNetwork(device);
    using optimizer = make(network);
    step(device, network, optimizer, 1);
    const before = await stateOf(network, optimizer);
    let scale = F16_GRADIENT_SCALE;
    let skipped = 0;
    for (; skipped < 20; skipped++) {
      step(device, network, optimizer, 1000);
      const [used, share, , skip] = await network.gradientScaling!.values.data();
      assertEquals([used, share], [scale, 1 / scale]);
      if (skip === 0) break;
      assertEquals(await stateOf(network, optimizer), before);
      scale /= 2;
    }
    assertEquals(skipped > 0 && skipped < 10, true, `${skipped} were skipped`);
    assertNotEquals(await stateOf(network, optimizer), before);
    assertEquals(await optimizer.faults.item(), 0);
  });
}

f16Test("gradientDict() gives true gradients whatever the scale is", async (device) => {
  using network = makeNetwork(device);
  using sgd = new Sgd(network, { learningRate: 1e-30 });
  const gradients: unknown[] = [];
  for (const scale of [F16_GRADIENT_SCALE, 16]) {
    network.gradientScaling!.values.set([scale, 1 / scale, 0, 0]);
    step(device, network, sgd, 1);
    gradients.push(await gradientDict(network));
  }
  assertEquals(gradients[1], gradients[0]);
});

f16Test("GradientScaling doubles the scale after 2000 calm updates, up to its largest", async (device) => {
  using network = makeNetwork(device);
  using sgd = new Sgd(network, { learningRate: 1e-30 });
  const scaling = network.gradientScaling!.values;
  for (const [scale, then] of [[256, 512], [F16_GRADIENT_SCALE, F16_GRADIENT_SCALE]] as const) {
    scaling.set([scale, 1 / scale, 1998, 0]);
    step(device, network, sgd, 1);
    assertEquals(Array.from(await scaling.data()), [scale, 1 / scale, 1999, 0]);
    step(device, network, sgd, 1);
    assertEquals(Array.from(await scaling.data()), [then, 1 / then, 0, 0]);
  }
});

f16Test("An update whose gradients overflow without a scale is a fault", async (device) => {
  using network = makeNetwork(device);
  using adam = new Adam(network);
  network.gradientScaling!.values.set([1, 1, 0, 0]);
  step(device, network, adam, 1e6);
  assertEquals((await network.gradientScaling!.values.data())[3], 0);
  assertEquals(await adam.faults.item() & FAULTS.gradients, FAULTS.gradients);
});
