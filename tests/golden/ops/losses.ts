import {
  bce,
  bceWithLogits,
  crossEntropy,
  type Device,
  hingeDiscriminator,
  hingeGenerator,
  mse,
  softmax,
  type Tensor,
} from "../../../gpu.ts";
import type { GoldenCase } from "../golden_case.ts";
import { differentiate, type Run } from "./differentiate.ts";

/** `input.x` and `input.target` to `output.loss`. */
function withTarget(op: (x: Tensor, target: Tensor) => Tensor): Run {
  return (device, golden) => {
    golden.expectParams({ reduction: "mean" });
    return differentiate(device, golden, { forward: ({ x, target }) => ({ loss: op(x!, target!) }) });
  };
}

function uploadLabels(device: Device, golden: GoldenCase): Tensor {
  const labels = golden.tensors.get("input.label");
  if (labels?.dtype !== "I64" && labels?.dtype !== "I32") {
    throw new Error("The case has no whole numbers 'input.label'");
  }
  return device.tensor(Array.from(labels.data, Number), { shape: labels.shape, dtype: "u32" });
}

/** Losses, and softmax. */
export const losses: Readonly<Record<string, Run>> = {
  bce: withTarget(bce),
  bce_with_logits: withTarget(bceWithLogits),
  mse: withTarget(mse),
  hinge_d: (device, golden) =>
    differentiate(device, golden, {
      forward: ({ real, fake }) => ({ loss: hingeDiscriminator(real!, fake!) }),
    }),
  hinge_g: (device, golden) =>
    differentiate(device, golden, { forward: ({ fake }) => ({ loss: hingeGenerator(fake!) }) }),
  cross_entropy: (device, golden) => {
    golden.expectParams({ reduction: "mean" });
    const labels = uploadLabels(device, golden);
    return differentiate(device, golden, { forward: ({ x }) => ({ loss: crossEntropy(x!, labels) }) });
  },
  softmax: (device, golden) => {
    // The op works on the last axis: another one is moved there.
    const rank = golden.floats("input.x").shape.length;
    const dim = golden.number("dim", -1);
    const axis = dim < 0 ? dim + rank : dim;
    const order = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis).concat(axis);
    return differentiate(device, golden, {
      orders: { x: order, y: order },
      forward: ({ x }) => ({ y: softmax(x!) }),
    });
  },
};
