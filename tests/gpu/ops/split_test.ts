import { assertEquals, assertThrows } from "@std/assert";
import { add, mul, split } from "../../../src/gpu/mod.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("split() gives equal parts of a batch, with gradients through each", async (device) => {
  for (const [batch, count, sample] of [[2, 2, [1]], [6, 3, [5]], [4, 1, [2, 3]], [8, 2, [4]]] as const) {
    for (let k = 0; k < count; k++) {
      const size = sample.reduce((a: number, b) => a * b, batch / count);
      await checkOp(device, {
        inputs: { x: { shape: [batch, ...sample] } },
        halves: ["x"],
        op: ({ x }) => split(x, count)[k]!,
        reference: ({ x }) => x.slice(k * size, (k + 1) * size),
        shape: [batch / count, ...sample],
      });
    }
  }
});

gpuTest("split() adds up what flows back through several parts", async (device) => {
  await checkOp(device, {
    inputs: { x: { shape: [4, 3] } },
    op: ({ x }) => {
      const [a, b] = split(x, 2);
      return add(mul(a!, b!), a!);
    },
    reference: ({ x }) => Float64Array.from({ length: 6 }, (_, i) => x[i]! * x[i + 6]! + x[i]!),
  });
});

gpuTest("split() takes numbers of classes as well", async (device) => {
  const parts = split(device.tensor([4_000_000_000, 1, 2, 3], { dtype: "u32" }), 2);
  const found = await device.read(parts);
  assertEquals(found.map((part) => [...part]), [[4_000_000_000, 1], [2, 3]]);
});

gpuTest("split() names parts that do not divide the batch", (device) => {
  const x = device.tensor([[1], [2], [3]]);
  assertThrows(
    () => split(x, 2),
    RangeError,
    "of shape [3, 1]: the parts must be a whole number that divides 3",
  );
  assertEquals(split(x, 3).length, 3);
});
