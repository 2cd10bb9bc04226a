/**
 * Values that go with each parameter of a network, such as the moments of an optimizer: in a row, as here, and
 * by name in PyTorch's shapes.
 *
 * @module
 */
import type { FloatType } from "../../gpu/mod.ts";
import type { TensorData } from "../../files/safetensors.ts";
import { formatShape, sameShape, sizeOf } from "../../gpu/tensor/shape.ts";
import type { Parameter } from "../module.ts";
import { fromBorder, toBorder } from "./layout.ts";
import { layInRow } from "./parameter_row.ts";

/**
 * Values in a row, by the names, in the shapes and the order of elements that PyTorch has their parameters in.
 *
 * @throws {RangeError} if the row is not as long as these parameters are.
 */
export function rowToDict(
  row: Float32Array<ArrayBuffer>,
  parameters: ReadonlyMap<string, Parameter>,
  precision: FloatType = "f32",
): Map<string, TensorData> {
  const { starts, length } = layInRow(parameters, precision);
  if (row.length !== length) {
    throw new RangeError(`A row of these parameters has ${length} values, found ${row.length}`);
  }
  return new Map([...parameters].map(([name, { layout }], at) => {
    const { shape } = layout;
    const values = row.slice(starts[at]!, starts[at]! + sizeOf(shape));
    return [name, { dtype: "F32", shape, data: toBorder(values, layout) }];
  }));
}

/**
 * The row of values that PyTorch has by name.
 *
 * @throws {RangeError} naming a parameter without values, or with some of another shape.
 */
export function dictToRow(
  tensors: ReadonlyMap<string, TensorData>,
  parameters: ReadonlyMap<string, Parameter>,
  precision: FloatType = "f32",
): Float32Array<ArrayBuffer> {
  const { starts, length } = layInRow(parameters, precision);
  const row = new Float32Array(length);
  for (const [at, [name, { layout }]] of [...parameters].entries()) {
    const found = tensors.get(name);
    if (!found) throw new RangeError(`'${name}' is missing`);
    if (!sameShape(found.shape, layout.shape)) {
      throw new RangeError(
        `'${name}' has shape ${formatShape(found.shape)}, expected ${formatShape(layout.shape)}`,
      );
    }
    const values = Float32Array.from(found.data as ArrayLike<number>, Number);
    row.set(fromBorder(values, layout), starts[at]!);
  }
  return row;
}
