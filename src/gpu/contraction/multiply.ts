import type { EpilogueActivation } from "../kernel/activation.ts";
import type { FloatType } from "../kernel/float_memory.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { contract } from "./contract.ts";
import type { Gate } from "./gate.ts";
import { denseSum } from "./sums/dense_sum.ts";

/** How {@linkcode multiply} reads its operands and where it writes. */
export interface MultiplyOptions {
  /** Use the transpose of `a`, which is stored `[depth, rows]`. */
  transposeA?: boolean;
  /** Use the transpose of `b`, which is stored `[columns, depth]`. */
  transposeB?: boolean;
  /** Added to each row: `[columns]`. */
  bias?: Tensor | undefined;
  /** Applied to the product. */
  activation?: EpilogueActivation | undefined;
  /** Passed by the product, if that is a gradient. */
  gate?: Gate | undefined;
  /** Element type of a new tensor: that of `a`, if not given. */
  dtype?: FloatType | undefined;
  /** Samples that the rows belong to, if the results of one must not depend on how many there are. */
  samples?: number | undefined;
  /** Where to write; a new tensor `[rows, columns]` if not given. Its shape may differ, its size may not. */
  into?: Tensor | undefined;
  /** Add to what `into` holds. */
  accumulate?: boolean | undefined;
}

/**
 * The product of two matrices without gradients: what operations and gradient rules are made of.
 *
 * @throws {RangeError} if the operands do not fit each other.
 */
export function multiply(a: Tensor, b: Tensor, options: MultiplyOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, bias, activation, gate, samples, accumulate = false } =
    options;
  if (a.rank !== 2 || b.rank !== 2) {
    throw new RangeError(
      `A matrix product needs two matrices, found shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const [rows, depth] = transposeA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [inner, columns] = transposeB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  if (depth !== inner) {
    throw new RangeError(
      `Cannot multiply ${formatShape([rows, depth])} with ${formatShape([inner, columns])}: ` +
        `${depth} columns meet ${inner} rows`,
    );
  }
  const output = options.into ?? a.device.empty([rows, columns], options.dtype ?? a.dtype);
  contract(a.device, {
    ...denseSum({ a, b }, { rows, columns, depth, transposeA, transposeB }),
    a,
    b,
    ...(samples ? { samples } : {}),
    ...(bias ? { bias } : {}),
    activation,
    ...(gate ? { gate } : {}),
    output,
    accumulate,
  });
  return output;
}
