import { multiply } from "../../contraction/multiply.ts";
import { floatTypeOf } from "../../kernel/float_memory.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";

/**
 * The product of two matrices, as `torch.matmul`: `a` is `[rows, depth]`, `b` is `[depth, columns]`.
 * Each is f32 or f16, sums are f32, and the result has the element type of `a`.
 *
 * @throws {RangeError} if an operand is no matrix or they do not fit each other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matmul, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const a = device.tensor([[1, 2], [3, 4]]);
 * assertEquals([...await matmul(a, a).data()], [7, 10, 15, 22]);
 * ```
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return derive(multiply(a, b), [a, b], (gradient, [wantA, wantB]) => [
    wantA ? multiply(gradient, b, { dtype: floatTypeOf(a), ...wantA, transposeB: true }) : null,
    wantB ? multiply(a, gradient, { dtype: floatTypeOf(b), ...wantB, transposeA: true }) : null,
  ]);
}

/** {@linkcode matmul} on the host: `[rows, depth]` times `[depth, columns]`. */
export function matmulReference(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  depth: number,
  columns: number,
): Float64Array {
  const product = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < depth; k++) {
      for (let column = 0; column < columns; column++) {
        product[row * columns + column]! += a[row * depth + k]! * b[k * columns + column]!;
      }
    }
  }
  return product;
}
