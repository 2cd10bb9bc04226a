import { assertEquals, assertThrows } from "@std/assert";
import { embedding, gradients } from "../../../src/gpu/mod.ts";
import { checkOp } from "../../support/check_op.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

gpuTest("embedding() takes rows of a table, with gradients", async (device) => {
  for (const [rows, length, shape] of [[1, 1, [1]], [10, 5, [7]], [3, 4, [2, 3]], [5, 7, [130]]] as const) {
    const places = shape.reduce((product: number, extent) => product * extent, 1);
    // Some rows are taken several times, others never
    const taken = Array.from({ length: places }, (_, n) => n * n % Math.max(1, rows - 1));
    const index = device.tensor(taken, { shape, dtype: "u32" });
    await checkOp(device, {
      inputs: { weight: { shape: [rows, length] } },
      halves: ["weight"],
      op: ({ weight }) => embedding(weight, index),
      reference: ({ weight }) =>
        Float64Array.from(
          { length: places * length },
          (_, i) => weight[taken[Math.floor(i / length)]! * length + i % length]!,
        ),
      shape: [...shape, length],
    });
  }
});

gpuTest("embedding() adds up the gradients of many places in the same way each time", async (device) => {
  const [rows, length, places] = [6, 3, 10_001];
  const taken = Array.from({ length: places }, (_, n) => (n * 7 + n % 11) % rows);
  const seeds = randomValues(places * length, 1, [0, 1]);
  const expected = new Float64Array(rows * length);
  for (let n = 0; n < places; n++) {
    for (let c = 0; c < length; c++) expected[taken[n]! * length + c]! += seeds[n * length + c]!;
  }
  const run = async () => {
    const weight = device.tensor(new Float32Array(rows * length), { shape: [rows, length] });
    const y = embedding(weight, device.tensor(taken, { dtype: "u32" }));
    const [found] = gradients([y], [weight], { seeds: [device.tensor(seeds, { shape: y.shape })] });
    return await found!.data();
  };
  const found = await run();
  assertClose(found, expected, { relative: 2e-6, absolute: 0 }, "gradients");
  assertEquals(await run(), found);
});

gpuTest("embedding() gives NaN for numbers that are no rows", async (device) => {
  const weight = device.tensor([[1, 2], [3, 4]]);
  const index = device.tensor([1, 2, 0xffffffff], { dtype: "u32" });
  const y = embedding(weight, index);
  assertEquals([...await y.data()], [3, 4, NaN, NaN, NaN, NaN]);
  const [gradient] = gradients([y], [weight]);
  assertEquals([...await gradient!.data()], [0, 0, 1, 1]);
});

gpuTest("embedding() refuses other tensors", (device) => {
  const weight = device.tensor([[1, 2]]);
  assertThrows(
    () => embedding(weight, device.tensor([0])),
    TypeError,
    "the index must be u32, found f32",
  );
  assertThrows(
    () => embedding(device.tensor([1, 2]), device.tensor([0], { dtype: "u32" })),
    RangeError,
    "the weight must be [rows, length], found shape [2]",
  );
});
