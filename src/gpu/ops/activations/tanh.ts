import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise } from "../elementwise/elementwise.ts";
import { STABLE_MATH } from "../elementwise/stable_math.ts";

/**
 * Near 0 the Taylor series, whose first term left out is 9e-9 of the result; else from exp(-2|x|), which cannot
 * overflow.
 */
/** WGSL `tanh_of(x)`, to full relative accuracy for any argument. */
export const TANH_WGSL = `${STABLE_MATH}fn tanh_of(x: vec4f) -> vec4f {
  let t = x * x;
  let near = x * (1.0 + t * (-1.0 / 3.0 + t * (2.0 / 15.0 + t * (-17.0 / 315.0 + t * (62.0 / 2835.0)))));
  let e = exp_falling(2.0 * abs(x));
  let far = (1.0 - e) / (1.0 + e);
  return select(select(far, -far, x < vec4f()), near, abs(x) < vec4f(0.25));
}
`;

/**
 * Hyperbolic tangent, as `torch.tanh`. Any shape.
 *
 * @example
 * ```ts
 * import { openDevice, tanh } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * console.log(await tanh(device.tensor([-1000, 0, 1000])).data()); // Float32Array [-1, 0, 1]
 * ```
 */
export function tanh(x: Tensor): Tensor {
  return elementwise(x, {
    name: "tanh",
    value: "tanh_of(x)",
    gradient: "gradient * (1.0 - y * y)",
    keeps: "y",
  }, { declarations: TANH_WGSL });
}

/** {@linkcode tanh} on the host, for tests. */
export function tanhReference(x: Float64Array): Float64Array {
  return x.map(Math.tanh);
}
