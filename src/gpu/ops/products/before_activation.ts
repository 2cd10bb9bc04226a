import { type EpilogueActivation, slopeOf } from "../../kernel/activation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { map } from "../elementwise/map.ts";

/**
 * The gradient before an activation, given the one behind it and the activation's result `y`: a new tensor. Undefined
 * if there is no activation, so that it is the same as behind.
 */
export function beforeActivation(
  y: Tensor,
  gradient: Tensor,
  activation: EpilogueActivation | undefined,
): Tensor | undefined {
  if (!activation) return undefined;
  const formulas = {
    relu: "select(vec4f(), gradient, y > vec4f())",
    leaky_relu: "select(params.slope * gradient, gradient, y > vec4f())",
    tanh: "gradient * (1.0 - y * y)",
  };
  const slope = slopeOf(activation);
  const uniforms: Record<string, number> = activation.type === "leaky_relu" ? { slope } : {};
  return map(`${activation.type} gradient`, { y, gradient }, formulas[activation.type], { uniforms });
}
