/**
 * Operations at sizes at which drivers and floats show their limits, held to what needs no stored numbers: sums of ones
 * count, means of equal numbers are these numbers.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  avgPool2d,
  bceWithLogits,
  conv2d,
  convTranspose2d,
  crossEntropy,
  fill,
  globalAvgPool2d,
  linear,
  matmul,
  mean,
  softmax,
  sum,
  upsampleNearest,
} from "../../../gpu.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { gpuTest } from "../../support/gpu.ts";
import { assertAll } from "./assert_all.ts";

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
