import { formatShape } from "../../gpu/tensor/shape.ts";
import type { Tensor } from "../../gpu/tensor/tensor.ts";
import { derive } from "../../gpu/autograd/origin.ts";
import { read, write } from "../../gpu/kernel/run_kernel.ts";
import { launchRows, rowTotal } from "../../gpu/ops/reductions/row_kernel.ts";
import { mean } from "../../gpu/ops/reductions/sum.ts";

/**
 * Mean cross entropy of logits `[rows, classes]` and class numbers `[rows]` (u32), as
 * `torch.nn.functional.cross_entropy`: `mean(log(sum(exp(x))) - x[label])`. A label that is no class makes the loss
 * NaN, since the GPU cannot throw. Of shape `[]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { crossEntropy, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const logits = device.tensor([[1000, 0], [0, 1000]]);
 * const labels = device.tensor([0, 1], { dtype: "u32" });
 * assertEquals(await crossEntropy(logits, labels).item(), 0);
 * ```
 *
 * @throws {RangeError} if the shapes are not `[rows, classes]` and `[rows]`.
 * @throws {TypeError} if the labels are not u32.
 */
export function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const [rows, classes] = logits.shape;
  if (logits.rank !== 2 || labels.rank !== 1 || labels.shape[0] !== rows) {
    throw new RangeError(
      `crossEntropy() needs logits [rows, classes] and labels [rows], ` +
        `found ${formatShape(logits.shape)} and ${formatShape(labels.shape)}`,
    );
  }
  if (labels.dtype !== "u32") {
    throw new TypeError(`crossEntropy() needs labels of type u32, found ${labels.dtype}`);
  }
  using losses = logits.device.empty([rows!]);
  launchRows(logits, classes!, {
    label: "crossEntropy",
    buffers: { x_values: read(logits, "array<f32>"), labels: read(labels), output: write(losses) },
    body: (text) =>
      `${rowTotal(text)}
  if (thread == 0u) {
    let label = labels[row];
    let logit = x_values[row * params.classes + min(label, params.classes - 1u)];
    let nan = bitcast<f32>(0x7fc00000u | label);
    output[row] = select(nan, log(total) - (logit - largest), label < params.classes);
  }`,
  });
  const loss = mean(losses);
  return derive(loss, [logits], (gradient) => [crossEntropyGradient(logits, labels, gradient)]);
}

/** `(softmax(x) - onehot(label)) * gradient / rows`. */
function crossEntropyGradient(logits: Tensor, labels: Tensor, upstream: Tensor): Tensor {
  const output = logits.device.empty(logits.shape);
  launchRows(logits, logits.shape[1]!, {
    label: "crossEntropy gradient",
    buffers: {
      x_values: read(logits, "array<f32>"),
      labels: read(labels),
      upstream: read(upstream, "array<f32>"),
      output: write(output),
    },
    body: (text) =>
      `${rowTotal(text)}
  let scale = upstream[0] / f32(params.rows);
  let start = row * params.classes;
${
        text.each((k) =>
          `    output[start + ${k}] = scale * (exp(x_values[start + ${k}] - largest) / total - select(0.0, 1.0, ${k} == labels[row]));`
        )
      }`,
  });
  return output;
}
