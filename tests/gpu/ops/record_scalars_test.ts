import { assertEquals, assertThrows } from "@std/assert";
import { add, advance, Device, recordScalars } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("recordScalars() fills the ring row by row and starts again", async (device) => {
  const ring = device.state([3, 2]);
  const counter = device.state([1], "u32");
  const one = device.tensor(1);
  using program = device.program({ x: [] }, ({ x }) => {
    recordScalars(ring, counter, [x, add(x, one)]);
  });
  assertEquals(program.stats.launches, 2);
  for (const x of [10, 20, 30, 40]) program.run({ x: [x] });
  const [rows, count] = await device.read([ring, counter]);
  assertEquals([...rows!], [40, 41, 20, 21, 30, 31]);
  assertEquals([...count!], [4]);
});

gpuTest("recordScalars() writes all elements of a tensor", async (device) => {
  const ring = device.state([2, 3]);
  recordScalars(ring, device.state([1], "u32"), [device.tensor([[1, 2]]), device.tensor([3])]);
  assertEquals([...await ring.data()], [1, 2, 3, 0, 0, 0]);
});

gpuTest(
  "recordScalars() takes any number of tensors, in as few launches as can bind them",
  async (device) => {
    const limits = { ...device.adapter.limits, maxStorageBuffersPerShaderStage: 8 };
    const least = new Device(device.gpu, { ...device.adapter, limits }, device.capabilities);
    for (const [count, launches] of [[6, 1], [7, 2], [12, 2], [13, 3]] as const) {
      const values = Array.from({ length: count }, (_, i) => i + 1);
      const ring = least.state([2, 2 * count]);
      const counter = least.tensor([7], { dtype: "u32" });
      const tensors = values.map((value) => least.tensor([value, -value]));
      using program = least.program({}, () => recordScalars(ring, counter, tensors));
      assertEquals(program.stats.launches, launches);
      program.run();
      const row = values.flatMap((value) => [value, -value]);
      assertEquals([...await ring.data()], [...row.map(() => 0), ...row]);
      program.run();
      assertEquals([...await ring.data()], [...row, ...row]);
      assertEquals(await counter.item(), 9);
    }
    least.ledger.destroyAll();
  },
);

gpuTest("advance() adds more than one", async (device) => {
  const counter = device.state([1], "u32");
  advance(counter, 5);
  advance(counter);
  assertEquals(await counter.item(), 6);
});

gpuTest("recordScalars() rejects what does not fit the ring", (device) => {
  const ring = device.state([4, 2]);
  const counter = device.state([1], "u32");
  const x = device.tensor(1);
  assertThrows(() => recordScalars(ring, counter, []), RangeError, "needs a tensor, found none");
  assertThrows(() => recordScalars(ring, counter, [x]), RangeError, "ring of shape [capacity, 1]");
  assertThrows(
    () => recordScalars(ring, counter, [x, device.tensor([1, 2])]),
    RangeError,
    "ring of shape [capacity, 3]",
  );
  assertThrows(() => recordScalars(ring, device.tensor([1]), [x, x]), TypeError, "a counter of one u32");
});
