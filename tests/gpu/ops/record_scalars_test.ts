import { assertEquals, assertThrows } from "@std/assert";
import { add, advance, recordScalars } from "../../../src/gpu/mod.ts";
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

gpuTest("recordScalars() takes up to 6 scalars", async (device) => {
  const ring = device.state([2, 6]);
  const counter = device.tensor([7], { dtype: "u32" });
  recordScalars(ring, counter, [1, 2, 3, 4, 5, 6].map((value) => device.tensor([value])));
  assertEquals([...await ring.data()], [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6]);
});

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
  assertThrows(() => recordScalars(ring, counter, []), RangeError, "1 to 6 tensors");
  assertThrows(() => recordScalars(ring, counter, [x]), RangeError, "ring of shape [capacity, 1]");
  assertThrows(
    () => recordScalars(ring, counter, [x, device.tensor([1, 2])]),
    RangeError,
    "ring of shape [capacity, 3]",
  );
  assertThrows(() => recordScalars(ring, device.tensor([1]), [x, x]), TypeError, "a counter of one u32");
});
