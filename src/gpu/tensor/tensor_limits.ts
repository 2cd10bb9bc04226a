import type { AdapterFacts } from "../device/adapter.ts";
import { TensorTooLargeError } from "../device/errors.ts";
import { type Shape, sizeOf } from "./shape.ts";
import { paddedBytes } from "../memory/storage.ts";
import { BYTES_PER_ELEMENT, type DType } from "./tensor.ts";

/**
 * Throws where a tensor would be larger than a kernel of an adapter can bind at once, or than a buffer there.
 *
 * @throws {TensorTooLargeError} with the sizes.
 */
export function expectTensorFits(
  adapter: Pick<AdapterFacts, "name" | "limits">,
  shape: Shape,
  dtype: DType,
  limit: "maxStorageBufferBindingSize" | "maxBufferSize" = "maxStorageBufferBindingSize",
): void {
  const bytes = paddedBytes(sizeOf(shape) * BYTES_PER_ELEMENT[dtype]);
  if (bytes > adapter.limits[limit]) throw new TensorTooLargeError(adapter, shape, bytes, limit);
}
