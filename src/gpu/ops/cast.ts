import type { FloatType } from "../kernel/float_memory.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { derive } from "../autograd/origin.ts";
import type { DType } from "../tensor/dtype.ts";
import { map } from "./elementwise/map.ts";

/**
 * The same numbers as floats of another size, as `torch.Tensor.to`: f16 has 11 significant bits, and numbers beyond
 * 65504 become infinite. Any shape.
 *
 * @throws {TypeError} if the tensor does not hold floats.
 * @throws {F16NotSupportedError} if the adapter has no floats of 16 bits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cast, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([1, 1 / 3, 1e6]);
 * if (device.capabilities.f16) {
 *   assertEquals([...await cast(cast(x, "f16"), "f32").data()], [1, 0.333251953125, Infinity]);
 * }
 * ```
 */
export function cast(x: Tensor, dtype: FloatType): Tensor {
  return derive(map(`to ${dtype}`, { x }, "x", { dtype }), [x], (gradient) => [converted(gradient, x.dtype)]);
}

/** A new tensor of another element type; the tensor itself if it is of that type. */
export function converted(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : map(`to ${dtype}`, { x }, "x", { dtype });
}
