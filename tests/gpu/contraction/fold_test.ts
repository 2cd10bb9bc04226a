import { convTranspose2d, Device } from "../../../src/gpu/mod.ts";
import { convTranspose2dReference } from "../../oracles/products.ts";
import { checkOp } from "../../support/check_op.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Transposed convolutions to few channels, which multiply first and fold then. */
const CASES = [
  { size: 4, inputs: 8, outputs: 1, kernel: 4, stride: 2, padding: 1, outputPadding: 0 },
  { size: 3, inputs: 12, outputs: 3, kernel: 5, stride: 2, padding: 2, outputPadding: 1 },
  { size: 5, inputs: 9, outputs: 4, kernel: 3, stride: 1, padding: 0, outputPadding: 0 },
  { size: 4, inputs: 10, outputs: 2, kernel: 2, stride: 3, padding: 0, outputPadding: 2 },
  { size: 6, inputs: 8, outputs: 3, kernel: 3, stride: 1, padding: 2, outputPadding: 0 },
];

for (const { size, inputs, outputs, kernel, stride, padding, outputPadding } of CASES) {
  gpuTest(
    `convTranspose2d() from ${inputs} to ${outputs} channels, kernel ${kernel}, stride ${stride}, padding ${padding}`,
    async (device) => {
      const large = (size - 1) * stride - 2 * padding + kernel + outputPadding;
      const g = {
        images: 2,
        height: large,
        width: large,
        inputs: outputs,
        outHeight: size,
        outWidth: size,
        outputs: inputs,
        kernelHeight: kernel,
        kernelWidth: kernel,
        stride,
        padding,
      };
      const tensors = {
        x: { shape: [2, size, size, inputs] },
        weight: { shape: [kernel, kernel, outputs, inputs] },
        bias: { shape: [outputs] },
      };
      for (const activation of [undefined, { type: "tanh" } as const]) {
        await checkOp(device, {
          inputs: tensors,
          shape: [2, large, large, outputs],
          // Behind tanh, f16 rounds what its gradient is made of; the tests of convTranspose2d() hold that.
          ...(activation ? {} : { halves: ["x", "weight"] }),
          op: ({ x, weight, bias }) =>
            convTranspose2d(x, weight, { stride, padding, outputPadding, bias, activation }),
          reference: ({ x, weight, bias }) =>
            convTranspose2dReference(x, weight, g)
              .map((value, index) => value + bias[index % outputs]!)
              .map((value) => activation ? Math.tanh(value) : value),
          tolerance: { relative: 1e-4, absolute: 5e-5 },
        });
      }
    },
  );
}

gpuTest(
  "convTranspose2d() to few channels makes no more taps than one binding can hold",
  async ({ gpu, adapter, capabilities }) => {
    const x = Float64Array.from({ length: 2 * 8 * 8 * 8 }, (_, i) => i * 7 % 13 - 6);
    const weight = Float64Array.from({ length: 4 * 4 * 3 * 8 }, (_, i) => i * 5 % 11 - 5);
    // Inputs take 4 KiB, the result 6 KiB, and all taps 24 KiB.
    const limits = { ...adapter.limits, maxStorageBufferBindingSize: 8192 };
    const small = new Device(gpu, { ...adapter, limits }, capabilities);
    const y = convTranspose2d(
      small.tensor(x, { shape: [2, 8, 8, 8] }),
      small.tensor(weight, { shape: [4, 4, 3, 8] }),
      { stride: 2, padding: 1 },
    );
    const expected = convTranspose2dReference(x, weight, {
      images: 2,
      height: 16,
      width: 16,
      inputs: 3,
      outHeight: 8,
      outWidth: 8,
      outputs: 8,
      kernelHeight: 4,
      kernelWidth: 4,
      stride: 2,
      padding: 1,
    });
    assertClose(await y.data(), expected, { relative: 1e-5, absolute: 1e-5 }, "result");
    small.ledger.destroyAll();
  },
);
