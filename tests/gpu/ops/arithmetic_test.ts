import { assertEquals, assertThrows } from "@std/assert";
import { add, div, mul, type Operand, sub, type Tensor } from "../../../src/gpu/mod.ts";
import { broadcastShape, type Shape } from "../../../src/gpu/tensor/shape.ts";
import { arithmeticReference } from "../../oracles/elementwise.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

const SHAPES: readonly (readonly [Shape, Shape])[] = [
  [[5], [5]],
  [[4, 7], [4, 7]],
  [[4, 7], [7]],
  [[7], [4, 7]],
  [[6, 3], []],
  [[], [6, 3]],
  [[3, 1], [1, 4]],
  [[3, 5, 4, 4], [5, 1, 1]],
  [[3, 5, 4, 4], [1, 5, 1, 1]],
  [[1, 2, 1, 2, 1, 2, 1, 2], [2, 1, 2, 1, 2, 1, 2, 1]],
  [[70, 3, 5], [3, 1]],
];
const OPERATIONS: Readonly<Record<"add" | "sub" | "mul" | "div", (a: Operand, b: Operand) => Tensor>> = {
  add,
  sub,
  mul,
  div,
};

for (const name of ["add", "sub", "mul", "div"] as const) {
  gpuTest(`${name}() broadcasts as PyTorch does, forward and gradients`, async (device) => {
    for (const [left, right] of SHAPES) {
      await checkOp(device, {
        inputs: { a: { shape: left }, b: { shape: right, range: [0.5, 2] } },
        halves: ["a", "b"],
        // Sums over up to 70 products that were rounded before.
        halfGradientTolerance: { relative: 2 ** -10, absolute: 2e-3 },
        op: ({ a, b }) => OPERATIONS[name](a, b),
        reference: ({ a, b }) =>
          arithmeticReference(name, { values: a, shape: left }, { values: b, shape: right }),
        shape: broadcastShape(left, right),
        gradientTolerance: { relative: 1e-4, absolute: 5e-5 },
      });
    }
  });

  gpuTest(`${name}() takes a number on either side`, async (device) => {
    const number = Float64Array.of(-1.5);
    await checkOp(device, {
      inputs: { x: { shape: [3, 3], range: [0.5, 2] } },
      halves: ["x"],
      op: ({ x }) => OPERATIONS[name](x, -1.5),
      reference: ({ x }) =>
        arithmeticReference(name, { values: x, shape: [9] }, { values: number, shape: [] }),
    });
    await checkOp(device, {
      inputs: { x: { shape: [3, 3], range: [0.5, 2] } },
      halves: ["x"],
      op: ({ x }) => OPERATIONS[name](-1.5, x),
      reference: ({ x }) =>
        arithmeticReference(name, { values: number, shape: [] }, { values: x, shape: [9] }),
    });
  });
}

gpuTest("add() explains shapes that do not broadcast", (device) => {
  const error = assertThrows(() => add(device.empty([2, 3]), device.empty([4])), RangeError);
  assertEquals(
    error.message,
    "Cannot broadcast [2, 3] with [4]: axis 1 of the result has extents 3 and 4, which must be equal or 1",
  );
});

Deno.test("mul() rejects two numbers", () => {
  assertThrows(() => mul(2, 3), TypeError, "mul() needs a tensor, found two numbers");
});
