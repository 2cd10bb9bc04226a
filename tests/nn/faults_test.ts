import { assertEquals } from "@std/assert";
import { Device, type Tensor } from "../../src/gpu/mod.ts";
import {
  Adam,
  AdamW,
  BatchNorm2d,
  FAULTS,
  Network,
  type Optimizer,
  RmsProp,
  Sgd,
  watchStatistics,
} from "../../src/nn/mod.ts";
import { gpuTest } from "../support/gpu.ts";

const LENGTH = 9;

interface Row {
  values: Tensor;
  gradients: Tensor;
}

const optimizers: Readonly<Record<string, (row: Row) => Optimizer & { faults: Tensor }>> = {
  Adam: (row) => new Adam(row),
  AdamW: (row) => new AdamW(row),
  Sgd: (row) => new Sgd(row),
  "Sgd with momentum": (row) => new Sgd(row, { momentum: 0.9 }),
  RmsProp: (row) => new RmsProp(row),
  "RmsProp with momentum": (row) => new RmsProp(row, { momentum: 0.9 }),
};

function rowOf(device: Device): Row {
  return {
    values: device.tensor(new Array(LENGTH).fill(0.5)),
    gradients: device.tensor(new Array(LENGTH).fill(0.1)),
  };
}

/** The faults after a step with one element, of the last quad, set to a value. */
async function faultsAfter(
  device: Device,
  make: (row: Row) => Optimizer & { faults: Tensor },
  spoil: (row: Row, optimizer: Optimizer) => Tensor | undefined,
  value: number,
): Promise<number> {
  const row = rowOf(device);
  using optimizer = make(row);
  optimizer.step();
  const spoiled = spoil(row, optimizer);
  spoiled?.set([...new Array(LENGTH - 1).fill(0), value]);
  optimizer.step();
  optimizer.step();
  return await optimizer.faults.item();
}

for (const [name, make] of Object.entries(optimizers)) {
  gpuTest(`${name} raises no fault where all is finite, however large`, async (device) => {
    assertEquals(await faultsAfter(device, make, () => undefined, 0), 0);
    assertEquals(await faultsAfter(device, make, ({ values }) => values, 3e38), 0);
    assertEquals(await faultsAfter(device, make, ({ gradients }) => gradients, -1e15), 0);
  });

  gpuTest(`${name} tells gradients, values and what it remembers that are not finite`, async (device) => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const inGradients = await faultsAfter(device, make, ({ gradients }) => gradients, value);
      assertEquals([value, inGradients & FAULTS.gradients], [value, FAULTS.gradients]);
      const inValues = await faultsAfter(device, make, ({ values }) => values, value);
      assertEquals([value, inValues & ~FAULTS.state], [value, FAULTS.values]);
      const remembered = (_: Row, optimizer: Optimizer) => {
        return Object.values(optimizer.state()).find(({ size }) => size === LENGTH);
      };
      using probe = make(rowOf(device));
      if (!remembered(rowOf(device), probe)) continue;
      const inState = await faultsAfter(device, make, remembered, value);
      assertEquals([value, inState & FAULTS.state, inState & FAULTS.gradients], [value, FAULTS.state, 0]);
    }
  });
}

gpuTest(
  "Adam and RmsProp tell a square that overflows, though its parameter stays finite",
  async (device) => {
    for (const make of [optimizers.Adam!, optimizers.AdamW!, optimizers.RmsProp!]) {
      const row = rowOf(device);
      using optimizer = make(row);
      row.gradients.set(new Array(LENGTH).fill(1e25));
      optimizer.step();
      assertEquals((await row.values.data()).every(Number.isFinite), true);
      assertEquals(await optimizer.faults.item(), FAULTS.state);
    }
  },
);

gpuTest("Optimizer.faults stay once they are raised", async (device) => {
  const row = rowOf(device);
  using adam = new Adam(row);
  row.gradients.set([NaN, ...new Array(LENGTH - 1).fill(0)]);
  adam.step();
  row.gradients.set(new Array(LENGTH).fill(0));
  const raised = await adam.faults.item();
  adam.step();
  assertEquals(await adam.faults.item(), raised);
});

gpuTest(
  "watchStatistics() tells which network's running variance is not finite, of any of many",
  async (device) => {
    const layers = () => Array.from({ length: 9 }, () => new BatchNorm2d(70));
    for (const [most, launches] of [[8, 3], [20, 1]] as const) {
      const limits = { ...device.adapter.limits, maxStorageBuffersPerShaderStage: most };
      const like = new Device(device.gpu, { ...device.adapter, limits }, device.capabilities);
      const networks = [new Network(like, layers()), new Network(like, layers())];
      const faults = networks.map(() => like.state([1], "u32"));
      using program = like.program(
        {},
        () => watchStatistics(networks.map((network, i) => [network, faults[i]!])),
      );
      assertEquals(program.stats.launches, launches);
      const check = async (): Promise<number[]> => {
        for (const one of faults) one.set([0]);
        program.run();
        return await Promise.all(faults.map((one) => one.item()));
      };
      assertEquals(await check(), [0, 0]);
      const cases = [[0, 0, 0, NaN], [0, 6, 69, Infinity], [1, 0, 1, NaN], [1, 8, 64, -Infinity]] as const;
      for (const [network, layer, element, value] of cases) {
        const variance = networks[network]!.statistics.get(`${layer}.running_var`)!.tensor;
        const before = await variance.data();
        variance.set(before.with(element, value));
        assertEquals(await check(), [0, 1].map((i) => i === network ? FAULTS.statistics : 0));
        variance.set(before);
      }
      assertEquals(await check(), [0, 0]);
      like.ledger.destroyAll();
    }
  },
);
