import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import { read, write } from "../../kernel/run_kernel.ts";
import { launchRows, rowTotal } from "../reductions/row_kernel.ts";

/**
 * Softmax over the last axis, as `torch.softmax(x, -1)`: `exp(x) / sum(exp(x))`, with the row's largest number
 * subtracted first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, softmax } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await softmax(device.tensor([[1000, 1000]])).data()], [0.5, 0.5]);
 * ```
 *
 * @throws {RangeError} if `x` is a scalar.
 */
export function softmax(x: Tensor): Tensor {
  const classes = x.shape.at(-1);
  if (classes === undefined) {
    throw new RangeError("softmax() needs a tensor of at least one axis, found shape []");
  }
  const output = x.device.empty(x.shape);
  launchRows(x, classes, {
    label: "softmax",
    buffers: { x_values: read(x, "array<f32>"), output: write(output) },
    body: (text) =>
      `${rowTotal(text)}
${
        text.each((k) =>
          `    { let at = row * params.classes + ${k}; output[at] = exp(x_values[at] - largest) / total; }`
        )
      }`,
  });
  return derive(output, [x], (gradient) => [softmaxGradient(output, gradient, classes)]);
}

/** `y * (gradient - sum(gradient * y))`, the sum over the last axis. */
function softmaxGradient(y: Tensor, gradient: Tensor, classes: number): Tensor {
  const output = y.device.empty(y.shape);
  launchRows(y, classes, {
    label: "softmax gradient",
    buffers: { y: read(y, "array<f32>"), gradient: read(gradient, "array<f32>"), output: write(output) },
    body: (text) =>
      `  let start = row * params.classes;
${text.sum("total", (k) => `y[start + ${k}] * gradient[start + ${k}]`)}
${text.each((k) => `    output[start + ${k}] = y[start + ${k}] * (gradient[start + ${k}] - total);`)}`,
  });
  return output;
}
