import type { Tensor } from "../../tensor/tensor.ts";
import { imageShape } from "./image_shape.ts";
import { mean } from "../reductions/sum.ts";

/**
 * The mean over all pixels: `[batch, height, width, channels]` becomes `[batch, channels]`, as
 * `torch.nn.functional.adaptive_avg_pool2d(x, 1)` without the last two axes.
 *
 * @throws {RangeError} if `x` has not four axes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { globalAvgPool2d, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([1, 2, 3, 6], { shape: [1, 2, 2, 1] });
 * assertEquals([...await globalAvgPool2d(x).data()], [3]);
 * ```
 */
export function globalAvgPool2d(x: Tensor): Tensor {
  imageShape("globalAvgPool2d", x);
  return mean(x, { axes: [1, 2] });
}
