import { assertEquals, assertThrows } from "@std/assert";
import { gradients, maxPool2d, type MaxPool2dOptions } from "../../../../src/gpu/mod.ts";
import { maxPool2dReference } from "../../../oracles/images.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

const POOLS: [shape: [number, number, number, number], MaxPool2dOptions, rows: number, columns: number][] = [
  [[1, 1, 1, 1], { kernel: 1 }, 1, 1],
  [[2, 6, 8, 5], { kernel: 2 }, 3, 4],
  [[1, 7, 6, 3], { kernel: 3, stride: 2, padding: 1 }, 4, 3],
  [[2, 5, 4, 4], { kernel: 3, stride: 1, padding: 1 }, 5, 4],
  [[1, 9, 8, 2], { kernel: 2, stride: 3 }, 3, 3],
];

gpuTest("maxPool2d() agrees with its reference", async (device) => {
  for (const [shape, options, rows, columns] of POOLS) {
    const [batch, height, width, channels] = shape;
    await checkOp(device, {
      inputs: { x: { shape } },
      halves: ["x"],
      op: ({ x }) => maxPool2d(x, options),
      reference: ({ x }) => maxPool2dReference(x, { batch, height, width, channels }, options),
      shape: [batch, rows, columns, channels],
      halfGradientTolerance: { relative: 2 ** -9, absolute: 2 ** -9 },
    });
  }
});

gpuTest("maxPool2d() gives the gradient to the first of the largest numbers, row by row", async (device) => {
  const x = device.tensor([1, 3, 0, 3, 2, 3, -1, -1, -1], { shape: [1, 3, 3, 1] });
  const y = maxPool2d(x, { kernel: 3 });
  const [gradient] = gradients([y], [x]);
  assertEquals([...await gradient!.data()], [0, 1, 0, 0, 0, 0, 0, 0, 0]);
});

gpuTest("maxPool2d() keeps NaN and infinities, and padding is less than both", async (device) => {
  const x = device.tensor([NaN, 5, -Infinity, -Infinity, 7, NaN, -Infinity, -Infinity], {
    shape: [1, 2, 4, 1],
  });
  assertEquals([...await maxPool2d(x, { kernel: 2 }).data()], [NaN, -Infinity]);
  assertEquals([...await maxPool2d(x, { kernel: 2, stride: 4, padding: 1 }).data()], [NaN, -Infinity]);
});

gpuTest("maxPool2d() of large windows takes what is largest in each", async (device) => {
  const side = 512;
  const values = new Float32Array(side * side * 2).map((_, at) => -1 - at % 977);
  values[(300 * side + 17) * 2 + 1] = 4;
  const x = device.tensor(values, { shape: [1, side, side, 2] });
  const y = maxPool2d(x, { kernel: side });
  const [found, gradient] = await device.read([y, gradients([y], [x])[0]!]);
  assertEquals([...found!], [-1, 4]);
  assertEquals([gradient!.indexOf(1), gradient!.lastIndexOf(1)], [0, (300 * side + 17) * 2 + 1]);
});

gpuTest("maxPool2d() explains what does not fit", (device) => {
  const x = device.tensor([1, 2, 3, 4], { shape: [1, 2, 2, 1] });
  assertThrows(
    () => maxPool2d(x, { kernel: 3 }),
    RangeError,
    "maxPool2d() needs images of at least one window",
  );
  assertThrows(() => maxPool2d(x, { kernel: 2, padding: 2 }), RangeError, "at most half the kernel, found 2");
});
