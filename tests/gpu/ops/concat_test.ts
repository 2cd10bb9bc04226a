import { assertThrows } from "@std/assert";
import { concat } from "../../../src/gpu/mod.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("concat() puts batches of any size behind each other", async (device) => {
  for (const [a, b, sample] of [[1, 1, [1]], [2, 3, [5]], [4, 2, [2, 2, 3]], [3, 1, [8]]] as const) {
    await checkOp(device, {
      inputs: { a: { shape: [a, ...sample] }, b: { shape: [b, ...sample] } },
      halves: ["a", "b"],
      op: ({ a, b }) => concat(a, b),
      reference: ({ a, b }) => [...a, ...b],
      shape: [a + b, ...sample],
    });
  }
});

gpuTest("concat() names samples of different shapes", (device) => {
  const a = device.tensor([[1, 2]]);
  assertThrows(() => concat(a, device.tensor([[1, 2, 3]])), RangeError, "shapes [1, 2] and [1, 3]");
});
