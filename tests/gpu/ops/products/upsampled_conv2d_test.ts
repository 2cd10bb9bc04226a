import { assertEquals, assertThrows } from "@std/assert";
import { conv2d, Device, upsampledConv2d, upsampleNearest } from "../../../../src/gpu/mod.ts";
import { gradients } from "../../../../src/gpu/autograd/gradients.ts";
import { assertClose } from "../../../support/close.ts";
import { gpuTest } from "../../../support/gpu.ts";
import { randomValues } from "../../../support/random.ts";

/** The same device, as if it bound fewer bytes. Give its buffers back with `ledger.destroyAll()`. */
function binding(device: Device, bytes: number): Device {
  const limits = { ...device.adapter.limits, maxStorageBufferBindingSize: bytes };
  return new Device(device.gpu, { ...device.adapter, limits }, device.capabilities);
}

/** The convolution and its gradients, twice over so that the second are added to the first. */
function results(device: Device, op: typeof upsampledConv2d) {
  const tensor = (shape: number[], seed: number) =>
    device.tensor(randomValues(shape.reduce((a, b) => a * b), seed, [-1, 1]), { shape });
  const [x, weight, bias] = [tensor([7, 4, 4, 16], 1), tensor([3, 3, 16, 4], 2), tensor([4], 3)];
  const options = { scale: 2, padding: 1, bias, activation: { type: "leaky_relu", slope: 0.2 } } as const;
  const [first, second] = [op(x, weight, options), op(x, weight, options)];
  const seeds = [tensor(first.shape as number[], 4), tensor(first.shape as number[], 5)];
  return [first, ...gradients([first, second], [x, weight, bias], { seeds })];
}

gpuTest("upsampledConv2d() in parts of the batch is the same as of all of it", async (device) => {
  const inTwo: typeof upsampledConv2d = (x, weight, { scale, ...options }) =>
    conv2d(upsampleNearest(x, scale), weight, options);
  const expected = await device.read(results(device, inTwo));
  // All pictures take 28672 bytes when they are enlarged, and 7168 before
  for (const bytes of [28672, 20000, 8192]) {
    const narrow = binding(device, bytes);
    try {
      using _scope = narrow.scope();
      const found = await narrow.read(results(narrow, upsampledConv2d));
      for (const [i, values] of expected.entries()) {
        assertClose(found[i]!, values, { relative: 1e-5, absolute: 1e-5 }, `result ${i}, ${bytes} bytes`);
      }
      using program = narrow.program({}, () => results(narrow, upsampledConv2d));
      program.run();
      for (const [i, values] of (await narrow.read(program.outputs)).entries()) {
        assertEquals(values, found[i], `result ${i} of a program, ${bytes} bytes`);
      }
    } finally {
      narrow.ledger.destroyAll();
    }
  }
});

gpuTest("upsampledConv2d() explains what does not fit", (device) => {
  const x = device.empty([1, 4, 4, 3]);
  assertThrows(
    () => upsampledConv2d(x, device.empty([3, 3, 2, 4]), { scale: 2 }),
    RangeError,
    "must have 3 input channels, as x has, found 2",
  );
  assertThrows(() => upsampledConv2d(x, device.empty([3, 3, 3, 4]), { scale: 0 }), RangeError, "whole scale");
});
