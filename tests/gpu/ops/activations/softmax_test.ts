import { assert, assertEquals, assertThrows } from "@std/assert";
import { crossEntropy, softmax } from "../../../../gpu.ts";
import { softmaxReference } from "../../../oracles/activations.ts";
import { crossEntropyReference } from "../../../oracles/losses.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

gpuTest("softmax() agrees with its reference, forward and gradient", async (device) => {
  for (const shape of [[1], [10], [1, 3], [5, 10], [2, 3, 7], [3, 200]]) {
    await checkOp(device, {
      inputs: { x: { shape, range: [-4, 4] } },
      op: ({ x }) => softmax(x),
      reference: ({ x }) => softmaxReference(x, shape.at(-1)!),
      shape,
    });
  }
});

gpuTest("softmax() holds at huge logits", async (device) => {
  const y = await softmax(device.tensor([[1e38, 1e38, -1e38], [-1e30, -1e30, -1e30]])).data();
  assertEquals([...y], [0.5, 0.5, 0, ...new Array(3).fill(Math.fround(1 / 3))]);
});

gpuTest("crossEntropy() agrees with its reference, forward and gradient", async (device) => {
  for (const [rows, classes] of [[1, 3], [5, 10], [64, 10], [3, 200]] as const) {
    const values = Uint32Array.from({ length: rows }, (_, row) => row * 7 % classes);
    const labels = device.tensor(values, { dtype: "u32" });
    await checkOp(device, {
      inputs: { x: { shape: [rows, classes], range: [-4, 4] } },
      op: ({ x }) => crossEntropy(x, labels),
      reference: ({ x }) => [crossEntropyReference(x, values)],
      shape: [],
    });
  }
});

gpuTest("crossEntropy() answers a label that is no class with NaN", async (device) => {
  const labels = device.tensor([0, 3], { dtype: "u32" });
  assert(Number.isNaN(await crossEntropy(device.tensor([[1, 2, 3], [1, 2, 3]]), labels).item()));
});

gpuTest("crossEntropy() rejects wrong shapes and types", (device) => {
  const labels = device.empty([2], "u32");
  const error = assertThrows(() => crossEntropy(device.empty([3, 4]), labels), RangeError);
  assertEquals(
    error.message,
    "crossEntropy() needs logits [rows, classes] and labels [rows], found [3, 4] and [2]",
  );
  assertThrows(() => crossEntropy(device.empty([2, 4]), device.empty([2])), TypeError, "labels of type u32");
});
