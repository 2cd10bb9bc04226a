import { slopeOf } from "../../gpu/kernel/activation.ts";
import { fill, type FusedActivation, leakyRelu, relu } from "../../gpu/mod.ts";
import { beforeActivation } from "../../gpu/ops/products/before_activation.ts";
import type { Tensor } from "../../gpu/tensor/tensor.ts";
import type { AffinePiece, PassContext, Piece, ReshapePiece } from "./piece.ts";

/** One step of a pass: a linear function of each image, or an activation, or one after the other. */
export interface Step {
  /** The linear function. */
  readonly linear: AffinePiece | ReshapePiece | undefined;
  /** The activation. */
  readonly activation: FusedActivation | undefined;
  /** What came in. */
  readonly input: Tensor;
  /** What came out. */
  readonly output: Tensor;
  /** A tensor with the sign of what the activation was applied to. */
  readonly sign: Tensor;
}

/** The output of pieces for an input, step by step. Convolutions and linear layers take an activation over. */
export function forwardSteps(pieces: readonly Piece[], x: Tensor, context: PassContext): Step[] {
  const steps: Step[] = [];
  let input = x;
  for (let position = 0; position < pieces.length; position++) {
    const given = pieces[position]!;
    const piece = given.type === "pass" ? given.begin(context) : given;
    const next = pieces[position + 1];
    let activation: FusedActivation | undefined;
    let output: Tensor;
    if (piece.type === "affine") {
      // With a slope below 0 the result does not have the sign of the argument, which must be kept then
      if (isActivation(next) && slopeOf(next) >= 0) activation = next;
      output = piece.apply(input, { bias: piece.bias?.tensor, activation });
      if (activation) position++;
    } else if (piece.type === "reshape") {
      output = input.reshape([input.shape[0]!, ...piece.shape]);
    } else {
      activation = piece;
      output = piece.type === "relu" ? relu(input) : leakyRelu(input, piece.slope);
    }
    const linear = isActivation(piece) ? undefined : piece;
    steps.push({ linear, activation, input, output, sign: slopeOf(activation) < 0 ? input : output });
    input = output;
  }
  return steps;
}

/** Leaves the outputs of steps, and weights that were divided for them, to be disposed with a stack. */
export function keepSteps(steps: readonly Step[], kept: DisposableStack): void {
  for (const { output, linear } of steps) {
    kept.use(output);
    if (linear && Symbol.dispose in linear) kept.use(linear as Disposable);
  }
}

/** What a walk back over the steps found. */
export interface BackwardSteps {
  /** For each step, the gradient of the sum of all outputs behind its linear function, before its activation. */
  readonly deltas: readonly Tensor[];
  /** The same at the input. */
  readonly gradients: Tensor;
}

/** Gradients of the sum of the last step's outputs. */
export function backwardSteps(steps: readonly Step[]): BackwardSteps {
  const last = steps.at(-1)!.output;
  const deltas: Tensor[] = [];
  let gradient = fill(last.device, last.shape, 1);
  for (const { linear, activation, input, sign } of steps.toReversed()) {
    const delta = beforeActivation(sign, gradient, activation);
    if (delta) gradient.dispose();
    deltas.unshift(delta ?? gradient);
    const { shape } = input;
    gradient = linear?.type === "affine" ? linear.transposed(deltas[0]!, shape) : deltas[0]!.reshape(shape);
  }
  return { deltas, gradients: gradient };
}

function isActivation(piece: Piece | undefined): piece is FusedActivation {
  return piece?.type === "relu" || piece?.type === "leaky_relu";
}
