import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { add, fill, mul, sum, type Tensor } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("A program holds constants that its recording disposes", async (device) => {
  const scaled = (x: Tensor, by: number) => {
    using factors = device.tensor([by, by, by]);
    return mul(x, factors);
  };
  {
    using program = device.program({ x: [3] }, ({ x }) => ({ y: scaled(scaled(x, 2), 5) }));
    const others = [device.tensor([7, 7, 7]), device.tensor([8, 8, 8])];
    program.run({ x: [1, 1, 1] });
    const [y, ...rest] = await device.read([program.outputs.y, ...others]);
    assertEquals([...y!], [10, 10, 10]);
    assertEquals(rest.map(([value]) => value), [7, 8]);
  }
  const [a, b] = [device.tensor([1, 1, 1]), device.tensor([2, 2, 2])];
  assert(a.storage.range().buffer !== b.storage.range().buffer);
});

gpuTest("A program gives memory to temporaries that its recording disposes", async (device) => {
  using program = device.program({ x: [64] }, ({ x }) => {
    using doubled = mul(x, 2);
    using view = doubled.reshape([8, 8]);
    using part = device.slice(doubled, 0, [8]);
    using more = add(view, 1);
    doubled.dispose();
    using unused = add(x, 3);
    return { rows: sum(more, { axes: [1] }), first: mul(part, 1), unused: unused.shape };
  });
  for (const value of [1, 2]) {
    program.run({ x: new Float32Array(64).fill(value) });
    const [rows, first] = await device.read([program.outputs.rows, program.outputs.first]);
    assertEquals([...rows!], new Array(8).fill(8 * (2 * value + 1)));
    assertEquals([...first!], new Array(8).fill(2 * value));
  }
});

gpuTest("A recording that fails gives back what its launches hold", async (device) => {
  device.trim();
  const before = device.ledger.read().buffers;
  assertThrows(() =>
    device.program({ x: [4] }, ({ x }) => {
      using factors = device.tensor([1, 2, 3, 4]);
      mul(x, factors);
      throw new SyntaxError("in the middle");
    }), SyntaxError);
  device.trim();
  assertEquals(device.ledger.read().buffers, before);
  await device.settled();
});

gpuTest("A program keeps its outputs however deep they lie", async (device) => {
  using program = device.program({ x: [4] }, ({ x }) => {
    const layers: Tensor[] = [];
    let y = x;
    for (let i = 0; i < 6; i++) layers.push(y = add(y, 1));
    const named = new Map([["sum", { value: sum(y) }]]);
    const outputs = { layers, named, itself: {} as unknown };
    outputs.itself = outputs;
    return outputs;
  });
  program.run({ x: [0, 10, 20, 30] });
  const { layers, named } = program.outputs;
  const values = await device.read([...layers, named.get("sum")!.value]);
  assertEquals(values.map(([value]) => value), [1, 2, 3, 4, 5, 6, 84]);
});

gpuTest("Device.program() refuses a build that is asynchronous", async (device) => {
  assertThrows(
    () =>
      device.program({ x: [2] }, async ({ x }) => {
        const y = add(x, 1);
        await Promise.resolve();
        return mul(y, 2);
      }),
    TypeError,
    "this one returned a promise",
  );
  await device.settled();
});

gpuTest("Program.run() refuses to run while another one is recorded", async (device) => {
  const total = device.tensor([0]);
  using inner = device.program({}, () => ({ y: add(total, 1) }));
  assertThrows(
    () => device.program({}, () => inner.run()),
    Error,
    "Cannot run a program while another one is recorded",
  );
  inner.run();
  assertEquals(await inner.outputs.y.item(), 1);
});

gpuTest("A program's inputs are zeros until they are given", async (device) => {
  fill(device, [5], 3).dispose();
  await device.settled();
  using program = device.program({ x: [5] }, ({ x }) => ({ y: add(x, 1) }));
  program.run();
  assertEquals([...await program.outputs.y.data()], [1, 1, 1, 1, 1]);
});

gpuTest("A tensor that a program was to place has no memory outside of it", async (device) => {
  let unused: Tensor | undefined;
  using _program = device.program({}, () => {
    unused = device.empty([4]);
    return {};
  });
  assertThrows(() => add(unused!, 1), Error, "with memory, found a tensor without");
  assertThrows(() => device.program({}, () => add(unused!, 1)), Error, "with memory, found a tensor without");
  assertThrows(() => unused!.set([1, 2, 3, 4]), Error, "This tensor has no memory");
  await assertRejects(() => unused!.data(), Error, "This tensor has no memory");
  assertEquals([...await add(device.tensor([1]), 1).data()], [2]);
});

gpuTest(
  "Disposing a program leaves launches that wait alone, and its outputs without memory",
  async (device) => {
    const program = device.program({ x: [2] }, ({ x }) => ({ y: mul(x, 2) }));
    program.run({ x: [1, 2] });
    const view = program.outputs.y.reshape([2, 1]);
    const after = add(program.outputs.y, 1);
    program[Symbol.dispose]();
    assertEquals([...await after.data()], [3, 5]);
    assert(program.outputs.y.disposed);
    assertThrows(() => add(view, 1), Error, "with memory, found a tensor without");
    await assertRejects(() => view.data(), Error, "This tensor has no memory");
  },
);

gpuTest("Scope.keep() leaves what a program makes to the program", async (device) => {
  const outer = device.scope();
  using program = device.program({ x: [2] }, ({ x }) => {
    using scope = device.scope();
    return { y: scope.keep(mul(x, 2)) };
  });
  outer[Symbol.dispose]();
  program.run({ x: [1, 2] });
  assertStrictEquals(program.outputs.y.disposed, false);
  assertEquals([...await program.outputs.y.data()], [2, 4]);
});

gpuTest("A temporary of a program that cannot be bound is refused where it is made", async (device) => {
  const limit = device.adapter.limits.maxStorageBufferBindingSize;
  const make = () => device.empty([Math.floor(limit / 4) + 1024]);
  assertThrows(make, RangeError, "it binds at most");
  assertThrows(() => device.program({}, make), RangeError, "it binds at most");
  await device.settled();
});
