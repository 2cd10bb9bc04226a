import { expectKnownOptions } from "../../tensor/known_options.ts";
import { convolve, convolveInputGradient, convolveWeightGradient } from "../../contraction/convolve.ts";
import { Transformed } from "../../contraction/winograd/transformed.ts";
import type { Device } from "../../device/device.ts";
import {
  type ConvolutionGeometry,
  directions,
  outputShape,
  type PerDirection,
  stepsOf,
} from "../../contraction/sums/geometry.ts";
import { type FloatType, floatTypeOf } from "../../kernel/float_memory.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import type { EpilogueActivation } from "../../kernel/activation.ts";
import { beforeActivation, gateOf } from "./before_activation.ts";
import { sumTo } from "../reductions/sum.ts";

/** Options of {@linkcode conv2d}. */
export interface Conv2dOptions {
  /** Added to each output channel: `[out]`. */
  bias?: Tensor | undefined;
  /** Applied to the result in the same kernel. */
  activation?: EpilogueActivation | undefined;
  /** Element type of the result: that of `x`, if not given. */
  dtype?: FloatType | undefined;
  /**
   * Step of the window: a number, or `[vertical, horizontal]`.
   *
   * @default {1}
   */
  stride?: PerDirection;
  /**
   * Zeros around the input: a number, or `[vertical, horizontal]`.
   *
   * @default {0}
   */
  padding?: PerDirection;
  /**
   * From one element of the kernel to the next, in pixels: a number, or `[vertical, horizontal]`.
   *
   * @default {1}
   */
  dilation?: PerDirection;
  /**
   * Equal parts of the channels, in order: each part of the output sees only its part of the input. Groups are convolved one
   * after another, four launches each.
   *
   * @default {1}
   */
  groups?: number;
}

/**
 * Two-dimensional convolution (cross-correlation), as `torch.nn.functional.conv2d`:
 * `y[n, oy, ox, o] = bias[o] + Σ x[n, oy*stride - padding + ky*dilation, ox*stride - padding + kx*dilation, i] * weight[ky, kx, i, o]`.
 *
 * `x` is `[batch, height, width, in]`, `weight` is `[kernel height, kernel width, in / groups, out]` (PyTorch's
 * `[out, in / groups, kh, kw]` permuted by (2, 3, 1, 0)), the result is `[batch, out height, out width, out]` with
 * `out height = floor((height + 2*padding - dilation*(kernel height - 1) - 1) / stride) + 1`, and so for the width.
 * `x` and `weight` are f32 or f16 each; sums are f32.
 *
 * @throws {RangeError} if the shapes do not fit.
 * @throws {TypeError} if there is no such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { conv2d, fill, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const y = conv2d(fill(device, [1, 4, 4, 1], 1), fill(device, [3, 3, 1, 1], 1), { padding: 1 });
 * assertEquals(y.shape, [1, 4, 4, 1]);
 * ```
 */
export function conv2d(x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor {
  expectKnownOptions("conv2d()", options, {
    bias: true,
    activation: true,
    dtype: true,
    stride: true,
    padding: true,
    dilation: true,
    groups: true,
  });
  const { bias, activation, dtype } = options;
  const geometry = conv2dGeometry(x, weight, options);
  const transformed = keptTransforms(x.device);
  const y = convolve(x, weight, geometry, { bias, activation, dtype }, transformed);
  return derive(
    y,
    bias ? [x, weight, bias] : [x, weight],
    (after, [wantX, wantWeight, wantBias], isBefore) => {
      using before = isBefore ? undefined : beforeActivation(y, after, activation);
      using own = new Transformed(transformed);
      const gradient = before ?? after;
      return [
        wantX
          ? convolveInputGradient(gradient, weight, geometry, {
            dtype: floatTypeOf(x),
            gate: gateOf(x, wantX),
          }, own)
          : null,
        wantWeight
          ? convolveWeightGradient(x, gradient, geometry, { dtype: floatTypeOf(weight), ...wantWeight }, own)
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
export function conv2dForward(x: Tensor, weight: Tensor, options: Conv2dOptions): Tensor {
  const { bias, activation, dtype } = options;
  return convolve(x, weight, conv2dGeometry(x, weight, options), { bias, activation, dtype });
}

/**
 * Where the transforms of a convolution's operands are kept for its gradients: in a program, whose memory is planned, as
 * it takes nothing if there are none. Else they are made again.
 */
export function keptTransforms({ recording }: Device): Transformed | undefined {
  return recording ? new Transformed() : undefined;
}

/** Checks the arguments that both kinds of convolution share. */
export function checkConvolution(
  name: string,
  x: Pick<Tensor, "shape">,
  weight: Tensor,
  bias: Tensor | undefined,
  outputs: number,
  { groups, ...options }: Readonly<Record<string, PerDirection>> & { readonly groups: number },
): void {
  if (x.shape.length !== 4 || weight.rank !== 4) {
    throw new RangeError(
      `${name}() needs pictures [batch, height, width, channels] and a weight of four axes, ` +
        `found shapes ${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
    );
  }
  for (const [option, value] of Object.entries(options)) {
    const least = option === "stride" || option === "dilation" ? 1 : 0;
    const numbers = directions(value);
    if (numbers.length !== 2 || !numbers.every((one) => Number.isInteger(one) && one >= least)) {
      throw new RangeError(
        `The ${option} of ${name}() must be a whole number of at least ${least}, or two of them, found ${
          typeof value === "number" ? value : formatShape(value)
        }`,
      );
    }
  }
  const channels = [x.shape[3]!, outputs];
  if (!Number.isInteger(groups) || groups < 1 || channels.some((count) => count % groups !== 0)) {
    throw new RangeError(
      `The groups of ${name}() must be a whole number that divides both numbers of channels, ${
        channels.join(" and ")
      }, found ${groups}`,
    );
  }
  if (bias && !sameShape(bias.shape, [outputs])) {
    throw new RangeError(
      `The bias of ${name}() must have shape [${outputs}], one element for each output channel, ` +
        `found shape ${formatShape(bias.shape)}`,
    );
  }
}

/** The extents of a convolution, checked. */
export function conv2dGeometry(
  x: Pick<Tensor, "shape">,
  weight: Tensor,
  options: Conv2dOptions,
): ConvolutionGeometry {
  const { stride = 1, padding = 0, dilation = 1, groups = 1, bias } = options;
  checkConvolution("conv2d", x, weight, bias, weight.shape[3]!, { stride, padding, dilation, groups });
  const [images, height, width, inputs] = x.shape as [number, number, number, number];
  const [kernelHeight, kernelWidth, weightInputs, outputs] = weight.shape as [number, number, number, number];
  if (weightInputs * groups !== inputs) {
    const wanted = groups === 1 ? "as x has" : `those of one of ${groups} groups`;
    throw new RangeError(
      `The weight of conv2d() must have ${
        inputs / groups
      } input channels, ${wanted}, found ${weightInputs}: ` +
        `shapes ${formatShape(weight.shape)} and ${formatShape(x.shape)}`,
    );
  }
  const extents = [[height, kernelHeight], [width, kernelWidth]] as const;
  const [outHeight, outWidth] = directions(stride).map((step, at) => {
    const [extent, kernel] = extents[at]!;
    const span = directions(dilation)[at]! * (kernel - 1) + 1;
    return Math.floor((extent + 2 * directions(padding)[at]! - span) / step) + 1;
  }) as [number, number];
  if (outHeight < 1 || outWidth < 1) {
    const apart = dilation === 1 ? "" : ` with dilation ${directions(dilation).join("x")}`;
    throw new RangeError(
      `The kernel of conv2d() must fit images of ${height}x${width} with padding ${
        typeof padding === "number" ? padding : padding.join("x")
      }, found ${kernelHeight}x${kernelWidth}${apart}`,
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

/** {@linkcode conv2d} on the host, without a bias. */
export function conv2dReference(x: Float64Array, weight: Float64Array, g: ConvolutionGeometry): Float64Array {
  const y = new Float64Array(outputShape(g).reduce((a, b) => a * b));
  forEachTap(g, (input, tap, output) => y[output]! += x[input]! * weight[tap]!);
  return y;
}

/** Visits every product of a convolution: the places of the input element, the weight and the output element. */
export function forEachTap(
  g: ConvolutionGeometry,
  visit: (input: number, tap: number, output: number) => void,
): void {
  const { stride, padding, dilation } = stepsOf(g);
  const { groups = 1 } = g;
  const inputs = g.inputs / groups;
  const groupOf = (output: number) => Math.floor(output / (g.outputs / groups));
  for (let n = 0; n < g.images; n++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        for (let ky = 0; ky < g.kernelHeight; ky++) {
          const y = oy * stride[0] - padding[0] + ky * dilation[0];
          if (y < 0 || y >= g.height) continue;
          for (let kx = 0; kx < g.kernelWidth; kx++) {
            const x = ox * stride[1] - padding[1] + kx * dilation[1];
            if (x < 0 || x >= g.width) continue;
            for (let i = 0; i < inputs; i++) {
              for (let o = 0; o < g.outputs; o++) {
                visit(
                  ((n * g.height + y) * g.width + x) * g.inputs + groupOf(o) * inputs + i,
                  ((ky * g.kernelWidth + kx) * inputs + i) * g.outputs + o,
                  ((n * g.outHeight + oy) * g.outWidth + ox) * g.outputs + o,
                );
              }
            }
          }
        }
      }
    }
  }
}
