import { expectKnownOptions } from "../../tensor/known_options.ts";
import { convolve, convolveInputGradient, convolveWeightGradient } from "../../contraction/convolve.ts";
import { type ConvolutionGeometry, directions, type PerDirection } from "../../contraction/sums/geometry.ts";
import { type FloatType, floatTypeOf } from "../../kernel/float_memory.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import { Transformed } from "../../contraction/winograd/transformed.ts";
import { checkConvolution, keptTransforms } from "./conv2d.ts";
import type { EpilogueActivation } from "../../kernel/activation.ts";
import { beforeActivation, gateOf } from "./before_activation.ts";
import { sumTo } from "../reductions/sum.ts";

/** Options of {@linkcode convTranspose2d}. */
export interface ConvTranspose2dOptions {
  /** Added to each output channel: `[out]`. */
  bias?: Tensor | undefined;
  /** Applied to the result in the same kernel. */
  activation?: EpilogueActivation | undefined;
  /** Element type of the result: that of `x`, if not given. */
  dtype?: FloatType | undefined;
  /**
   * Pixels of the output for one of the input: a number, or `[vertical, horizontal]`.
   *
   * @default {1}
   */
  stride?: PerDirection;
  /**
   * Rows and columns cut off around the output: a number, or `[vertical, horizontal]`.
   *
   * @default {0}
   */
  padding?: PerDirection;
  /**
   * Rows and columns added at the bottom and right of the output, less than the stride or the dilation: a number, or
   * `[vertical, horizontal]`.
   *
   * @default {0}
   */
  outputPadding?: PerDirection;
  /**
   * From one element of the kernel to the next, in pixels of the output: a number, or `[vertical, horizontal]`.
   *
   * @default {1}
   */
  dilation?: PerDirection;
  /**
   * Equal parts of the channels, in order: each part of the output is made of its part of the input only. Groups are computed
   * one after another, four launches each.
   *
   * @default {1}
   */
  groups?: number;
}

/**
 * Transposed ("fractionally strided") convolution, as `torch.nn.functional.conv_transpose2d`: the gradient of a
 * convolution with respect to its input, used forwards.
 *
 * `x` is `[batch, height, width, in]`, `weight` is `[kernel height, kernel width, out / groups, in]`
 * (PyTorch's `[in, out / groups, kh, kw]` permuted by (2, 3, 1, 0)), the result is `[batch, out height, out width, out]` with
 * `out height = (height - 1)*stride - 2*padding + dilation*(kernel height - 1) + 1 + outputPadding`, and so for the width.
 * `x` and `weight` are f32 or f16 each; sums are f32.
 *
 * @throws {RangeError} if the shapes do not fit.
 * @throws {TypeError} if there is no such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { convTranspose2d, fill, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const weight = fill(device, [4, 4, 3, 8], 0.1);
 * const y = convTranspose2d(fill(device, [1, 4, 4, 8], 1), weight, { stride: 2, padding: 1 });
 * assertEquals(y.shape, [1, 8, 8, 3]);
 * ```
 */
export function convTranspose2d(x: Tensor, weight: Tensor, options: ConvTranspose2dOptions = {}): Tensor {
  expectKnownOptions("convTranspose2d()", options, {
    bias: true,
    activation: true,
    dtype: true,
    stride: true,
    padding: true,
    outputPadding: true,
    dilation: true,
    groups: true,
  });
  const { bias, activation, dtype } = options;
  const geometry = mirroredGeometry(x, weight, options);
  const transformed = keptTransforms(x.device);
  const y = convolveInputGradient(x, weight, geometry, { bias, activation, dtype }, transformed);
  return derive(
    y,
    bias ? [x, weight, bias] : [x, weight],
    (after, [wantX, wantWeight, wantBias], isBefore) => {
      using before = isBefore ? undefined : beforeActivation(y, after, activation);
      using own = new Transformed(transformed);
      const gradient = before ?? after;
      return [
        wantX
          ? convolve(gradient, weight, geometry, { dtype: floatTypeOf(x), gate: gateOf(x, wantX) }, own)
          : null,
        wantWeight
          ? convolveWeightGradient(gradient, x, geometry, { dtype: floatTypeOf(weight), ...wantWeight }, own)
          : null,
        wantBias ? sumTo(gradient, bias!) : null,
      ];
    },
    transformed?.made,
    { activation, heedsBefore: true },
  );
}

/**
 * The same without gradients. A bundle with it alone has nothing of these.
 *
 * @throws {RangeError} if the shapes do not fit.
 */
export function convTranspose2dForward(x: Tensor, weight: Tensor, options: ConvTranspose2dOptions): Tensor {
  const { bias, activation, dtype } = options;
  return convolveInputGradient(x, weight, mirroredGeometry(x, weight, options), { bias, activation, dtype });
}

/** The convolution whose input gradient this transposed convolution is: its input is our output. */
function mirroredGeometry(x: Tensor, weight: Tensor, options: ConvTranspose2dOptions): ConvolutionGeometry {
  const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1, bias } = options;
  const inputs = weight.shape[2]! * groups;
  const steps = { stride, padding, outputPadding, dilation };
  checkConvolution("convTranspose2d", x, weight, bias, inputs, { ...steps, groups });
  const [images, outHeight, outWidth, outputs] = x.shape as [number, number, number, number];
  const [kernelHeight, kernelWidth, , weightOutputs] = weight.shape as [number, number, number, number];
  if (weightOutputs !== outputs) {
    throw new RangeError(
      `The weight of convTranspose2d() must have ${outputs} input channels, as x has, found ${weightOutputs}: ` +
        `shapes ${formatShape(weight.shape)} and ${formatShape(x.shape)}`,
    );
  }
  const [height, width] = [[outHeight, kernelHeight], [outWidth, kernelWidth]].map(([extent, kernel], at) => {
    const [step, cut, added, apart] = Object.values(steps).map((setting) => directions(setting)[at]!);
    if (added! >= Math.max(step!, apart!) && added! > 0) {
      throw new RangeError(
        `The outputPadding of convTranspose2d() must be less than the stride or the dilation, found ${added} for a ` +
          `stride of ${step}`,
      );
    }
    return (extent! - 1) * step! - 2 * cut! + apart! * (kernel! - 1) + 1 + added!;
  }) as [number, number];
  if (height < 1 || width < 1) {
    const [down, across] = directions(padding);
    throw new RangeError(
      `The padding of convTranspose2d() must leave a part of the output of ` +
        `${height + 2 * down}x${width + 2 * across}, found ${
          typeof padding === "number" ? padding : padding.join("x")
        }`,
    );
  }
  return {
    images,
    height,
    width,
    inputs,
    outHeight,
    outWidth,
    outputs,
    kernelHeight,
    kernelWidth,
    stride,
    padding,
    dilation,
    groups,
  };
}
