import {
  addNoise,
  augmentImages,
  avgPool2d,
  batchNorm,
  bceWithLogits,
  conv2d,
  convTranspose2d,
  crossEntropy,
  type Device,
  drawAugmentation,
  dropout,
  embedding,
  gatherImages,
  gatherLabels,
  globalAvgPool2d,
  linear,
  logisticScores,
  matmul,
  maxPool2d,
  mean,
  mul,
  randomNormal,
  randomUniform,
  relativisticScores,
  relu,
  resizeBilinear,
  softmax,
  spectralNorm,
  sum,
  type Tensor,
  upsampledConv2d,
  upsampleNearest,
} from "../../../gpu.ts";
import type { Shape } from "../../../src/gpu/tensor/shape.ts";
import { sizeOf } from "../../../src/gpu/tensor/shape.ts";
import { gradients } from "../../../src/gpu/autograd/gradients.ts";
import { randomValues } from "../../support/random.ts";

/** Runs an operation with its gradients: what comes out, in order. */
export type Operation = (device: Device) => Tensor[];

function random(device: Device, shape: Shape, seed = 1): Tensor {
  return device.tensor(randomValues(sizeOf(shape), seed, [-1, 1]), { shape });
}

/** An operation on random inputs of these shapes, and the gradients of all of them. */
function differentiated(shapes: readonly Shape[], op: (...inputs: Tensor[]) => Tensor): Operation {
  return (device) => {
    const inputs = shapes.map((shape, i) => random(device, shape, i + 1));
    const y = op(...inputs);
    return [y, ...gradients([y], inputs, { seeds: [random(device, y.shape, 9)] })];
  };
}

/** A weight divided by its spectral norm, which is estimated from vectors of ones. */
const spectral = (shape: Shape, axis: number): Operation =>
  differentiated([shape], (weight) => {
    const rows = shape[axis]!;
    const ones = (length: number) => weight!.device.tensor(new Float32Array(length).fill(0.1));
    const vectors = { u: ones(rows), v: ones(sizeOf(shape) / rows) };
    return spectralNorm(weight!, { ...vectors, training: true, axis }).weight;
  });

const normalized = (shape: Shape, groups = 1): Operation =>
  differentiated([shape, [shape.at(-1)!], [shape.at(-1)!]], (x, weight, bias) => {
    const { device } = x!;
    const channels = shape.at(-1)!;
    return batchNorm(x!, weight!, bias!, {
      training: true,
      groups,
      runningMean: device.tensor(new Float32Array(channels)),
      runningVariance: device.tensor(new Float32Array(channels).fill(1)),
      activation: { type: "leaky_relu", slope: 0.2 },
    });
  });

/** Every operation whose kernels have loops, at sizes that a test can afford and that leave rests. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  matmul: differentiated([[13, 1003], [1003, 6]], matmul),
  "matmul of a single row": differentiated([[1, 2050], [2050, 1]], matmul),
  linear: differentiated([[500, 66], [5, 66], [5]], (x, weight, bias) => linear(x!, weight!, bias)),
  "conv2d that covers its input": differentiated(
    [[30, 4, 4, 75], [4, 4, 75, 8], [8]],
    (x, weight, bias) => conv2d(x!, weight!, { bias, activation: { type: "tanh" } }),
  ),
  conv2d: differentiated(
    [[3, 13, 11, 3], [4, 4, 3, 10], [10]],
    (x, weight, bias) => conv2d(x!, weight!, { bias, stride: 2, padding: 1 }),
  ),
  "conv2d of many pictures": differentiated(
    [[9, 16, 16, 4], [3, 3, 4, 8]],
    (x, weight) => conv2d(x!, weight!, { padding: 1 }),
  ),
  "conv2d of large windows": differentiated(
    [[1, 24, 24, 3], [20, 20, 3, 8]],
    (x, weight) => conv2d(x!, weight!),
  ),
  convTranspose2d: differentiated(
    [[3, 5, 6, 12], [4, 4, 3, 12]],
    (x, weight) => convTranspose2d(x!, weight!, { stride: 2, padding: 1 }),
  ),
  "conv2d of dilated kernels": differentiated(
    [[2, 14, 13, 8], [3, 4, 8, 12]],
    (x, weight) => conv2d(x!, weight!, { stride: [2, 1], padding: 2, dilation: [2, 3] }),
  ),
  "batch norm of few channels": normalized([700, 3]),
  "batch norm of long columns": normalized([5000, 4]),
  "batch norm of 128 channels": normalized([300, 128]),
  "batch norm of groups": normalized([24, 3, 3, 20], 6),
  "batch norm of many groups": normalized([120, 2, 8], 40),
  "batch norm of 130 channels in groups": normalized([40, 5, 130], 4),
  "spectral norm of a convolution": spectral([4, 4, 31, 12], 3),
  "spectral norm of a single row": spectral([1, 5003], 0),
  "spectral norm of a transposed convolution": spectral([3, 3, 30, 7], 2),
  sum: differentiated([[37, 1111]], (x) => sum(x!)),
  "sum of columns": differentiated([[1111, 37]], (x) => sum(x!, { axes: [0] })),
  "mean of a middle axis": differentiated([[5, 333, 7]], (x) => mean(x!, { axes: [1] })),
  softmax: differentiated([[3, 2345]], softmax),
  "softmax of a long row": differentiated([[1, 2 ** 20 + 77]], softmax),
  crossEntropy: (device) => {
    const logits = random(device, [3, 1777]);
    const loss = crossEntropy(logits, device.tensor([0, 1776, 5], { dtype: "u32" }));
    return [loss, ...gradients([loss], [logits])];
  },
  bceWithLogits: differentiated([[3000]], (x) => bceWithLogits(x!, 1)),
  logisticScores: differentiated([[600]], (x) => logisticScores(x!, [{ target: 1 }, { target: 0 }])),
  relativisticScores: differentiated([[600]], (x) => relativisticScores(x!, [{ target: 1 }, { target: -1 }])),
  avgPool2d: differentiated([[2, 11, 13, 3]], (x) => avgPool2d(x!, { kernel: 4, stride: 3, padding: 2 })),
  "avgPool2d of large windows": differentiated(
    [[2, 50, 61, 3]],
    (x) => avgPool2d(x!, { kernel: 20, stride: 7, padding: 9, countIncludePad: false }),
  ),
  maxPool2d: differentiated([[2, 31, 23, 3]], (x) => maxPool2d(x!, { kernel: 7, stride: 2, padding: 3 })),
  resizeBilinear: differentiated([[1, 3, 40, 2]], (x) => resizeBilinear(x!, [50, 9])),
  dropout: differentiated([[300]], (x) => dropout(x!, { seed: 1 })),
  globalAvgPool2d: differentiated([[3, 31, 17, 6]], globalAvgPool2d),
  "upsampledConv2d by much": differentiated(
    [[1, 2, 2, 3], [3, 2, 3, 4]],
    (x, weight) => upsampledConv2d(x!, weight!, { scale: 19, padding: 1 }),
  ),
  "conv2d of many maps": differentiated(
    [[4, 16, 16, 64], [4, 4, 64, 128]],
    (x, weight) => conv2d(x!, weight!, { stride: 2, padding: 1 }),
  ),
  upsampleNearest: differentiated([[2, 5, 4, 3]], (x) => upsampleNearest(x!, 3)),
  "upsampleNearest by much": differentiated([[2, 3, 4, 5]], (x) => upsampleNearest(x!, 17)),
  "embedding of many places": (device) => {
    const index = device.tensor(Uint32Array.from({ length: 5000 }, (_, n) => n % 7), { dtype: "u32" });
    return differentiated([[7, 3]], (weight) => embedding(weight!, index))(device);
  },
  augmentImages: differentiated([[5, 9, 11, 3]], (x) => {
    const { device } = x!;
    return augmentImages(x!, drawAugmentation(device, 5, { size: [9, 11], seed: 1 }));
  }),
  "products of elements": differentiated([[5000], [5000]], (a, b) => relu(mul(a!, b!))),
  randomUniform: (device) => [randomUniform(device, [1003], { seed: 1 })],
  addNoise: differentiated([[1003]], (x) => addNoise(x!, { deviation: 0.5, seed: 1 })),
  randomNormal: (device) => [randomNormal(device, [1003], { seed: 1 })],
  gatherImages: (device) => {
    const images = device.tensor(Uint8Array.from({ length: 7 * 48 }, (_, i) => i * 37 % 256), {
      dtype: "u8",
      shape: [7, 4, 4, 3],
    });
    const counter = device.tensor([3], { dtype: "u32" });
    return [gatherImages(images, counter, { shuffle: { batch: 5, seed: 1 }, flip: { seed: 2 } })];
  },
  gatherLabels: (device) => {
    const labels = device.tensor([1, 2, 3, 4, 5, 6, 7], { dtype: "u32" });
    return [gatherLabels(labels, device.tensor([3], { dtype: "u32" }), { shuffle: { batch: 5, seed: 1 } })];
  },
};
