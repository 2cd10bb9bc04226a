import { TANH_WGSL } from "./stable_math.ts";

/** An activation that follows a batch norm in the same kernels. */
export type FusedActivation =
  | { readonly type: "relu" }
  | { readonly type: "leaky_relu"; readonly slope: number };

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

/** WGSL of the gradient before an activation, from that behind it, `gradient`, and its result, `y`. */
export function activationGradient(activation: EpilogueActivation): string {
  return {
    relu: "select(vec4f(), gradient, y > vec4f())",
    leaky_relu: "select(params.slope * gradient, gradient, y > vec4f())",
    tanh: "gradient * (1.0 - y * y)",
  }[activation.type];
}

/**
 * WGSL of what becomes of a value below zero: zero without a slope, also of what is infinite. ReLU and LeakyReLU are one text
 * so, which is compiled once.
 */
export function belowZero(value: string, type: string): string {
  return `select(${value} * params.slope, ${type}(), params.slope == 0.0)`;
}

/** The slope below zero, if there is one. */
export function slopeOf(activation: EpilogueActivation | undefined): number {
  return activation?.type === "leaky_relu" ? activation.slope : 0;
}
