import { activationGradient, type EpilogueActivation, slopeOf } from "../kernel/activation.ts";
import { type FloatHolder, type FloatWidth, memoryOf } from "../kernel/float_memory.ts";
import { map } from "../ops/elementwise/map.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** An activation whose derivative a gradient is multiplied with, so that it becomes the gradient before it. */
export interface Gate {
  /** The activation. */
  readonly activation: EpilogueActivation;
  /** Its results, of the shape of the gradient. */
  readonly of: Tensor;
}

/** What a kernel must know of a gate. */
export interface GateFacts {
  /** The activation. */
  readonly activation: EpilogueActivation;
  /** Its results. */
  readonly of: FloatHolder;
}

/** WGSL `gated(gradient: vec4f, y: vec4f)`. */
export function gateDeclaration({ activation }: GateFacts): string {
  return `fn gated(gradient: vec4f, y: vec4f) -> vec4f { return ${activationGradient(activation)}; }`;
}

/**
 * A gradient behind a gate whose results lie at an index of `gate`. It is rounded as the output is before, so that it is
 * the same as from a launch of its own.
 */
export function gatedValue(
  gradient: string,
  index: string,
  width: FloatWidth,
  { of }: GateFacts,
  output: FloatHolder,
): string {
  const memory = memoryOf(output, width);
  const rounded = output.dtype === "f16" ? memory.load(memory.store(gradient)) : gradient;
  const y = memoryOf(of, width).load(`gate[${index}]`);
  return width === "vec4f" ? `gated(${rounded}, ${y})` : `gated(vec4f(${rounded}), vec4f(${y})).x`;
}

/** The gradient before an activation by a launch of its own: a new tensor, if none is given. */
export function passGate(gradient: Tensor, { activation, of: y }: Gate, into?: Tensor): Tensor {
  const slope = slopeOf(activation);
  const uniforms: Record<string, number> = activation.type === "leaky_relu" ? { slope } : {};
  return map(`${activation.type} gradient`, { y, gradient }, activationGradient(activation), {
    uniforms,
    ...(into ? { into } : {}),
  });
}
