import { assertEquals, assertThrows } from "@std/assert";
import { avgPool2d, type AvgPool2dOptions, globalAvgPool2d } from "../../../../src/gpu/mod.ts";
import { avgPool2dReference, globalAvgPool2dReference } from "../../../oracles/images.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

const POOLS: [
  shape: [number, number, number, number],
  options: AvgPool2dOptions,
  rows: number,
  columns: number,
][] = [
  [[1, 1, 1, 1], { kernel: 1 }, 1, 1],
  [[3, 6, 8, 5], { kernel: 2 }, 3, 4],
  [[1, 7, 5, 3], { kernel: 2 }, 3, 2],
  [[2, 7, 6, 8], { kernel: 3, stride: 2, padding: 1 }, 4, 3],
  [[2, 7, 6, 4], { kernel: 3, stride: 1, padding: 1, countIncludePad: false }, 7, 6],
  [[1, 9, 8, 2], { kernel: 2, stride: 3 }, 3, 3],
  [[2, 5, 5, 4], { kernel: 5 }, 1, 1],
  [[1, 3, 4, 1], { kernel: 4, stride: 1, padding: 2, countIncludePad: false }, 4, 5],
];

gpuTest("avgPool2d() agrees with its reference", async (device) => {
  for (const [shape, options, rows, columns] of POOLS) {
    const [batch, height, width, channels] = shape;
    await checkOp(device, {
      inputs: { x: { shape } },
      halves: ["x"],
      op: ({ x }) => avgPool2d(x, options),
      reference: ({ x }) => avgPool2dReference(x, { batch, height, width, channels }, options),
      shape: [batch, rows, columns, channels],
    });
  }
});

gpuTest("avgPool2d() gives no gradient to pixels that no window has", async (device) => {
  const x = device.tensor(new Float32Array(9), { shape: [1, 3, 3, 1] });
  const y = avgPool2d(x, { kernel: 2 });
  const [gradient] = y.origin!.backward(device.tensor([4], { shape: y.shape }), [{}]);
  assertEquals([...await gradient!.data()], [1, 1, 0, 1, 1, 0, 0, 0, 0]);
});

gpuTest("avgPool2d() explains what does not fit", (device) => {
  const x = device.tensor([1, 2, 3, 4], { shape: [1, 2, 2, 1] });
  assertThrows(() => avgPool2d(x, { kernel: 3 }), RangeError, "found [2, 2] pixels with a padding of 0");
  assertThrows(() => avgPool2d(x, { kernel: 2, padding: 2 }), RangeError, "at most half the kernel, found 2");
  assertThrows(() => avgPool2d(x, { kernel: 0 }), RangeError, "whole kernel of at least 1, found 0");
  assertThrows(
    () => avgPool2d(x, { kernel: 1, stride: 0 }),
    RangeError,
    "whole stride of at least 1, found 0",
  );
});

gpuTest("globalAvgPool2d() agrees with its reference", async (device) => {
  for (
    const [batch, height, width, channels] of [[1, 1, 1, 1], [3, 6, 7, 5], [2, 1, 9, 8], [
      1,
      40,
      50,
      4,
    ]] as const
  ) {
    await checkOp(device, {
      inputs: { x: { shape: [batch, height, width, channels] } },
      halves: ["x"],
      op: ({ x }) => globalAvgPool2d(x),
      reference: ({ x }) => globalAvgPool2dReference(x, { batch, height, width, channels }),
      shape: [batch, channels],
    });
  }
});

gpuTest("globalAvgPool2d() explains what does not fit", (device) => {
  assertThrows(() => globalAvgPool2d(device.tensor([[1]])), RangeError, "channels], found [1, 1]");
});
