import { assertThrows } from "@std/assert";
import { linear, matmul } from "../../../../src/gpu/mod.ts";
import { matmulReference } from "../../../../src/gpu/ops/products/matmul.ts";
import { linearReference } from "../../../oracles/products.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

gpuTest("matmul() agrees with its reference over odd and even sizes", async (device) => {
  const sizes = [[1, 1, 1], [7, 5, 3], [2, 3, 2], [1, 100, 33], [33, 7, 1], [70, 64, 4], [5, 1, 129], [
    96,
    40,
    72,
  ]];
  for (const [rows, depth, columns] of sizes as [number, number, number][]) {
    await checkOp(device, {
      inputs: { a: { shape: [rows, depth] }, b: { shape: [depth, columns] } },
      halves: ["a", "b"],
      op: ({ a, b }) => matmul(a, b),
      reference: ({ a, b }) => matmulReference(a, b, rows, depth, columns),
      shape: [rows, columns],
    });
  }
});

gpuTest("matmul() adds a split sum up to the whole", async (device) => {
  await checkOp(device, {
    inputs: { a: { shape: [3, 4100] }, b: { shape: [4100, 5] } },
    halves: ["a", "b"],
    op: ({ a, b }) => matmul(a, b),
    reference: ({ a, b }) => matmulReference(a, b, 3, 4100, 5),
    tolerance: { relative: 1e-4, absolute: 1e-4 },
  });
});

gpuTest("matmul() names shapes that do not fit", (device) => {
  const a = device.tensor([[1, 2, 3]]);
  assertThrows(() => matmul(a, a), RangeError, "Cannot multiply [1, 3] with [1, 3]");
  assertThrows(() => matmul(a, device.tensor([1])), RangeError, "two matrices");
});

gpuTest("linear() agrees with its reference, with and without a bias", async (device) => {
  for (const [batch, inputs, outputs] of [[1, 17, 64], [3, 100, 5], [4, 16, 50], [33, 8, 1]] as const) {
    const shapes = { x: { shape: [batch, inputs] }, weight: { shape: [outputs, inputs] } };
    await checkOp(device, {
      inputs: shapes,
      halves: ["x", "weight"],
      op: ({ x, weight }) => linear(x, weight),
      reference: ({ x, weight }) => linearReference(x, weight, undefined, inputs),
    });
    await checkOp(device, {
      inputs: { ...shapes, bias: { shape: [outputs] } },
      halves: ["x", "weight"],
      op: ({ x, weight, bias }) => linear(x, weight, bias),
      reference: ({ x, weight, bias }) => linearReference(x, weight, bias, inputs),
    });
  }
});

gpuTest("linear() names a bias that does not fit", (device) => {
  const weight = device.tensor([[1, 2], [3, 4]]);
  assertThrows(() => linear(weight, weight, device.tensor([1, 2, 3])), RangeError, "must have shape [2]");
});
