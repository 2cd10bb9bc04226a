import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Device, fill, mean, randomNormal, type Tensor } from "../../src/gpu/mod.ts";
import {
  Adam,
  AdamW,
  clipGradientNorm,
  gradientPenalty,
  LeakyRelu,
  Linear,
  Network,
  penalizedBackward,
  Sgd,
  stateDict,
} from "../../src/nn/mod.ts";
import { gpuTest } from "../support/gpu.ts";

/** Four layers, of which the second and the last are frozen, if any are. */
function layersOf(frozen: boolean) {
  const layer = (inputs: number, outputs: number, last = false) => {
    const one = new Linear(inputs, outputs);
    return frozen && last ? one.freeze() : one;
  };
  return [layer(5, 70), new LeakyRelu(0.2), layer(70, 3, true), layer(3, 4), layer(4, 1, true)];
}

/** Values of a network by name. */
async function valuesOf(network: Network): Promise<Record<string, string>> {
  return Object.fromEntries([...await stateDict(network)].map(([name, { data }]) => [name, `${data}`]));
}

const RULES = {
  Adam: (network: Network) => new Adam(network, { learningRate: 0.1 }),
  AdamW: (network: Network) => new AdamW(network, { learningRate: 0.1, weightDecay: 0.5 }),
  Sgd: (network: Network) => new Sgd(network, { learningRate: 0.1, weightDecay: 0.5 }),
};

/** Takes a step on a frozen network and on one that is not, and compares them. */
async function compare(
  device: Device,
  rule: (network: Network) => Adam | AdamW | Sgd,
  backward: (network: Network, x: Tensor) => void,
): Promise<void> {
  const x = randomNormal(device, [4, 5], { seed: 3 });
  const found = [];
  for (const frozen of [false, true]) {
    using network = new Network(device, layersOf(frozen), { seed: 2 });
    using optimizer = rule(network);
    const before = await valuesOf(network);
    backward(network, x);
    optimizer.step();
    const gradients = await network.gradients.data();
    found.push({ before, after: await valuesOf(network), gradients, parts: network.trained });
  }
  const [free, frozen] = found;
  assertEquals(free!.before, frozen!.before);
  assertEquals([free!.parts, frozen!.parts?.length], [undefined, 2]);
  for (const name of Object.keys(free!.before)) {
    const kept = name.startsWith("2.") || name.startsWith("4.");
    assertEquals(frozen!.after[name], kept ? frozen!.before[name] : free!.after[name], name);
    assert(free!.after[name] !== free!.before[name], name);
  }
}

for (const [name, rule] of Object.entries(RULES)) {
  gpuTest(`${name} leaves frozen parameters alone, and changes others as it would`, async (device) => {
    await compare(device, rule, (network, x) => network.backward([mean(network.forward(x))]));
  });
}

gpuTest("penalizedBackward() and micro-batches give frozen parameters no gradients", async (device) => {
  await compare(device, RULES.Adam, (network, x) => {
    penalizedBackward(network, x, (logits) => mean(logits), [2, 0]);
    network.backward([mean(network.forward(x))], { accumulate: true });
  });
  using network = new Network(device, layersOf(true), { seed: 2 });
  penalizedBackward(network, randomNormal(device, [4, 5], { seed: 3 }), (logits) => mean(logits), [2, 0]);
  assertEquals(new Set(await network.gradientOf("2.weight").data()), new Set([0]));
  assert(await clipGradientNorm(network, 1).item() > 0);
});

gpuTest(
  "Module.freeze() is for layers without a network, and a network without trained ones has no gradients",
  (device) => {
    const layer = new Linear(2, 1);
    using network = new Network(device, layer);
    assertThrows(() => layer.freeze(), Error, "Freeze layers before you create their network");
    assertEquals([network.parameterCount, network.trained], [3, undefined]);
    using frozen = new Network(device, new Linear(2, 1).freeze());
    assertEquals([frozen.parameterCount, frozen.trained], [0, []]);
    const loss = mean(frozen.forward(fill(device, [1, 2], 1)));
    const sentence =
      "the network must have a parameter to train, found all 2 frozen. Freeze fewer of its layers";
    assertThrows(() => frozen.backward([loss]), RangeError, `Cannot compute gradients: ${sentence}`);
    // Of penalties, nothing is launched
    using program = device.program({ x: [4, 2] }, ({ x }) => {
      const penalize = [
        () => penalizedBackward(frozen, x, (logits) => mean(logits), [1]),
        () => gradientPenalty(frozen, x, { weight: 1 }),
      ];
      for (const one of penalize) assertThrows(one, RangeError, `Cannot penalize gradients: ${sentence}`);
      return {};
    });
    assertEquals(program.stats.launches, 0);
    using none = new Network(device, new LeakyRelu(0.2));
    assertThrows(() => none.backward([loss]), RangeError, "found none. Give it a layer with some");
  },
);
