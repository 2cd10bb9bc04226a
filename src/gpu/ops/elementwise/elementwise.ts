import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import { map, type MapOptions } from "./map.ts";

/** A function of one number, as WGSL formulas over `vec4f` values. */
export interface Elementwise {
  /** Name for error messages and profiles. */
  name: string;
  /** The function of `x`. */
  value: string;
  /** Its derivative times `gradient`, in terms of what is kept. */
  gradient: string;
  /** What else the gradient reads: the input `x` or the result `y`. Nothing if this is not given. */
  keeps?: "x" | "y";
}

/** Applies a function to every element. The gradient keeps only the tensor that it reads. */
export function elementwise(
  x: Tensor,
  { name, value, gradient, keeps }: Elementwise,
  options: Pick<MapOptions, "uniforms" | "declarations"> = {},
): Tensor {
  const y = map(name, { x }, value, options);
  const kept: Record<string, Tensor> = keeps === "x" ? { x } : keeps === "y" ? { y } : {};
  return derive(
    y,
    [x],
    (given) => [map(`${name} gradient`, { ...kept, gradient: given }, gradient, options)],
  );
}
