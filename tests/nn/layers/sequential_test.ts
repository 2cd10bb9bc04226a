import { assertEquals } from "@std/assert";
import { type Device, mul, sum, type Tensor } from "../../../src/gpu/mod.ts";
import {
  BatchNorm2d,
  Conv2d,
  LeakyRelu,
  Linear,
  type Module,
  Network,
  normal,
  Relu,
  Sequential,
  stateDict,
  Tanh,
} from "../../../src/nn/mod.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

const SHAPE = [3, 5, 5, 6];
const TOLERANCE = { relative: 1e-5, absolute: 1e-6 };

/** A convolution, a batch norm, an activation, a convolution. `wrap` stands between batch norm and activation. */
function layers(activation: Module, wrap: (module: Module) => Module): Module[] {
  const norm = new BatchNorm2d(8, { weight: normal(1, 0.5) });
  return [new Conv2d(6, 8, { kernel: 3 }), wrap(norm), activation, new Conv2d(8, 2, { kernel: 3 })];
}

/** Everything that comes of a network and its gradients, as floats. */
async function results(device: Device, network: Network, training: boolean): Promise<Float32Array[]> {
  const x = device.tensor(randomValues(3 * 5 * 5 * 6, 4, [-2, 2]), { shape: SHAPE });
  const y = network.forward(x, { training });
  const seed = device.tensor(randomValues(y.size, 5, [-1, 1]), { shape: y.shape });
  network.backward([sum(mul(y, seed))]);
  const dict = [...(await stateDict(network)).values()].map(({ data }) => Float32Array.from(data, Number));
  return [await y.data(), await network.gradients.data(), ...dict];
}

for (const [name, make] of [["ReLU", () => new Relu()], ["LeakyReLU", () => new LeakyRelu(0.2)]] as const) {
  gpuTest(`Sequential fuses a batch norm with the ${name} after it, and the numbers stay`, async (device) => {
    for (const training of [true, false]) {
      // A module around the batch norm hides it, so that nothing is fused. The seed gives both the same first values.
      using fused = new Network(device, layers(make(), (module) => module), { seed: 3 });
      using plain = new Network(device, layers(make(), (module) => new Sequential([module])), { seed: 3 });
      const [found, expected] = [
        await results(device, fused, training),
        await results(device, plain, training),
      ];
      assertEquals(found.length, expected.length);
      for (const [position, values] of found.entries()) {
        assertClose(values, expected[position]!, TOLERANCE, `result ${position}, training ${training}`);
      }
    }
  });
}

gpuTest("Sequential takes fewer launches where it fuses", (device) => {
  const count = (wrap: (module: Module) => Module) => {
    const network = new Network(device, layers(new Relu(), wrap));
    using program = device.program({ x: SHAPE }, ({ x }) => network.forward(x));
    return program.stats.launches;
  };
  assertEquals(count((module) => new Sequential([module])) - count((module) => module), 1);
});

gpuTest("Sequential leaves activations that a batch norm cannot take over to themselves", async (device) => {
  using tanh = new Network(device, layers(new Tanh(), (module) => module), { seed: 3 });
  using hidden = new Network(device, layers(new Tanh(), (module) => new Sequential([module])), { seed: 3 });
  assertEquals(await results(device, tanh, true), await results(device, hidden, true));
});

gpuTest("Sequential names its modules by position, or by the keys given", (device) => {
  const make = (): [Module, Module] => [new Linear(2, 3), new Linear(3, 1, { bias: false })];
  const [first, second] = make();
  using listed = new Network(device, make());
  using keyed = new Network(device, new Sequential({ fc: first, head: new Sequential([second]) }));
  assertEquals([...listed.parameters.keys()], ["0.weight", "0.bias", "1.weight"]);
  assertEquals([...keyed.parameters.keys()], ["fc.weight", "fc.bias", "head.0.weight"]);
});

gpuTest("Sequential without modules gives its input", (device) => {
  const x: Tensor = device.tensor([1, 2]);
  assertEquals(new Sequential([]).forward(x, { training: true }), x);
});
