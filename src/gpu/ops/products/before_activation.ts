import type { Wanted } from "../../autograd/origin.ts";
import { type Gate, passGate } from "../../contraction/gate.ts";
import type { EpilogueActivation } from "../../kernel/activation.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What the gradient of an operation's input has to pass, if it is wanted before the activation that the input came of. */
export function gateOf(x: Tensor, { before }: Wanted): Gate | undefined {
  return before && { activation: before, of: x };
}

/**
 * The gradient before an activation, given the one behind it and the activation's result `y`: a new tensor. Undefined
 * if there is no activation, so that it is the same as behind.
 */
export function beforeActivation(
  y: Tensor,
  gradient: Tensor,
  activation: EpilogueActivation | undefined,
): Tensor | undefined {
  return activation && passGate(gradient, { activation, of: y });
}
