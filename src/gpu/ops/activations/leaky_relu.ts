import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise } from "../elementwise/elementwise.ts";

/**
 * `x` where it is positive, `negativeSlope * x` elsewhere, as `torch.nn.functional.leaky_relu`. Any shape. The gradient
 * at exactly 0 is the slope.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { leakyRelu, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await leakyRelu(device.tensor([-2, 0, 2]), 0.5).data()], [-1, 0, 2]);
 * ```
 */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return elementwise(x, {
    name: "leaky_relu",
    value: "select(params.slope * x, x, x > vec4f())",
    // With a slope of 0 or more the result has the sign of the argument, which then need not be kept.
    gradient: `select(params.slope * gradient, gradient, ${negativeSlope < 0 ? "x" : "y"} > vec4f())`,
    keeps: negativeSlope < 0 ? "x" : "y",
  }, { uniforms: { slope: negativeSlope } });
}
