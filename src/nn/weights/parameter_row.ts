import type { FloatType } from "../../gpu/mod.ts";
import { type Shape, sizeOf } from "../../gpu/tensor/shape.ts";
import type { Parameter } from "../module.ts";

/** Parameters begin at multiples of this many elements: 256 bytes, as WebGPU wants of bindings, of each copy. */
const ALIGNMENT = { f32: 64, f16: 128 };

/** Where each parameter begins when they follow each other, and the length of the row. */
export function layInRow(
  parameters: ReadonlyMap<string, { readonly shape: Shape }>,
  precision: FloatType,
): { starts: number[]; length: number } {
  const alignment = ALIGNMENT[precision];
  const starts: number[] = [];
  let length = 0;
  for (const { shape } of parameters.values()) {
    starts.push(length);
    length += Math.ceil(sizeOf(shape) / alignment) * alignment;
  }
  return { starts, length: Math.max(length, alignment) };
}

/** Elements of the flat tensor that these parameters have in a network of a precision. */
export function flatLength(
  parameters: ReadonlyMap<string, Parameter>,
  precision: FloatType = "f32",
): number {
  return layInRow(parameters, precision).length;
}
