import { broadcastShape, type Shape, sizeOf } from "../../src/gpu/tensor/shape.ts";

/** The functions of one number on the host. */
export const POINTWISE_REFERENCES: Readonly<
  Record<"neg" | "abs" | "square" | "sqrt" | "exp" | "log", (x: number) => number>
> = {
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
};

/** One of the four operations on broadcasting operands on the host. */
export function arithmeticReference(
  operation: "add" | "sub" | "mul" | "div",
  a: { values: Float64Array; shape: Shape },
  b: { values: Float64Array; shape: Shape },
): Float64Array {
  const shape = broadcastShape(a.shape, b.shape);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const at = (operand: { values: Float64Array; shape: Shape }, index: number) => {
    let position = 0;
    for (const [axis, extent] of operand.shape.entries()) {
      const outer = axis + shape.length - operand.shape.length;
      const coordinate = Math.floor(index / strides[outer]!) % shape[outer]!;
      position = position * extent + (extent === 1 ? 0 : coordinate);
    }
    return operand.values[position]!;
  };
  return Float64Array.from({ length: sizeOf(shape) }, (_, index) => {
    const [left, right] = [at(a, index), at(b, index)];
    if (operation === "add") return left + right;
    if (operation === "sub") return left - right;
    return operation === "mul" ? left * right : left / right;
  });
}
