import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { BatchNorm2d, Conv2d, Linear, MovingAverage, Network, stateDict } from "../../../src/nn/mod.ts";
import { powerOfLength } from "../../../src/nn/averages/power_function.ts";
import { gpuTest } from "../../support/gpu.ts";

const layers = () => [new Conv2d(3, 5, { kernel: 3 }), new BatchNorm2d(5)];

gpuTest("MovingAverage follows its formula, and starts as a copy", async (device) => {
  using network = new Network(device, layers(), { seed: 4 });
  using average = new MovingAverage(network, layers(), { decay: 0.5 });
  const expected = await network.values.data();
  assertEquals(await average.network.values.data(), expected);
  for (let t = 1; t <= 12; t++) {
    const values = expected.map((_, i) => Math.sin(i + t));
    network.values.set(values);
    average.update();
    const decay = Math.min(0.5, (1 + t) / (10 + t));
    for (const [i, value] of values.entries()) {
      expected[i] = Math.fround(decay * expected[i]! + (1 - decay) * value);
    }
    const found = await average.network.values.data();
    for (const [i, value] of found.entries()) assertAlmostEquals(value, expected[i]!, 1e-6);
  }
  const [steps] = await device.read([average.state().steps!]);
  assertEquals([...steps!], [12]);
});

gpuTest(
  "MovingAverage of a length gives each step its share, also after millions of them",
  async (device) => {
    using network = new Network(device, layers());
    for (const length of [0.01, 0.1, 0.28]) {
      using average = new MovingAverage(network, layers(), { length });
      const { steps } = average.state();
      const power = powerOfLength(length) + 1;
      for (const step of [1, 2, 3, 4, 9, 70, 1000, 123_456, 7_654_321]) {
        average.network.values.set(new Float32Array(average.network.values.size));
        network.values.set(new Float32Array(network.values.size).fill(1));
        steps!.set([step - 1]);
        average.update();
        const share = step === 1 ? 1 : -Math.expm1(power * Math.log1p(-1 / step));
        const [found] = await average.network.values.data();
        assertAlmostEquals(found! / share, 1, 2e-6, `length ${length}, step ${step}`);
      }
    }
  },
);

gpuTest(
  "MovingAverage.setDecay() holds from the next update on, in recorded programs too",
  async (device) => {
    using network = new Network(device, new Linear(1, 1));
    using average = new MovingAverage(network, new Linear(1, 1), { decay: 0.9 });
    using program = device.program({}, () => average.update());
    average.state().steps!.set([1000]);
    average.network.values.set(new Float32Array(average.network.values.size));
    network.values.set(new Float32Array(network.values.size).fill(1));
    program.run();
    assertAlmostEquals((await average.network.values.data())[0]!, 0.1, 1e-6);
    average.setDecay(0.5);
    program.run();
    assertAlmostEquals((await average.network.values.data())[0]!, 0.55, 1e-6);
    assertThrows(() => average.setDecay(1), RangeError, "found 1");
    using other = new MovingAverage(network, new Linear(1, 1), { length: 0.1 });
    assertThrows(() => other.setDecay(0.5), TypeError, "has a length in place of one");
  },
);

gpuTest("MovingAverage shares the statistics of its network, and outlives neither", async (device) => {
  using network = new Network(device, layers());
  {
    using average = new MovingAverage(network, layers());
    network.forward(device.tensor(new Float32Array(2 * 4 * 4 * 3).map((_, i) => i)).reshape([2, 4, 4, 3]));
    const [own, averaged] = [await stateDict(network), await stateDict(average.network)];
    for (const name of ["running_mean", "running_var", "num_batches_tracked"]) {
      assertEquals(averaged.get(`1.${name}`), own.get(`1.${name}`));
    }
  }
  assertEquals((await stateDict(network)).get("1.num_batches_tracked")!.data[0], 1n);
});

gpuTest("MovingAverage refuses other layers, decays and options, and holds no memory then", (device) => {
  using network = new Network(device, new Linear(2, 3));
  const refuse = () =>
    assertThrows(() => new MovingAverage(network, new Linear(2, 4)), RangeError, "must have its parameters");
  refuse();
  const before = device.ledger.read().buffers;
  refuse();
  for (const decay of [1, -0.1, NaN]) {
    assertThrows(() => new MovingAverage(network, new Linear(2, 3), { decay }), RangeError, `found ${decay}`);
  }
  for (const length of [0, 0.3, NaN]) {
    assertThrows(
      () => new MovingAverage(network, new Linear(2, 3), { length }),
      RangeError,
      `found ${length}`,
    );
  }
  const both = { decay: 0.9, length: 0.1 };
  assertThrows(
    () => new MovingAverage(network, new Linear(2, 3), both),
    TypeError,
    "found both: 0.9 and 0.1",
  );
  // @ts-expect-error: no such option
  assertThrows(() => new MovingAverage(network, new Linear(2, 3), { rate: 1 }), TypeError, "rate");
  assertEquals(device.ledger.read().buffers, before);
});

gpuTest("MovingAverage averages what is far too large for one workgroup", async (device) => {
  const large = () => new Linear(1500, 1400);
  using network = new Network(device, large());
  using average = new MovingAverage(network, large());
  const before = await network.values.data();
  network.values.set(before.map((value) => value + 11));
  average.update();
  const after = await average.network.values.data();
  for (const i of [0, 1, 1_000_001, 1500 * 1400 - 1]) assertAlmostEquals(after[i]! - before[i]!, 9, 1e-4);
});
