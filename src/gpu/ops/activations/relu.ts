import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import { map } from "../elementwise/map.ts";

/**
 * `max(x, 0)`, as `torch.relu`. Any shape. The gradient at exactly 0 is 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, relu } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * assertEquals([...await relu(device.tensor([-1, 0, 2])).data()], [0, 0, 2]);
 * ```
 */
export function relu(x: Tensor): Tensor {
  // Not max(), which swallows NaN.
  const y = map("relu", { x }, "select(x, vec4f(), x < vec4f())");
  return derive(y, [x], (gradient) => [
    map("relu gradient", { y, gradient }, "select(vec4f(), gradient, y > vec4f())"),
  ]);
}
