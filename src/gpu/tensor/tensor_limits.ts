import type { AdapterFacts } from "../device/adapter.ts";
import { type SizeLimit, TensorTooLargeError } from "../device/errors.ts";
import type { Device } from "../device/device.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./shape.ts";
import type { Tensor } from "./tensor.ts";
import { paddedBytes } from "../memory/storage.ts";
import { BYTES_PER_ELEMENT, type DType, toBytes } from "./dtype.ts";

/**
 * Throws if a tensor would be larger than a kernel of an adapter can bind at once, or than a buffer there.
 *
 * @throws {TensorTooLargeError} with the sizes.
 */
export function expectTensorFits(
  adapter: Pick<AdapterFacts, "name" | "limits">,
  shape: Shape,
  dtype: DType,
  limit: SizeLimit = "maxStorageBufferBindingSize",
): void {
  const bytes = paddedBytes(sizeOf(shape) * BYTES_PER_ELEMENT[dtype]);
  if (bytes > adapter.limits[limit]) throw new TensorTooLargeError(adapter, shape, bytes, limit);
}

/**
 * Bytes of a new tensor on a device.
 *
 * @throws {RangeError} if the shape is not one.
 * @throws {F16NotSupportedError} if it would be f16, and the device cannot compute with that.
 * @throws {TensorTooLargeError} if it is larger than the limit.
 */
export function checkedBytes(
  device: Device,
  shape: Shape,
  dtype: DType,
  limit?: SizeLimit,
): number {
  checkShape(shape);
  if (dtype === "f16") device.expectF16();
  expectTensorFits(device.adapter, shape, dtype, limit);
  return sizeOf(shape) * BYTES_PER_ELEMENT[dtype];
}

/**
 * Values as bytes of a tensor that they replace.
 *
 * @throws {RangeError} if the number of values differs.
 */
export function checkedValues(
  { shape, size, dtype }: Tensor,
  values: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  if (values.length !== size) {
    throw new RangeError(
      `Cannot write ${values.length} values to a tensor of shape ${formatShape(shape)}: it takes ${size}`,
    );
  }
  return toBytes(values, dtype);
}
