import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise } from "../elementwise/elementwise.ts";
import { TANH_WGSL } from "../../kernel/stable_math.ts";

/**
 * Hyperbolic tangent, as `torch.tanh`. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, tanh } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await tanh(device.tensor([-1000, 0, 1000])).data()], [-1, 0, 1]);
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
