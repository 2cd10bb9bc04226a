import { assertEquals, assertThrows } from "@std/assert";
import { clamp, gradients } from "../../../src/gpu/mod.ts";
import { checkOp } from "../../support/check_op.ts";
import { gpuTest } from "../../support/gpu.ts";

gpuTest("clamp() agrees with its reference", async (device) => {
  for (const options of [{ min: -0.5, max: 1 }, { min: 0.25 }, { max: -0.75 }]) {
    const { min = -Infinity, max = Infinity } = options;
    await checkOp(device, {
      inputs: { x: { shape: [3, 7] } },
      halves: ["x"],
      op: ({ x }) => clamp(x, options),
      reference: ({ x }) => x.map((value) => Math.min(Math.max(value, min), max)),
    });
  }
});

gpuTest("clamp() keeps NaN, and passes gradients at both ends", async (device) => {
  const x = device.tensor([NaN, -1, 1, -Infinity, Infinity, 0]);
  const y = clamp(x, { min: -1, max: 1 });
  const [values, gradient] = await device.read([y, gradients([y], [x])[0]!]);
  assertEquals([...values!], [NaN, -1, 1, -1, 1, 0]);
  assertEquals([...gradient!].slice(1), [1, 1, 0, 0, 1]);
});

gpuTest("clamp() names ends that are none", (device) => {
  const x = device.tensor([1]);
  for (const wrong of [{}, { min: 2, max: 1 }, { min: NaN }, { min: -Infinity, max: Infinity }]) {
    assertThrows(() => clamp(x, wrong), RangeError, "clamp() needs a 'min', a 'max' or both");
  }
});
