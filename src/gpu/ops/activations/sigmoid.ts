import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise } from "../elementwise/elementwise.ts";
import { STABLE_MATH } from "../../kernel/stable_math.ts";

/**
 * `1 / (1 + exp(-x))`, as `torch.sigmoid`. Any shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, sigmoid } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await sigmoid(device.tensor([-1000, 0, 1000])).data()], [0, 0.5, 1]);
 * ```
 */
export function sigmoid(x: Tensor): Tensor {
  return elementwise(x, {
    name: "sigmoid",
    value: "sigmoid_of(x)",
    gradient: "gradient * (1.0 - y) * y",
    keeps: "y",
  }, { declarations: STABLE_MATH });
}
