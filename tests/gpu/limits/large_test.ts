/**
 * Operations at sizes at which drivers and floats show their limits, held to what needs no stored numbers: sums of ones
 * count, means of equal numbers are these numbers, normalized columns have mean 0 and variance 1.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  avgPool2d,
  batchNorm,
  bceWithLogits,
  conv2d,
  convTranspose2d,
  crossEntropy,
  fill,
  globalAvgPool2d,
  linear,
  matmul,
  mean,
  mul,
  randomNormal,
  softmax,
  square,
  sum,
  type Tensor,
  upsampleNearest,
} from "../../../gpu.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { gpuTest } from "../../support/gpu.ts";

/** Throws unless all elements are equal to a number. */
async function assertAll(tensor: Tensor, expected: number, allowed: number, label: string): Promise<void> {
  const values = await tensor.data();
  let worst = 0;
  for (const value of values) {
    const distance = Math.abs(value - expected);
    if (!(distance <= worst)) worst = distance;
  }
  assertAlmostEquals(worst, 0, allowed, `${label}: expected ${expected} everywhere, off by up to ${worst}`);
}

/** A convolution of ones, with all that is needed to know what its weight gradient counts. */
interface Counted {
  readonly images: number;
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
}

/** Layers of a DCGAN that see most pixels: D's first at two batches and G's last, at batches that people train. */
const LAYERS: Readonly<Record<string, Counted>> = {
  "the first layer of D, 256 pictures of 128x128": {
    images: 256,
    size: 128,
    inputs: 1,
    outputs: 16,
    kernel: 4,
    stride: 2,
  },
  "the first layer of D, 64 pictures of 256x256": {
    images: 64,
    size: 256,
    inputs: 3,
    outputs: 8,
    kernel: 4,
    stride: 2,
  },
  "the last layer of nearest upsampling, 128 pictures of 64x64": {
    images: 128,
    size: 64,
    inputs: 32,
    outputs: 3,
    kernel: 3,
    stride: 1,
  },
  "the last layer of nearest upsampling, 8 pictures of 512x512": {
    images: 8,
    size: 512,
    inputs: 8,
    outputs: 1,
    kernel: 3,
    stride: 1,
  },
};

for (const [name, { images, size, inputs, outputs, kernel, stride }] of Object.entries(LAYERS)) {
  gpuTest(`the weight gradient of ${name} counts every pixel`, async (device) => {
    const x = fill(device, [images, size, size, inputs], 1);
    const weight = fill(device, [kernel, kernel, inputs, outputs], 1);
    const y = conv2d(x, weight, { stride, padding: 1 });
    const [gradient] = gradients([y], [weight]);
    const values = await gradient!.data();
    const middle = ((kernel >> 1) * kernel + (kernel >> 1)) * inputs * outputs;
    assertEquals(values[middle], images * y.shape[1]! * y.shape[2]!);
    assertEquals(new Set(values.slice(middle, middle + outputs)).size, 1);
  });
}

gpuTest("the weight gradient of a transposed convolution counts every pixel", async (device) => {
  const x = fill(device, [64, 64, 64, 8], 1);
  const weight = fill(device, [4, 4, 3, 8], 1);
  const y = convTranspose2d(x, weight, { stride: 2, padding: 1 });
  const [gradient] = gradients([y], [weight]);
  assertEquals((await gradient!.data())[(1 * 4 + 1) * 3 * 8], 64 * 64 * 64);
});

gpuTest("matmul() and linear() add long rows up to their end", async (device) => {
  const depth = 2 ** 21;
  const [a, b] = [fill(device, [4, depth], 1), fill(device, [depth, 4], 1)];
  await assertAll(matmul(a, b), depth, 0, "product");
  const weight = fill(device, [3, depth], 1);
  await assertAll(linear(a, weight, device.tensor([1, 1, 1])), depth + 1, 0, "linear");
  const rows = fill(device, [2 ** 20, 4], 1);
  const small = fill(device, [4, 4], 1);
  const [ofWeight] = gradients([matmul(rows, small)], [small]);
  await assertAll(ofWeight!, 2 ** 20, 0, "weight gradient");
});

/** Batch norms by their rows and channels: software adapters go down whole columns from 128 channels on. */
const NORMS = [[2 ** 17, 128, 2], [2 ** 16 + 1, 130, 1], [2 ** 15, 512, 2], [2 ** 21, 3, 1]] as const;

for (const [rows, channels, groups] of NORMS) {
  gpuTest(
    `batchNorm() of ${rows} rows of ${channels} in ${groups} normalizes all of them`,
    async (device) => {
      const x = randomNormal(device, [rows, channels], { seed: 1 });
      const [weight, bias] = [fill(device, [channels], 1), fill(device, [channels], 0)];
      const y = batchNorm(x, weight, bias, { training: true, groups });
      await assertAll(mean(y, { axes: [0] }), 0, 1e-4, "means");
      await assertAll(mean(square(y), { axes: [0] }), 1, 1e-4, "variances");

      // What flows back has mean 0, and none of it goes along with y; the bias gets the sum of all.
      const seed = randomNormal(device, [rows, channels], { seed: 2 });
      const [ofX, ofWeight, ofBias] = gradients([y], [x, weight, bias], { seeds: [seed] });
      await assertAll(mean(ofX!, { axes: [0] }), 0, 1e-4, "means of the gradient");
      await assertAll(mean(mul(ofX!, y), { axes: [0] }), 0, 1e-4, "products of the gradient");
      const [sums, products] = [sum(seed, { axes: [0] }), sum(mul(seed, y), { axes: [0] })];
      const [bySum, byProduct] = [await sums.data(), await products.data()];
      for (const [i, value] of (await ofBias!.data()).entries()) {
        assertAlmostEquals(value, bySum[i]!, Math.sqrt(rows) * 1e-4);
      }
      for (const [i, value] of (await ofWeight!.data()).entries()) {
        assertAlmostEquals(value, byProduct[i]!, Math.sqrt(rows) * 1e-4);
      }
    },
  );
}

gpuTest(
  "batchNorm() of more groups or channels than a grid is long is right, or refused by name",
  async (device) => {
    const normalize = (rows: number, channels: number, groups: number) => {
      const x = randomNormal(device, [rows, channels], { seed: 1 });
      const [weight, bias] = [fill(device, [channels], 1), fill(device, [channels], 0)];
      return batchNorm(x, weight, bias, { training: true, groups });
    };
    const wide = normalize(4, 4_300_000, 1);
    await assertAll(mean(wide, { axes: [0] }), 0, 1e-4, "means");
    assertThrows(() => normalize(140_000, 4, 70_000), RangeError, "workgroups, at most 65535 along an axis");
  },
);

gpuTest("sum() and mean() count to the largest tensor that one binding holds", async (device) => {
  const most = Math.min(2 ** 25, device.adapter.limits.maxStorageBufferBindingSize / 4);
  const ones = fill(device, [most], 1);
  assertEquals(await sum(ones).item(), most);
  assertEquals(await mean(ones).item(), 1);
  assertAlmostEquals(await bceWithLogits(fill(device, [most / 4], 0), 0).item(), Math.log(2), 1e-6);
});

gpuTest("softmax() and crossEntropy() go to the end of long rows", async (device) => {
  const classes = 2 ** 23;
  const zeros = fill(device, [1, classes], 0);
  await assertAll(softmax(zeros), 1 / classes, 1e-12, "softmax");
  const loss = crossEntropy(zeros, device.tensor([classes - 1], { dtype: "u32" }));
  assertAlmostEquals(await loss.item(), Math.log(classes), 1e-5);
});

gpuTest("pooling and upsampling see all of large windows", async (device) => {
  const x = fill(device, [1, 1024, 1024, 3], 1);
  await assertAll(avgPool2d(x, { kernel: 512 }), 1, 1e-6, "average pool");
  await assertAll(globalAvgPool2d(x), 1, 1e-6, "global average pool");
  const pixels = fill(device, [1, 4, 4, 3], 1);
  const [gradient] = gradients([upsampleNearest(pixels, 256)], [pixels]);
  await assertAll(gradient!, 256 * 256, 0, "gradient of upsampling");
});
