import { assertEquals, assertThrows } from "@std/assert";
import { add, mul, slice } from "../../../src/gpu/mod.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("slice() cuts a part out of any axis, with a gradient of zeros around it", async (device) => {
  const shape = [3, 2, 8];
  for (const [axis, start, end] of [[0, 1, 3], [1, 1, 2], [2, 0, 3], [2, 4, 8], [-1, 3, 8]] as const) {
    const places = Array.from(
      { length: 48 },
      (_, at) => [Math.floor(at / 16), Math.floor(at / 8) % 2, at % 8],
    );
    const own = axis < 0 ? axis + 3 : axis;
    const kept = places.flatMap((place, at) => place[own]! >= start && place[own]! < end ? [at] : []);
    await checkOp(device, {
      inputs: { x: { shape } },
      halves: ["x"],
      op: ({ x }) => slice(x, { axis, start, end }),
      reference: ({ x }) => kept.map((at) => x[at]!),
      shape: shape.with(own, end - start),
    });
  }
});

gpuTest(
  "slice() takes whole numbers, and adds up what flows back through parts that overlap",
  async (device) => {
    const labels = device.tensor([[1, 2, 3], [4, 5, 2 ** 31]], { dtype: "u32" });
    assertEquals([...(await device.read([slice(labels, { axis: 1, start: 2 })]))[0]!], [3, 2 ** 31]);
    await checkOp(device, {
      inputs: { x: { shape: [2, 3] } },
      op: ({ x }) => {
        const [left, right] = [slice(x, { axis: 1, end: 2 }), slice(x, { axis: 1, start: 1 })];
        return add(mul(left, right), right);
      },
      reference: ({ x }) => [0, 1, 3, 4].map((at) => x[at]! * x[at + 1]! + x[at + 1]!),
    });
  },
);

gpuTest("slice() names a part that is not there", (device) => {
  const x = device.tensor([[1, 2, 3]]);
  for (const wrong of [{ start: -1 }, { start: 3 }, { start: 2, end: 2 }, { end: 4 }, { start: 0.5 }]) {
    assertThrows(
      () => slice(x, { axis: 1, ...wrong }),
      RangeError,
      "0 <= start < end <= 3 for axis 1 of shape [1, 3]",
    );
  }
  assertThrows(() => slice(x, { axis: 2 }), RangeError);
});
