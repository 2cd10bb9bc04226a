import type { Pickled } from "../pickle/pickle.ts";
import type { TensorData } from "../safetensors.ts";
import { isCount, type Storages } from "./storages.ts";

/** Most axes of a tensor. */
const MOST_AXES = 16;

/**
 * The tensor that `torch._utils._rebuild_tensor_v2` would make: a part of a storage, in row-major order.
 *
 * @param args Storage, offset, shape and strides, in values; more does not matter.
 * @throws {SyntaxError} if it would reach out of its storage, or is none.
 */
export function rebuildTensor(args: readonly Pickled[], storages: Storages): TensorData {
  const [outside, offset, shape, strides] = args;
  if (!isCount(offset) || !areCounts(shape) || !areCounts(strides) || shape.length !== strides.length) {
    throw new SyntaxError("a tensor in it must have an offset, a shape and strides of whole numbers from 0");
  }
  if (shape.length > MOST_AXES) {
    throw new SyntaxError(`a tensor in it must have at most ${MOST_AXES} axes, found ${shape.length}`);
  }
  const { type, data } = storages.of(outside);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const last = offset + shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis]!, 0);
  if (size > 0 && last >= data.length) {
    throw new SyntaxError(
      `a tensor of shape [${shape.join(", ")}] in it reaches to value ${last} of a storage of ${data.length}`,
    );
  }
  storages.take(size * data.BYTES_PER_ELEMENT);
  const isWhole = isRowMajor(shape, strides);
  const values = isWhole ? data.slice(offset, offset + size) : gathered(data, offset, shape, strides, size);
  return { dtype: type.dtype, shape, data: values } as TensorData;
}

/** Values that do not lie in a row. */
function gathered(
  data: TensorData["data"],
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  size: number,
): TensorData["data"] {
  const values = data.slice(0, 0).constructor as new (length: number) => TensorData["data"];
  const result = new values(size);
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < size; to++) {
    result[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/** Whether values lie as they are read: the stride of an axis with one place does not matter. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

function areCounts(value: Pickled | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}
