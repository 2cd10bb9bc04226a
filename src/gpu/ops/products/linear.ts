import { multiply } from "../../contraction/multiply.ts";
import type { EpilogueActivation } from "../../kernel/activation.ts";
import { type FloatType, floatTypeOf } from "../../kernel/float_memory.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import { sumTo } from "../reductions/sum.ts";

/**
 * `y = x Wᵀ + b`, as `torch.nn.functional.linear`: `x` is `[batch, inputs]`, `weight` is `[outputs, inputs]`, `bias`
 * is `[outputs]`. `x` and `weight` are f32 or f16 each, and sums f32; the result has the element type `dtype`, that of
 * `x` if not given.
 *
 * @throws {RangeError} if the shapes do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linear, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const weight = device.tensor([[1, 2, 3]]);
 * const y = linear(device.tensor([[1, 1, 1]]), weight, device.tensor([10]));
 * assertEquals([...await y.data()], [16]);
 * ```
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, dtype?: FloatType): Tensor {
  if (bias && !sameShape(bias.shape, [weight.shape[0] ?? 0])) {
    throw new RangeError(
      `The bias of linear() must have shape [${weight.shape[0]}], as many elements as the weight has rows: ` +
        `it has shape ${formatShape(bias.shape)}`,
    );
  }
  const y = multiply(x, weight, { transposeB: true, bias, dtype, samples: x.shape[0] });
  return derive(y, bias ? [x, weight, bias] : [x, weight], (gradient, [wantX, wantWeight, wantBias]) => [
    wantX ? multiply(gradient, weight, { dtype: floatTypeOf(x), ...wantX }) : null,
    wantWeight
      ? multiply(gradient, x, { dtype: floatTypeOf(weight), ...wantWeight, transposeA: true })
      : null,
    wantBias ? sumTo(gradient, bias!) : null,
  ]);
}

/**
 * The same with an activation, without gradients. A bundle with it alone has nothing of these.
 *
 * @throws {RangeError} if the shapes do not fit.
 */
export function linearForward(
  x: Tensor,
  weight: Tensor,
  { bias, activation }: { bias?: Tensor | undefined; activation?: EpilogueActivation | undefined } = {},
): Tensor {
  return multiply(x, weight, { transposeB: true, bias, activation, samples: x.shape[0] });
}
