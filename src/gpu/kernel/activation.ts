import type { Tensor } from "../tensor/tensor.ts";
import type { FusedActivation } from "../ops/batch_norm/batch_norm_kernels.ts";
import { map } from "../ops/elementwise/map.ts";
import { TANH_WGSL } from "../ops/activations/tanh.ts";

/** An activation that a contraction applies to its result before it is stored. */
export type EpilogueActivation = FusedActivation | { readonly type: "tanh" };

/** WGSL `activate(x: vec4f)`. Comparisons are such that NaN stays NaN. */
export function activationDeclaration(activation: EpilogueActivation): string {
  const bodies = {
    relu: "select(x, vec4f(), x <= vec4f())",
    leaky_relu: "select(x, params.slope * x, x <= vec4f())",
    tanh: "tanh_of(x)",
  };
  const value = `fn activate(x: vec4f) -> vec4f { return ${bodies[activation.type]}; }`;
  return activation.type === "tanh" ? TANH_WGSL + value : value;
}

/** The slope below zero, where there is one. */
export function slopeOf(activation: EpilogueActivation | undefined): number {
  return activation?.type === "leaky_relu" ? activation.slope : 0;
}

/**
 * The gradient before an activation, given the one behind it and the activation's result `y`: a new tensor. Undefined
 * where there is no activation, so that it is the same as behind.
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
