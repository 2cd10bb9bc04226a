import type { Device } from "../device/device.ts";
import type { EpilogueActivation } from "../kernel/activation.ts";
import type { FloatType } from "../kernel/float_memory.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BYTES_PER_ELEMENT } from "../tensor/dtype.ts";
import { contract } from "./contract.ts";
import {
  type ConvolutionLayout,
  convolutionProblem,
  inputGradientProblem,
  weightGradientProblem,
} from "./sums/convolution_sums.ts";
import { canFold, fold } from "./fold.ts";
import { type ConvolutionGeometry, inputShape, outputShape, weightShape } from "./sums/geometry.ts";
import { multiply } from "./multiply.ts";

/** Where a gradient goes. */
export interface Target {
  /** The tensor to write; a new one if not given. */
  readonly into?: Tensor | undefined;
  /** Add to what it holds. */
  readonly accumulate?: boolean | undefined;
  /**
   * Element type of a new tensor.
   *
   * @default {"f32"}
   */
  readonly dtype?: FloatType | undefined;
}

/** What is done to the sums before they are stored. */
export interface Finish {
  /** Added to each channel. */
  readonly bias?: Tensor | undefined;
  /** Applied then. */
  readonly activation?: EpilogueActivation | undefined;
  /** Element type that they are stored as: that of the pictures or gradients, if not given. */
  readonly dtype?: FloatType | undefined;
  /** Where they are stored; a new tensor if not given. */
  readonly into?: Tensor | undefined;
}

/** The convolution of `x` with `weight`. */
export function convolve(x: Tensor, weight: Tensor, g: ConvolutionGeometry, finish: Finish = {}): Tensor {
  const output = finish.into ?? x.device.empty(outputShape(g), finish.dtype ?? x.dtype);
  if (coversInput(g)) {
    using rows = x.reshape([g.images, windowSize(g)]);
    using matrix = asMatrix(weight, g);
    multiply(rows, matrix, { ...finish, into: output });
    return output;
  }
  contract(x.device, {
    problem: convolutionProblem(layoutOf(g, x, weight)),
    uniforms: uniformsOf(g),
    detail: detailOf(g),
    rows: g.images * g.outHeight * g.outWidth,
    columns: g.outputs,
    depth: windowSize(g),
    a: x,
    b: weight,
    ...finish,
    output,
  });
  return output;
}

/** The gradient of {@linkcode convolve} with respect to `x`; finished, the transposed convolution. */
export function convolveInputGradient(
  gradient: Tensor,
  weight: Tensor,
  g: ConvolutionGeometry,
  finish: Finish = {},
): Tensor {
  const output = finish.into ?? gradient.device.empty(inputShape(g), finish.dtype ?? gradient.dtype);
  if (coversInput(g) && !finish.bias) {
    using rows = gradient.reshape([g.images, g.outputs]);
    using matrix = asMatrix(weight, g);
    multiply(rows, matrix, {
      transposeB: true,
      activation: finish.activation,
      into: output,
    });
    return output;
  }
  if (isThin(g) && hasRoomForTaps(gradient.device, g) && canFold(gradient.device, g)) {
    using taps = gradient.device.empty([g.images * g.outHeight * g.outWidth, windowSize(g)]);
    using rows = gradient.reshape([taps.shape[0]!, g.outputs]);
    using matrix = asMatrix(weight, g);
    multiply(rows, matrix, { transposeB: true, into: taps });
    fold(taps, output, g, finish);
    return output;
  }
  const { stride } = g;
  contract(gradient.device, {
    problem: inputGradientProblem(layoutOf(g, gradient, weight)),
    uniforms: uniformsOf(g),
    detail: detailOf(g),
    rows: g.images * Math.ceil(g.height / stride) * Math.ceil(g.width / stride),
    columns: g.inputs,
    depth: g.outputs * Math.ceil(g.kernelHeight / stride) * Math.ceil(g.kernelWidth / stride),
    phases: stride * stride,
    unevenPhases: g.height % stride !== 0 || g.width % stride !== 0,
    products: g.images * g.outHeight * g.outWidth * windowSize(g) * g.outputs,
    a: gradient,
    b: weight,
    ...finish,
    output,
  });
  return output;
}

/** The gradient of {@linkcode convolve} with respect to `weight`. */
export function convolveWeightGradient(
  x: Tensor,
  gradient: Tensor,
  g: ConvolutionGeometry,
  { into, accumulate, dtype }: Target = {},
): Tensor {
  const output = into ?? x.device.empty(weightShape(g), dtype);
  if (coversInput(g)) {
    using columns = x.reshape([g.images, windowSize(g)]);
    using rows = gradient.reshape([g.images, g.outputs]);
    multiply(columns, rows, {
      transposeA: true,
      into: output,
      accumulate,
    });
    return output;
  }
  contract(x.device, {
    problem: weightGradientProblem(layoutOf(g, x, gradient)),
    uniforms: uniformsOf(g),
    detail: detailOf(g),
    rows: windowSize(g),
    columns: g.outputs,
    depth: g.images * g.outHeight * g.outWidth,
    splittable: true,
    a: x,
    b: gradient,
    output,
    accumulate: accumulate ?? false,
  });
  return output;
}

/** The window is the whole input: a matrix product in disguise. */
function coversInput(g: ConvolutionGeometry): boolean {
  return g.padding === 0 && g.kernelHeight === g.height && g.kernelWidth === g.width;
}

/**
 * Few channels would keep few threads busy, and read every gradient once for each tap: all taps at once are a matrix
 * product, and adding them up is little work.
 */
function isThin(g: ConvolutionGeometry): boolean {
  return g.inputs <= 4 && g.outputs >= 8;
}

/** All taps are many times as large as the gradient: where they are more than one binding can hold, they must not be. */
function hasRoomForTaps(device: Device, g: ConvolutionGeometry): boolean {
  const bytes = g.images * g.outHeight * g.outWidth * windowSize(g) * BYTES_PER_ELEMENT.f32;
  return bytes <= device.adapter.limits.maxStorageBufferBindingSize;
}

function windowSize(g: ConvolutionGeometry): number {
  return g.kernelHeight * g.kernelWidth * g.inputs;
}

function asMatrix(weight: Tensor, g: ConvolutionGeometry): Tensor {
  return weight.reshape([windowSize(g), g.outputs]);
}

/**
 * Terms from which on a sum is worth being one of its own: it halves the rounding errors of a convolution over 128
 * channels, and with shorter sums a step of training took 3 to 4 % longer on llvmpipe.
 */
const LONG_RUN = 512;

function layoutOf(g: ConvolutionGeometry, a: Tensor, b: Tensor): ConvolutionLayout {
  return {
    a,
    b,
    inputs4: g.inputs % 4 === 0,
    window4: g.kernelWidth * g.inputs % 4 === 0,
    outputs4: g.outputs % 4 === 0,
    longWindow: g.kernelWidth * g.inputs >= LONG_RUN,
    manyOutputs: g.outputs >= LONG_RUN,
    powers: isPower(g.outHeight) && isPower(g.outWidth),
  };
}

function uniformsOf(g: ConvolutionGeometry): Record<string, number> {
  return {
    images: g.images,
    height: g.height,
    width: g.width,
    inputs: g.inputs,
    out_height: g.outHeight,
    out_width: g.outWidth,
    outputs: g.outputs,
    kernel_height: g.kernelHeight,
    kernel_width: g.kernelWidth,
    stride: g.stride,
    padding: g.padding,
    shift_width: Math.log2(g.outWidth) | 0,
    shift_image: Math.log2(g.outWidth * g.outHeight) | 0,
  };
}

/** The input's shape and the output's channels: with the network's layers at hand, that says which one it is. */
function detailOf(g: ConvolutionGeometry): string {
  return `${inputShape(g).join("x")} -> ${g.outputs}`;
}

function isPower(n: number): boolean {
  return (n & (n - 1)) === 0;
}
