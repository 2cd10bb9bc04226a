import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise } from "../elementwise/elementwise.ts";
import { STABLE_MATH } from "../../kernel/stable_math.ts";

/**
 * `log(1 + exp(x))`, as `torch.nn.functional.softplus` with its defaults: PyTorch's threshold of 20, from which the
 * result is `x` itself, is where 32 bits cannot tell the two apart. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, softplus } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await softplus(device.tensor([-1000, 1000])).data()], [0, 1000]);
 * ```
 */
export function softplus(x: Tensor): Tensor {
  return elementwise(x, {
    name: "softplus",
    value: "softplus_of(x)",
    gradient: "gradient * sigmoid_of(x)",
    keeps: "x",
  }, { declarations: STABLE_MATH });
}
