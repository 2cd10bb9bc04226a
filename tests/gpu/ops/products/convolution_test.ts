import { assertEquals, assertThrows } from "@std/assert";
import type { ConvolutionGeometry } from "../../../../src/gpu/contraction/sums/geometry.ts";
import { conv2d, convTranspose2d, fill } from "../../../../src/gpu/mod.ts";
import { conv2dReference } from "../../../../src/gpu/ops/products/conv2d.ts";
import { convTranspose2dReference } from "../../../oracles/products.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

/** Sums of up to 900 products between -4 and 4, in 32 bits. */
const TOLERANCE = { relative: 1e-4, absolute: 5e-5 };

/** Batch, input and output channels, kernel, stride, padding, height, width, output padding. */
type Case = readonly [number, number, number, number, number, number, number, number, number?];

const CASES: readonly Case[] = [
  [1, 1, 1, 1, 1, 0, 1, 1],
  [3, 3, 5, 1, 1, 0, 7, 9],
  [3, 1, 7, 3, 1, 0, 9, 6],
  [1, 5, 3, 3, 1, 1, 8, 8],
  [3, 3, 5, 3, 2, 1, 9, 7],
  [2, 3, 8, 4, 2, 1, 16, 16],
  [2, 8, 12, 4, 2, 1, 8, 8],
  [1, 1, 5, 4, 2, 1, 15, 13],
  [3, 20, 1, 4, 1, 0, 4, 4],
  [2, 4, 7, 5, 2, 2, 11, 13],
  [1, 5, 36, 5, 1, 2, 7, 7],
  [2, 4, 4, 3, 3, 0, 11, 8],
  [2, 4, 8, 2, 3, 1, 9, 7],
];

function geometryOf(
  [images, inputs, outputs, kernel, stride, padding, height, width]: Case,
): ConvolutionGeometry {
  const extent = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  return {
    images,
    height,
    width,
    inputs,
    outHeight: extent(height),
    outWidth: extent(width),
    outputs,
    kernelHeight: kernel,
    kernelWidth: kernel,
    stride,
    padding,
  };
}

for (const sizes of CASES) {
  const [images, inputs, outputs, kernel, stride, padding, height, width] = sizes;
  const name = `${inputs} to ${outputs} channels, kernel ${kernel}, stride ${stride}, padding ${padding}, ` +
    `${height}x${width}`;
  const g = geometryOf(sizes);

  gpuTest(`conv2d() agrees with its reference: ${name}`, async (device) => {
    await checkOp(device, {
      inputs: {
        x: { shape: [images, height, width, inputs] },
        weight: { shape: [kernel, kernel, inputs, outputs] },
      },
      halves: ["x", "weight"],
      op: ({ x, weight }) => conv2d(x, weight, { stride, padding }),
      reference: ({ x, weight }) => conv2dReference(x, weight, g),
      shape: [images, g.outHeight, g.outWidth, outputs],
      tolerance: TOLERANCE,
    });
  });

  // The mirrored layer: what was the output is the input. The rows that the stride skipped are its output padding.
  gpuTest(`convTranspose2d() agrees with its reference: ${name}`, async (device) => {
    const missing = height - ((g.outHeight - 1) * stride - 2 * padding + kernel);
    const square = { ...g, width: (g.outWidth - 1) * stride - 2 * padding + kernel + missing };
    await checkOp(device, {
      inputs: {
        x: { shape: [images, g.outHeight, g.outWidth, outputs] },
        weight: { shape: [kernel, kernel, inputs, outputs] },
        bias: { shape: [inputs] },
      },
      halves: ["x", "weight"],
      op: ({ x, weight, bias }) =>
        convTranspose2d(x, weight, { stride, padding, outputPadding: Math.max(0, missing), bias }),
      reference: ({ x, weight, bias }) =>
        convTranspose2dReference(x, weight, square).map((value, index) => value + bias[index % inputs]!),
      shape: [images, height, square.width, inputs],
      tolerance: TOLERANCE,
    });
  });
}

gpuTest("conv2d() adds its bias to each output channel", async (device) => {
  const g = geometryOf([2, 3, 6, 3, 1, 1, 5, 4]);
  await checkOp(device, {
    inputs: { x: { shape: [2, 5, 4, 3] }, weight: { shape: [3, 3, 3, 6] }, bias: { shape: [6] } },
    halves: ["x", "weight"],
    op: ({ x, weight, bias }) => conv2d(x, weight, { padding: 1, bias }),
    reference: ({ x, weight, bias }) =>
      conv2dReference(x, weight, g).map((value, index) => value + bias[index % 6]!),
  });
});

gpuTest("conv2d() takes kernels that are not square", async (device) => {
  const g = { ...geometryOf([1, 4, 4, 3, 1, 1, 6, 5]), kernelWidth: 2, outWidth: 6 };
  await checkOp(device, {
    inputs: { x: { shape: [1, 6, 5, 4] }, weight: { shape: [3, 2, 4, 4] } },
    halves: ["x", "weight"],
    op: ({ x, weight }) => conv2d(x, weight, { padding: 1 }),
    reference: ({ x, weight }) => conv2dReference(x, weight, g),
    shape: [1, 6, 6, 4],
  });
});

gpuTest(
  "conv2d() runs rows enough for several workgroups and splits of the weight gradient",
  async (device) => {
    const sizes = [4, 8, 68, 4, 2, 1, 16, 16] as const;
    await checkOp(device, {
      inputs: { x: { shape: [4, 16, 16, 8] }, weight: { shape: [4, 4, 8, 68] } },
      halves: ["x", "weight"],
      op: ({ x, weight }) => conv2d(x, weight, { stride: 2, padding: 1 }),
      reference: ({ x, weight }) => conv2dReference(x, weight, geometryOf(sizes)),
      tolerance: { relative: 1e-4, absolute: 1e-4 },
    });
  },
);

gpuTest("conv2d() names what does not fit", (device) => {
  const x = fill(device, [1, 4, 4, 3], 1);
  const weight = fill(device, [3, 3, 2, 8], 1);
  assertThrows(() => conv2d(x, weight), RangeError, "must have 3 input channels, as x has, found 2");
  assertThrows(
    () => conv2d(x, fill(device, [5, 5, 3, 8], 1)),
    RangeError,
    "must fit images of 4x4 with padding 0, found 5x5",
  );
  const right = fill(device, [3, 3, 3, 8], 1);
  assertThrows(
    () => conv2d(x, right, { stride: 0 }),
    RangeError,
    "stride of conv2d() must be a whole number",
  );
  assertThrows(() => conv2d(x, right, { bias: device.tensor([1]) }), RangeError, "must have shape [8]");
});

gpuTest("convTranspose2d() names what does not fit", (device) => {
  const x = fill(device, [1, 2, 2, 3], 1);
  const weight = fill(device, [4, 4, 8, 3], 1);
  assertEquals(convTranspose2d(x, weight, { stride: 2, padding: 1 }).shape, [1, 4, 4, 8]);
  assertThrows(() => convTranspose2d(x, weight, { outputPadding: 1 }), RangeError, "less than the stride");
  assertThrows(
    () => convTranspose2d(x, fill(device, [4, 4, 3, 8], 1)),
    RangeError,
    "input channels, as x has, found 8",
  );
});

const ACTIVATIONS = {
  relu: { activation: { type: "relu" }, formula: (x: number) => Math.max(x, 0) },
  "leaky ReLU": {
    activation: { type: "leaky_relu", slope: 0.2 },
    formula: (x: number) => (x > 0 ? x : 0.2 * x),
  },
  tanh: { activation: { type: "tanh" }, formula: Math.tanh },
} as const;

/** Sums of up to 128 terms, each of which may be off by 2^-11: the gradient is rounded before the activation. */
const BEFORE_ACTIVATION = { relative: 2 ** -10, absolute: 8e-3 };

for (const [name, { activation, formula }] of Object.entries(ACTIVATIONS)) {
  gpuTest(`conv2d() and convTranspose2d() apply ${name} in their own kernel`, async (device) => {
    const g = geometryOf([2, 4, 8, 4, 2, 1, 8, 8]);
    await checkOp(device, {
      inputs: {
        x: { shape: [2, 8, 8, 4], range: [-0.5, 0.5] },
        weight: { shape: [4, 4, 4, 8], range: [-0.5, 0.5] },
      },
      halves: ["x", "weight"],
      halfGradientTolerance: BEFORE_ACTIVATION,
      op: ({ x, weight }) => conv2d(x, weight, { stride: 2, padding: 1, activation }),
      reference: ({ x, weight }) => conv2dReference(x, weight, g).map(formula),
    });
    await checkOp(device, {
      inputs: {
        x: { shape: [2, 4, 4, 8], range: [-0.5, 0.5] },
        weight: { shape: [4, 4, 4, 8], range: [-0.5, 0.5] },
        bias: { shape: [4] },
      },
      halves: ["x", "weight"],
      halfGradientTolerance: BEFORE_ACTIVATION,
      op: ({ x, weight, bias }) => convTranspose2d(x, weight, { stride: 2, padding: 1, bias, activation }),
      reference: ({ x, weight, bias }) =>
        convTranspose2dReference(x, weight, g).map((value, index) => formula(value + bias[index % 4]!)),
    });
  });
}
