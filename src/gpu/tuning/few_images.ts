import type { Contraction, Sum } from "../contraction/sums/contraction.ts";
import { convolutionSum } from "../contraction/sums/convolution_sum.ts";
import {
  type ConvolutionGeometry,
  inputShape,
  outputShape,
  weightShape,
} from "../contraction/sums/geometry.ts";
import { inputGradientSum } from "../contraction/sums/input_gradient_sum.ts";
import type { Operands } from "../contraction/sums/problem.ts";
import { weightGradientSum } from "../contraction/sums/weight_gradient_sum.ts";
import { tileOf } from "../contraction/kernels/schedule.ts";
import { fits } from "../contraction/variants/runs_on.ts";
import type { Variant } from "../contraction/variants/variant.ts";
import type { Device } from "../device/device.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import type { DType } from "../tensor/dtype.ts";
import type { TrialContraction } from "./trial.ts";

/**
 * The same as a contraction with as few images as its kernel can be tried on: the text of the kernel is the same. What is no
 * convolution stays as it is.
 */
export function withFewImages(
  device: Device,
  contraction: Contraction,
  variant: Variant,
): TrialContraction {
  const { geometry, rows } = contraction;
  if (!geometry) return contraction;
  const { schedule } = variant;
  const tile = schedule.shape === "winograd" ? 1 : tileOf(schedule).rows;
  for (let images = 1; images < geometry.images; images++) {
    const few = withImages(contraction, { ...geometry, images });
    if (rows % tile === 0 && few.rows % tile !== 0) continue;
    if (fits(device, few as Contraction, variant)) return few;
  }
  return contraction;
}

const SUMS: Record<
  NonNullable<Contraction["direction"]>,
  {
    readonly sum: (g: ConvolutionGeometry, operands: Operands) => Sum;
    readonly shapes: readonly ((g: ConvolutionGeometry) => Shape)[];
  }
> = {
  "forward": { sum: convolutionSum, shapes: [inputShape, weightShape, outputShape] },
  "input gradient": { sum: inputGradientSum, shapes: [outputShape, weightShape, inputShape] },
  "weight gradient": { sum: weightGradientSum, shapes: [inputShape, outputShape, weightShape] },
};

function withImages(contraction: Contraction, g: ConvolutionGeometry): TrialContraction {
  const { a, b, output, direction } = contraction;
  const { sum, shapes } = SUMS[direction!];
  const like = (i: number, dtype: DType) => {
    const shape = shapes[i]!(g);
    return { shape, dtype, size: sizeOf(shape) };
  };
  return {
    ...contraction,
    ...sum(g, { a, b }),
    a: like(0, a.dtype),
    b: like(1, b.dtype),
    output: like(2, output.dtype),
  };
}
