import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { add, fill, mul, type NestedNumbers, sum, type Tensor } from "../../../src/gpu/mod.ts";
import { GpuValidationError } from "../../../src/gpu/device/errors.ts";
import { defineKernel } from "../../../src/gpu/kernel/kernel.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("Device.tensor() takes its shape from nesting, or as given", async (device) => {
  const nested = device.tensor([[[1, 2, 3]], [[4, 5, 6]]]);
  assertEquals(nested.shape, [2, 1, 3]);
  assertEquals([...await nested.data()], [1, 2, 3, 4, 5, 6]);
  assertEquals(device.tensor(new Float32Array(6), { shape: [3, 2] }).shape, [3, 2]);
  const rows = device.tensor([Float32Array.of(1, 2), [3, 4], Float32Array.of(5, 6)]);
  assertEquals(rows.shape, [3, 2]);
  assertEquals([...await rows.data()], [1, 2, 3, 4, 5, 6]);
  const scalar = device.tensor(2.5);
  assertEquals([scalar.shape, scalar.size, scalar.rank], [[], 1, 0]);
  assertEquals(await scalar.item(), 2.5);
});

gpuTest("Device.tensor() rejects what has no shape", (device) => {
  assertThrows(() => device.tensor([[1, 2], [3]]), RangeError, "Rows must all have the same shape");
  const ragged: [NestedNumbers, string][] = [
    [[[1, 2], [3], [4, 5, 6]], "2 values at [1], found 1 values"],
    [[1, [2, 3]], "a number at [1], found 2 values"],
    [[[1, 2], 3], "2 values at [1], found a number"],
    [[new Float32Array(2), new Float32Array(3)], "2 values at [1], found 3 values"],
  ];
  for (const [values, message] of ragged) {
    assertThrows(() => device.tensor(values), RangeError, `as the first ones, ${message}`);
  }
  assertThrows(
    () => device.tensor([1, 2, 3], { shape: [2, 2] }),
    RangeError,
    "Cannot give 3 values the shape [2, 2]",
  );
  assertThrows(() => device.tensor([]), RangeError, "every extent must be a whole number of at least 1");
  assertThrows(() => device.empty([2, 0]), RangeError, "every extent must be a whole number of at least 1");
});

gpuTest("Device.read() gives each element type back, whatever the length", async (device) => {
  for (const length of [1, 3, 4, 5, 16, 17]) {
    const values = Array.from({ length }, (_, i) => i);
    const [f32, u32, u8] = await device.read([
      device.tensor(values),
      device.tensor(values, { dtype: "u32" }),
      device.tensor(values, { dtype: "u8" }),
    ]);
    assertEquals(f32, Float32Array.from(values));
    assertEquals(u32, Uint32Array.from(values));
    assertEquals(u8, Uint8Array.from(values));
  }
});

gpuTest("Device.state() starts as zeros", async (device) => {
  {
    using dirty = fill(device, [5], 3);
    await dirty.data();
  }
  assertEquals([...await device.state([5]).data()], [0, 0, 0, 0, 0]);
});

gpuTest("Device.slice() shares the elements of its source", async (device) => {
  const source = device.tensor(Float32Array.from({ length: 70 }, (_, i) => i));
  const part = device.slice(source, 64, [2, 3]);
  assertEquals([...await part.data()], [64, 65, 66, 67, 68, 69]);
  part.set([1, 2, 3, 4, 5, 6]);
  assertEquals([...(await source.data()).slice(62)], [62, 63, 1, 2, 3, 4, 5, 6]);
  assertEquals(await sum(part).item(), 21);
});

gpuTest("Tensor.set() replaces the values, in order with what was asked before", async (device) => {
  const x = device.tensor([1, 2]);
  const before = mul(x, 10);
  x.set([3, 4]);
  const after = mul(x, 10);
  const [first, second] = await device.read([before, after]);
  assertEquals([[...first!], [...second!]], [[10, 20], [30, 40]]);
  const error = assertThrows(() => x.set([1]), RangeError);
  assertEquals(error.message, "Cannot write 1 values to a tensor of shape [2]: it takes 2");
});

gpuTest("Tensor.reshape() shares elements, and outlives the tensor it came from", async (device) => {
  const x = device.tensor([1, 2, 3, 4, 5, 6]);
  const view = x.reshape([2, 3]);
  x.dispose();
  assertEquals(view.shape, [2, 3]);
  assertEquals([...await view.data()], [1, 2, 3, 4, 5, 6]);
  assertThrows(() => view.reshape([4]), RangeError, "Cannot reshape [2, 3] to [4]");
  assertThrows(() => view.reshape([1.5, 4]), RangeError, "every extent must be a whole number of at least 1");
  assertThrows(() => view.reshape([-2, -3]), RangeError, "every extent must be a whole number of at least 1");
});

gpuTest("Tensor.item() and data() say what they read", async (device) => {
  await assertRejects(() => device.tensor([1, 2]).item(), RangeError, "one element, found shape [2]");
  await assertRejects(
    () => device.tensor([1], { dtype: "u32" }).data(),
    TypeError,
    "data() needs a tensor of f32, found",
  );
});

gpuTest("A disposed tensor is refused by operations and reads", async (device) => {
  const x = device.tensor([1, 2]);
  x.dispose();
  x.dispose();
  assert(x.disposed);
  assertThrows(() => add(x, 1), Error, "found a disposed one");
  await assertRejects(() => x.data(), Error, "Cannot read a tensor that was disposed");
});

gpuTest("Device.scope() gives back what was not kept", async (device) => {
  device.trim();
  const before = device.ledger.read().buffers;
  let kept: Tensor;
  let temporary: Tensor;
  {
    using scope = device.scope();
    temporary = fill(device, [100], 1);
    kept = scope.keep(add(temporary, temporary));
  }
  assert(temporary.disposed);
  assert(!kept.disposed);
  assertEquals([...(await kept.data()).slice(0, 2)], [2, 2]);
  device.trim();
  assertEquals(device.ledger.read().buffers, before + 1);
});

gpuTest("A buffer that is used again does not disturb launches that still wait", async (device) => {
  const results: Tensor[] = [];
  for (let i = 0; i < 5; i++) {
    using scope = device.scope();
    const x = fill(device, [8], i);
    results.push(scope.keep(add(x, 1)));
  }
  const values = await device.read(results);
  assertEquals(values.map(([value]) => value), [1, 2, 3, 4, 5]);
});

gpuTest("A tensor may be disposed while a launch that reads it waits", async (device) => {
  const x = device.tensor([1, 2]);
  const doubled = mul(x, 2);
  x.dispose();
  const [other, filled] = [device.tensor([9, 9]), fill(device, [2], 7)];
  const values = await device.read([doubled, other, filled]);
  assertEquals(values.map((each) => [...each]), [[2, 4], [9, 9], [7, 7]]);
});

gpuTest("Many launches are submitted before a value is read", async (device) => {
  let x = device.tensor([0]);
  for (let i = 0; i < 300; i++) {
    using last = x;
    x = add(last, 1);
  }
  assertEquals(await x.item(), 300);
});

gpuTest("Device.program() records once and runs with new inputs", async (device) => {
  const total = device.state([]);
  let recordings = 0;
  using program = device.program({ a: [2], b: { shape: [2], dtype: "f32" } }, ({ a, b }) => {
    recordings++;
    return { product: mul(a, b), total: add(total, sum(a)) };
  });
  program.run({ a: [1, 2], b: [3, 4] });
  assertEquals([...await program.outputs.product.data()], [3, 8]);
  program.run({ a: [5, 6] });
  const [product, sums] = await device.read([program.outputs.product, program.outputs.total]);
  assertEquals([...product!, ...sums!], [15, 24, 11]);
  assertEquals(recordings, 1);
  assertEquals([program.stats.launches, program.stats.submits], [3, 1]);
  assertThrows(() => program.run({ a: [1] }), RangeError, "Cannot write 1 values to a tensor of shape [2]");
});

gpuTest("A program allocates nothing over 500 runs", async (device) => {
  using program = device.program({ x: [64, 64] }, ({ x }) => {
    let y = x;
    for (let i = 0; i < 6; i++) y = add(mul(y, 0.5), 1);
    return sum(y);
  });
  program.run({ x: new Float32Array(4096) });
  await program.outputs.item();
  const before = device.ledger.read();
  for (let run = 0; run < 500; run++) program.run();
  const value = await program.outputs.item();
  const after = device.ledger.read();
  assertEquals([after.buffers, after.bytes], [before.buffers, before.bytes]);
  assertEquals(value, 4096 * (2 - 2 ** -5));
});

gpuTest("A program hands temporaries' memory on", (device) => {
  using program = device.program({ x: [1024] }, ({ x }) => {
    let y = x;
    for (let i = 0; i < 10; i++) y = mul(y, 2);
    return y;
  });
  assertEquals(program.stats.temporaryBytes, 3 * 4096);
});

gpuTest("A disposed program gives its buffers back and does not run", async (device) => {
  await device.settled();
  device.trim();
  const before = device.ledger.read().buffers;
  const program = device.program({ x: [16] }, ({ x }) => sum(mul(x, x)));
  program.run({ x: new Float32Array(16) });
  program[Symbol.dispose]();
  program[Symbol.dispose]();
  device.trim();
  assertEquals(device.ledger.read().buffers, before);
  assertThrows(() => program.run(), Error, "Cannot run this program: it was disposed");
});

gpuTest("Device.program() stops recording when its body throws", async (device) => {
  assertThrows(() =>
    device.program({}, () => {
      fill(device, [4], 1);
      throw new SyntaxError("in the middle");
    }), SyntaxError);
  assertEquals([...await fill(device, [2], 7).data()], [7, 7]);
});

gpuTest("Device.program() refuses to record in a recording, and to read in one", async (device) => {
  assertThrows(
    () => device.program({}, () => device.program({}, () => {})),
    Error,
    "Cannot record a program while another one is being recorded",
  );
  let reading: Promise<unknown> = Promise.resolve();
  using _program = device.program({ x: [2] }, ({ x }) => {
    reading = assertRejects(() => mul(x, 2).data(), Error, "still being recorded");
  });
  await reading;
});

gpuTest("Device.launch() names what is missing, and what would be read and written at once", (device) => {
  const kernel = defineKernel({
    label: "double",
    bindings: { x: ["read", "array<f32>"], y: ["write", "array<f32>"] },
    uniforms: { factor: "f32" },
    body: "  y[thread] = params.factor * x[thread];",
  });
  const x = device.tensor([1]);
  assertThrows(
    () => device.launch(kernel, { x }, { factor: 2 }, [1, 1, 1]),
    TypeError,
    "needs a buffer for 'y'",
  );
  const both = { x, y: device.empty([1]) };
  assertThrows(() => device.launch(kernel, both, {}, [1, 1, 1]), TypeError, "needs a value for 'factor'");
  assertThrows(
    () => device.launch(kernel, { x, y: x.reshape([1, 1]) }, { factor: 2 }, [1, 1, 1]),
    Error,
    "Kernel 'double' would read 'x' and write 'y' in one buffer",
  );
});

gpuTest("A command that the GPU rejects becomes a GpuValidationError, once", async (device) => {
  const broken = defineKernel({
    label: "broken",
    bindings: { y: ["write", "array<f32>"] },
    body: "  y[thread] = no_such_function(1.0);",
  });
  const y = device.empty([1]);
  device.launch(broken, { y }, {}, [1, 1, 1]);
  await assertRejects(() => y.data(), GpuValidationError, "no_such_function");
  assertEquals([...await add(device.tensor([1]), 1).data()], [2]);
  device.launch(broken, { y }, {}, [1, 1, 1]);
  await assertRejects(() => device.settled(), GpuValidationError);
});

gpuTest("Device.check() reports a validation error of raw commands", async (device) => {
  device.ledger.destroy(
    device.ledger.create(device.gpu, { size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE }),
  );
  await assertRejects(() => device.settled(), GpuValidationError);
  device.check();
});
