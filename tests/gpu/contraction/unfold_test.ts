import { assertEquals } from "@std/assert";
import { suitsUnfolding, unfold } from "../../../src/gpu/contraction/unfold.ts";
import type { ConvolutionGeometry } from "../../../src/gpu/contraction/sums/geometry.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { conv2d, Device, type Tensor } from "../../../src/gpu/mod.ts";
import { conv2dReference } from "../../../src/gpu/ops/products/conv2d.ts";
import { checkOp } from "../../support/check_op.ts";
import { assertClose } from "../../support/close.ts";
import { gpuTest } from "../../support/gpu.ts";
import { randomValues } from "../../support/random.ts";

/** Convolutions to few channels, whose gradients are products with the unfolded output gradient. */
const CASES = [
  { height: 6, width: 5, inputs: 8, outputs: 3, kernel: [3, 3], padding: 1 },
  { height: 4, width: 7, inputs: 9, outputs: 1, kernel: [3, 3], padding: 0 },
  { height: 5, width: 5, inputs: 12, outputs: 4, kernel: [1, 1], padding: 0 },
  { height: 6, width: 6, inputs: 8, outputs: 2, kernel: [5, 5], padding: 2 },
  { height: 5, width: 8, inputs: 16, outputs: 3, kernel: [2, 4], padding: [1, 3] },
  // More zeros than a window reaches
  { height: 3, width: 3, inputs: 8, outputs: 3, kernel: [2, 2], padding: 3 },
] as const;

function geometryOf(
  { height, width, inputs, outputs, kernel: [kernelHeight, kernelWidth], padding }: (typeof CASES)[number],
  images = 2,
): ConvolutionGeometry {
  const [down, across] = typeof padding === "number" ? [padding, padding] : padding;
  return {
    images,
    height,
    width,
    inputs,
    outHeight: height + 2 * down - kernelHeight + 1,
    outWidth: width + 2 * across - kernelWidth + 1,
    outputs,
    kernelHeight,
    kernelWidth,
    stride: 1,
    padding,
  };
}

for (const one of CASES) {
  const { height, width, inputs, outputs, kernel, padding } = one;
  gpuTest(
    `conv2d() from ${inputs} to ${outputs} channels, kernel ${kernel}, padding ${padding}, has both gradients`,
    async (device) => {
      const g = geometryOf(one);
      assertEquals(suitsUnfolding(device, g), device.adapter.software);
      await checkOp(device, {
        inputs: {
          x: { shape: [2, height, width, inputs] },
          weight: { shape: [...kernel, inputs, outputs] },
        },
        shape: [2, g.outHeight, g.outWidth, outputs],
        halves: ["x", "weight"],
        op: ({ x, weight }) => conv2d(x, weight, { padding }),
        reference: ({ x, weight }) => conv2dReference(x, weight, g),
        tolerance: { relative: 1e-4, absolute: 5e-5 },
      });
    },
  );
}

gpuTest("unfold() shows each pixel the output gradients that it reaches, and zeros", async (device) => {
  const g = { ...geometryOf(CASES[1], 1), height: 2, width: 2, outHeight: 2, outWidth: 2, padding: 1 };
  const gradient = device.tensor([1, 2, 3, 4], { shape: [1, 2, 2, 1] });
  const rows = unfold(gradient, g);
  assertEquals(rows.shape, [4, 12]);
  // Of the first pixel: it is in the middle of the window of output 1, left of that in 2, above it in 3
  assertEquals(
    [...(await rows.data()).slice(0, 12)],
    [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0].map((_, at) => {
      const [ky, kx] = [Math.floor(at / 3), at % 3];
      const [y, x] = [1 - ky, 1 - kx];
      return at < 9 && y >= 0 && y < 2 && x >= 0 && x < 2 ? 1 + 2 * y + x : 0;
    }),
  );
});

Deno.test("suitsUnfolding() wants few output channels, many inputs, steps of one, and room", () => {
  const device = {
    adapter: { software: true, limits: { maxStorageBufferBindingSize: 2 ** 27 } },
  } as unknown as Device;
  const g = geometryOf(CASES[0]);
  assertEquals(suitsUnfolding(device, g), true);
  const others: Partial<ConvolutionGeometry>[] = [
    { outputs: 5 },
    { inputs: 7 },
    { stride: 2 },
    { stride: [1, 2] },
    { dilation: 2 },
    { groups: 2 },
    { kernelHeight: 8 },
    { images: 2 ** 21 },
  ];
  for (const other of others) {
    assertEquals(suitsUnfolding(device, { ...g, ...other }), false, JSON.stringify(other));
  }
  const card = { adapter: { ...device.adapter, software: false } } as Device;
  assertEquals(suitsUnfolding(card, g), false);
});

gpuTest(
  "gradients of a last layer are those of its own kernels at the size people train, and add up",
  async (device) => {
    const shapes = { x: [64, 64, 64, 16], weight: [3, 3, 16, 3], seeds: [64, 64, 64, 3] };
    const gradientsOn = async (device: Device) => {
      using _scope = device.scope();
      const tensorOf = (shape: readonly number[], seed: number): Tensor => {
        const size = shape.reduce((product, extent) => product * extent, 1);
        return device.tensor(randomValues(size, seed, [-1, 1]), { shape });
      };
      const [x, weight, seeds] = [
        tensorOf(shapes.x, 1),
        tensorOf(shapes.weight, 2),
        tensorOf(shapes.seeds, 3),
      ];
      const y = conv2d(x, weight, { padding: 1 });
      // Twice the same convolution: its weight gradients are added up
      const twice = conv2d(x, weight, { padding: 1 });
      const found = gradients([y, twice], [x, weight], { seeds: [seeds, seeds] });
      const [gradientX, gradientWeight] = await device.read(found) as [Float32Array, Float32Array];
      return { x: gradientX.filter((_, at) => at % 977 === 0), weight: gradientWeight };
    };
    const plain = new Device(device.gpu, { ...device.adapter, software: false }, device.capabilities);
    const expected = await gradientsOn(plain);
    plain.ledger.destroyAll();
    const found = await gradientsOn(device);
    assertClose(found.x, expected.x, { relative: 1e-4, absolute: 1e-3 }, "x");
    assertClose(found.weight, expected.weight, { relative: 1e-3, absolute: 1e-1 }, "weight");
  },
);
