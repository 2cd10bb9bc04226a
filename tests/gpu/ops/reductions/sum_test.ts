import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { type Device, mean, sum } from "../../../../src/gpu/mod.ts";
import { normalizeAxes, type Shape, sizeOf } from "../../../../src/gpu/tensor/shape.ts";
import { sumReference } from "../../../oracles/reductions.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { onCard, onProcessor } from "../../../support/other_adapters.ts";
import { randomValues } from "../../../support/random.ts";

/** Sums one axis after another, the last first. */
function sumAxesReference(x: Float64Array, shape: Shape, axes: readonly number[]): Float64Array {
  const left = [...shape];
  let values = x;
  for (const axis of normalizeAxes(axes, shape.length).toReversed()) {
    values = sumReference(values, [sizeOf(left.slice(0, axis)), left[axis]!, sizeOf(left.slice(axis + 1))]);
    left[axis] = 1;
  }
  return values;
}

const CASES: readonly { shape: Shape; axes: readonly number[]; result: Shape }[] = [
  { shape: [], axes: [], result: [] },
  { shape: [7], axes: [0], result: [] },
  { shape: [4, 7], axes: [0], result: [7] },
  { shape: [4, 7], axes: [-1], result: [4] },
  { shape: [4, 7], axes: [], result: [4, 7] },
  { shape: [1, 7], axes: [0], result: [7] },
  { shape: [3, 5, 4, 4], axes: [0, 2, 3], result: [5] },
  { shape: [3, 5, 4, 4], axes: [0, 1, 2, 3], result: [] },
  { shape: [2, 3, 2, 3, 2], axes: [1, 3], result: [2, 2, 2] },
  { shape: [5, 6, 7, 3], axes: [0, 1, 2], result: [3] },
  { shape: [300, 65], axes: [0], result: [65] },
  { shape: [65, 300], axes: [1], result: [65] },
];

gpuTest("sum() adds over any axes", async (device) => {
  for (const { shape, axes, result } of CASES) {
    await checkOp(device, {
      inputs: { x: { shape } },
      halves: ["x"],
      op: ({ x }) => sum(x, { axes }),
      reference: ({ x }) => sumAxesReference(x, shape, axes),
      shape: result,
    });
  }
});

gpuTest("mean() divides by the number of elements", async (device) => {
  for (const { shape, axes, result } of CASES) {
    const count = sizeOf(shape) / sizeOf(result);
    await checkOp(device, {
      inputs: { x: { shape } },
      halves: ["x"],
      op: ({ x }) => mean(x, { axes }),
      reference: ({ x }) => sumAxesReference(x, shape, axes).map((value) => value / count),
      shape: result,
    });
  }
});

gpuTest("sum() keeps reduced axes when asked to", (device) => {
  const x = device.empty([2, 3, 4]);
  assertEquals(sum(x, { axes: [1, -1], keepDims: true }).shape, [2, 1, 1]);
  assertEquals(mean(x, { keepDims: true }).shape, [1, 1, 1]);
});

gpuTest("sum() does not drift over 100,000 elements", async (device) => {
  for (const values of [randomValues(100_000, 1, [0, 1]), new Float64Array(100_000).fill(Math.fround(0.1))]) {
    const exact = values.reduce((total, value) => total + value, 0);
    for (const shape of [[100_000], [100_000, 1], [1000, 100]]) {
      const found = await sum(device.tensor(values, { shape })).item();
      assertLess(Math.abs(found - exact) / exact, 1e-6);
    }
  }
  const columns = device.tensor(new Float32Array(300_000).fill(0.1), { shape: [100_000, 3] });
  for (const total of await sum(columns, { axes: [0] }).data()) {
    assertLess(Math.abs(total / (100_000 * Math.fround(0.1)) - 1), 1e-6);
  }
});

gpuTest("sum() gives the same bytes each time", async (device) => {
  const x = device.tensor(randomValues(50_000, 2, [-1, 1]));
  const [first, second] = await device.read([sum(x), sum(x)]);
  assertEquals(first, second);
});

gpuTest("sum() lets NaN through", async (device) => {
  assert(Number.isNaN(await sum(device.tensor([1, NaN, 2])).item()));
});

gpuTest("sum() rejects axes that do not exist", (device) => {
  const x = device.empty([2, 3]);
  assertThrows(() => sum(x, { axes: [2] }), RangeError, "must be from -2 to 1, found 2");
  assertThrows(() => sum(x, { axes: [0, -2] }), RangeError, "Axes must differ, found [0, -2]");
});

gpuTest("sum() has the same bytes by fours of columns, as on processors, and by lanes", async (device) => {
  const cases: [shape: number[], axes: number[]][] = [
    [[3000, 8], [0]],
    [[70, 12], [0]],
    [[2, 517, 64], [1]],
    [[3, 5, 33, 16], [1, 2]],
    [[9, 4], [0]],
    [[300_001, 4], [0]],
    [[2, 7, 260], [0, 1]],
  ];
  for (const [shape, axes] of cases) {
    const values = randomValues(shape.reduce((a, b) => a * b), shape[0]!, [-1, 1]);
    const sums = (on: Device) => mean(on.tensor(values, { shape }), { axes }).data();
    let byLanes: Float32Array | undefined;
    await onCard(device, async (card) => {
      byLanes = await sums(card);
    });
    await onProcessor(device, async (processor) => {
      assertEquals(await sums(processor), byLanes, `${shape}, ${axes}`);
    });
  }
});
