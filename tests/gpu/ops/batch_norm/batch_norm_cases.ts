import { batchNorm, type Device, type FusedActivation } from "../../../../src/gpu/mod.ts";
import type { Shape } from "../../../../src/gpu/tensor/shape.ts";
import { batchNormReference } from "../../../oracles/batch_norm.ts";
import { checkOp } from "../../../support/check_op.ts";

/** Shapes with few and many rows and channels. */
export const SHAPES: Shape[] = [
  [2, 1],
  [3, 2],
  [8, 6],
  [1, 1, 5, 4],
  [2, 3, 1, 7],
  [2, 5, 3, 32],
  [3, 4, 5, 100],
  [7, 9, 5, 5],
  [2, 2, 260],
];

/** Activations that batch norm applies itself. */
export const ACTIVATIONS: (FusedActivation | undefined)[] = [undefined, { type: "relu" }, {
  type: "leaky_relu",
  slope: 0.2,
}];

/** Compares batch norm in training with its reference, forward and backward. */
export function checkTraining(
  device: Device,
  shape: Shape,
  { groups = 1, ...options }: { activation?: FusedActivation; groups?: number } = {},
): Promise<void> {
  const channels = shape.at(-1)!;
  return checkOp(device, {
    inputs: { x: { shape }, weight: { shape: [channels] }, bias: { shape: [channels] } },
    halves: ["x"],
    op: ({ x, weight, bias }) =>
      batchNorm(x, weight, bias, { training: true, eps: 1e-2, groups, ...options }),
    reference: ({ x, weight, bias }) =>
      splitAt(x, groups).flatMap((part) => [
        ...batchNormReference(part, weight, bias, { eps: 1e-2, ...options }).y,
      ]),
    shape,
    gradientTolerance: { relative: 1e-4, absolute: 2e-4 },
  });
}

/** Equal parts, one after another. */
export function splitAt(values: Float64Array, parts: number): Float64Array[] {
  const length = values.length / parts;
  return Array.from({ length: parts }, (_, part) => values.slice(part * length, (part + 1) * length));
}
