import { assertEquals } from "@std/assert";
import {
  add,
  avgPool2d,
  batchNorm,
  bceWithLogits,
  cast,
  concat,
  conv2d,
  convTranspose2d,
  type Device,
  globalAvgPool2d,
  hingeDiscriminator,
  leakyRelu,
  linear,
  logisticScores,
  matmul,
  mul,
  relativisticScores,
  softmax,
  sum,
  tanh,
  type Tensor,
  upsampleNearest,
} from "../../../gpu.ts";
import type { Shape } from "../../../src/gpu/tensor/shape.ts";
import { gpuTest } from "../../support/gpu.ts";

/** An operation, and the shapes of what it is given. */
interface Case {
  name: string;
  shapes: readonly Shape[];
  op: (inputs: readonly Tensor[]) => Tensor;
}

/** Calls of each operation. */
const CALLS = 20;

const CASES: readonly Case[] = [
  { name: "matmul() in one sum", shapes: [[8, 8], [8, 8]], op: ([a, b]) => matmul(a!, b!) },
  { name: "matmul() in parts", shapes: [[8, 100000], [100000, 8]], op: ([a, b]) => matmul(a!, b!) },
  { name: "linear()", shapes: [[8, 8], [4, 8], [4]], op: ([x, w, b]) => linear(x!, w!, b!) },
  {
    name: "conv2d()",
    shapes: [[2, 8, 8, 4], [4, 4, 4, 8]],
    op: ([x, w]) => conv2d(x!, w!, { stride: 2, padding: 1, activation: { type: "leaky_relu", slope: 0.2 } }),
  },
  {
    name: "conv2d() from three channels",
    shapes: [[2, 8, 8, 3], [4, 4, 3, 8], [8]],
    op: ([x, w, bias]) => conv2d(x!, w!, { stride: 2, padding: 1, bias }),
  },
  {
    name: "conv2d() with a kernel that covers its input",
    shapes: [[2, 4, 4, 8], [4, 4, 8, 1], [1]],
    op: ([x, w, bias]) => conv2d(x!, w!, { bias }),
  },
  {
    name: "convTranspose2d() to three channels",
    shapes: [[2, 4, 4, 8], [4, 4, 3, 8], [3]],
    op: ([x, w, bias]) =>
      convTranspose2d(x!, w!, { stride: 2, padding: 1, bias, activation: { type: "tanh" } }),
  },
  {
    name: "convTranspose2d() of one pixel",
    shapes: [[2, 1, 1, 8], [4, 4, 8, 8]],
    op: ([x, w]) => convTranspose2d(x!, w!),
  },
  {
    name: "batchNorm() in parts",
    shapes: [[40, 8], [8], [8]],
    op: ([x, weight, bias]) => batchNorm(x!, weight!, bias!, { training: true }),
  },
  {
    name: "batchNorm() of whole columns",
    shapes: [[4, 128], [128], [128]],
    op: ([x, weight, bias]) => batchNorm(x!, weight!, bias!, { training: true }),
  },
  {
    name: "batchNorm() in evaluation",
    shapes: [[40, 8], [8], [8], [8], [8]],
    op: ([x, weight, bias, runningMean, runningVariance]) =>
      batchNorm(x!, weight!, bias!, {
        training: false,
        runningMean: runningMean!,
        runningVariance: runningVariance!,
      }),
  },
  {
    name: "logisticScores()",
    shapes: [[8]],
    op: ([x]) => logisticScores(x!, [{ target: 1 }, { target: 0 }]),
  },
  {
    name: "relativisticScores()",
    shapes: [[8]],
    op: ([x]) => relativisticScores(x!, [{ target: 1 }, { target: -1 }]),
  },
  { name: "bceWithLogits()", shapes: [[8]], op: ([x]) => bceWithLogits(x!, 1) },
  { name: "bceWithLogits() of many", shapes: [[20000]], op: ([x]) => bceWithLogits(x!, 1) },
  { name: "hingeDiscriminator()", shapes: [[8], [8]], op: ([a, b]) => hingeDiscriminator(a!, b!) },
  { name: "sum()", shapes: [[30, 40, 50]], op: ([x]) => sum(x!, { axes: [0, 2] }) },
  { name: "sum() of many", shapes: [[300000]], op: ([x]) => sum(x!) },
  { name: "add() of shapes that broadcast", shapes: [[4, 8], [8]], op: ([a, b]) => add(a!, b!) },
  { name: "mul() of shapes that broadcast", shapes: [[1, 8], [4, 8]], op: ([a, b]) => mul(a!, b!) },
  { name: "leakyRelu()", shapes: [[8]], op: ([x]) => leakyRelu(x!, 0.2) },
  { name: "tanh()", shapes: [[8]], op: ([x]) => tanh(x!) },
  { name: "softmax()", shapes: [[4, 8]], op: ([x]) => softmax(x!) },
  { name: "cast()", shapes: [[8]], op: ([x]) => cast(x!, "f32") },
  { name: "concat()", shapes: [[4, 8], [2, 8]], op: ([a, b]) => concat(a!, b!) },
  { name: "avgPool2d()", shapes: [[2, 4, 4, 3]], op: ([x]) => avgPool2d(x!, { kernel: 2 }) },
  { name: "globalAvgPool2d()", shapes: [[2, 4, 4, 3]], op: ([x]) => globalAvgPool2d(x!) },
  { name: "upsampleNearest()", shapes: [[2, 4, 4, 3]], op: ([x]) => upsampleNearest(x!, 2) },
];

/** Buffers on the GPU, without those that only wait to be used again. */
function heldBuffers(device: Device): number {
  device.trim();
  return device.ledger.read().buffers;
}

for (const { name, shapes, op } of CASES) {
  gpuTest(`${name} leaves nothing behind when its results are disposed`, (device) => {
    const before = heldBuffers(device);
    for (let call = 0; call < CALLS; call++) {
      using stack = new DisposableStack();
      const inputs = shapes.map((shape) => stack.use(device.empty(shape)));
      const y = stack.use(op(inputs));
      using gradient = device.empty(y.shape);
      const found = y.origin!.backward(gradient, y.origin!.inputs.map(() => ({})));
      for (const tensor of found) tensor?.dispose();
    }
    assertEquals(heldBuffers(device) - before, 0);
  });
}
