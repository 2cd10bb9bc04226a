import { assert, assertThrows } from "@std/assert";
import { fill, gradients, resizeBilinear, sum } from "../../../../src/gpu/mod.ts";
import { resizeBilinearReference } from "../../../oracles/images.ts";
import { checkOp } from "../../../support/check_op.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";

const SIZES: [shape: [number, number, number, number], to: [number, number]][] = [
  [[1, 1, 1, 1], [3, 2]],
  [[2, 5, 4, 3], [10, 8]],
  [[1, 9, 7, 4], [4, 13]],
  [[1, 6, 6, 2], [6, 1]],
];

gpuTest("resizeBilinear() agrees with its reference", async (device) => {
  for (const [shape, to] of SIZES) {
    const [batch, height, width, channels] = shape;
    await checkOp(device, {
      inputs: { x: { shape } },
      halves: ["x"],
      op: ({ x }) => resizeBilinear(x, to),
      reference: ({ x }) => resizeBilinearReference(x, { batch, height, width, channels }, to),
      shape: [batch, ...to, channels],
      halfGradientTolerance: { relative: 2 ** -9, absolute: 2 ** -9 },
    });
  }
});

gpuTest("resizeBilinear() of large images shares out the whole gradient", async (device) => {
  const x = fill(device, [1, 7, 512, 1], 3);
  const y = resizeBilinear(x, [512, 300]);
  const [gradient] = gradients([y], [x]);
  const [values, total] = await device.read([y, sum(gradient!)]);
  assert(values!.every((value) => Math.abs(value - 3) < 1e-6));
  assertClose(total!, [512 * 300], { relative: 1e-6, absolute: 0 }, "total");
});

gpuTest("resizeBilinear() names sizes that are none", (device) => {
  const x = fill(device, [1, 2, 2, 1], 1);
  assertThrows(() => resizeBilinear(x, [0, 2]), RangeError, "whole height of at least 1, found 0");
  assertThrows(() => resizeBilinear(x, [1, 2 ** 29]), RangeError, "found 2 and 536870912");
});
