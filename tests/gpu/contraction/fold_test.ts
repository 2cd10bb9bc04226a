import { assertEquals } from "@std/assert";
import { fold } from "../../../src/gpu/contraction/fold.ts";
import type { ConvolutionGeometry } from "../../../src/gpu/contraction/sums/geometry.ts";
import { convTranspose2d, Device } from "../../../src/gpu/mod.ts";
import { convTranspose2dReference } from "../../oracles/products.ts";
import { checkOp } from "../../support/check_op.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { asCard } from "../../support/other_adapters.ts";
import { randomValues } from "../../support/random.ts";

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

gpuTest("fold() is the same to the bit by lines, as on processors, and by elements", async (device) => {
  const cards = asCard(device);
  const square = { images: 3, kernelHeight: 4, kernelWidth: 4, outputs: 1, stride: 2, padding: 1 };
  const geometries: ConvolutionGeometry[] = [
    { ...square, inputs: 3, height: 10, width: 14, outHeight: 5, outWidth: 7 },
    { ...square, inputs: 1, height: 9, width: 11, outHeight: 5, outWidth: 6, padding: [1, 1] },
    { ...square, inputs: 4, height: 7, width: 8, outHeight: 4, outWidth: 5, stride: [1, 2], padding: [0, 2] },
    { ...square, inputs: 2, height: 8, width: 8, outHeight: 2, outWidth: 5, kernelWidth: 6, stride: [4, 1] },
    { ...square, inputs: 3, height: 12, width: 9, outHeight: 5, outWidth: 4, padding: 0 },
  ];
  for (const [i, g] of geometries.entries()) {
    const count = g.images * g.outHeight * g.outWidth * g.kernelHeight * g.kernelWidth * g.inputs;
    const values = randomValues(count, i, [-1, 1]);
    const size = g.images * g.height * g.width * g.inputs;
    const finishes = [{}, { bias: true }, { bias: true, tanh: true }, { gate: true }];
    for (const { bias, tanh, gate } of finishes as { bias?: true; tanh?: true; gate?: true }[]) {
      const [byLines, byElements] = await Promise.all([device, cards].map(async (on) => {
        const output = on.empty([size]);
        const activation = { type: "leaky_relu", slope: 0.2 } as const;
        fold(on.tensor(values), output, g, {
          ...(bias ? { bias: on.tensor(randomValues(g.inputs, 7, [-1, 1])) } : {}),
          ...(tanh ? { activation: { type: "tanh" } } : {}),
          ...(gate ? { gate: { activation, of: on.tensor(randomValues(size, 8, [-1, 1])) } } : {}),
        });
        return await output.data();
      }));
      assertEquals(byLines, byElements, `${i}, ${JSON.stringify({ bias, tanh, gate })}`);
    }
  }
  cards.ledger.destroyAll();
});
