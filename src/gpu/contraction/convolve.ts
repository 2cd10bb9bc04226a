import type { Device } from "../device/device.ts";
import type { EpilogueActivation } from "../kernel/activation.ts";
import { type FloatType, floatTypeOf } from "../kernel/float_memory.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BYTES_PER_ELEMENT } from "../tensor/dtype.ts";
import { contract } from "./contract.ts";
import { convolutionSum } from "./sums/convolution_sum.ts";
import { canFold, fold } from "./fold.ts";
import {
  type ConvolutionGeometry,
  directions,
  inputShape,
  outputPixels,
  outputShape,
  weightShape,
  windowSize,
} from "./sums/geometry.ts";
import { inputGradientSum } from "./sums/input_gradient_sum.ts";
import { weightGradientSum } from "./sums/weight_gradient_sum.ts";
import { type Gate, passGate } from "./gate.ts";
import { cutChannels, groupsOf, isGrouped, pasteChannels } from "./groups.ts";
import { multiply } from "./multiply.ts";
import { foldWeightGradient, inputPixels, suitsUnfolding, unfold, unfoldedWeight } from "./unfold.ts";
import { Transformed } from "./winograd/transformed.ts";

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

/** What is applied to the sums before they are stored. */
export interface Finish {
  /** Added to each channel. */
  readonly bias?: Tensor | undefined;
  /** Applied then. */
  readonly activation?: EpilogueActivation | undefined;
  /** Passed then, if they are a gradient. Not together with a bias or an activation. */
  readonly gate?: Gate | undefined;
  /** Element type that they are stored as: that of the pictures or gradients, if not given. */
  readonly dtype?: FloatType | undefined;
}

/** The convolution of `x` with `weight`. */
export function convolve(
  x: Tensor,
  weight: Tensor,
  g: ConvolutionGeometry,
  finish: Finish = {},
  transformed?: Transformed,
): Tensor {
  const { gate, ...plain } = finish;
  if (gate && isGrouped(g)) {
    using behind = convolve(x, weight, g, plain, transformed);
    return passGate(behind, gate);
  }
  const output = x.device.empty(outputShape(g), finish.dtype ?? x.dtype);
  if (isGrouped(g)) {
    for (const { own, inputs, outputs } of groupsOf(g)) {
      using part = cutChannels(x, inputs);
      using kernel = cutChannels(weight, outputs);
      using bias = finish.bias && cutChannels(finish.bias, outputs);
      using y = convolve(part, kernel, own, { ...finish, bias, dtype: floatTypeOf(output) });
      pasteChannels(y, output, outputs);
    }
    return output;
  }
  if (coversInput(g)) {
    using rows = x.reshape([g.images, windowSize(g)]);
    using matrix = asMatrix(weight, g);
    multiply(rows, matrix, { ...finish, samples: g.images, into: output });
    return output;
  }
  const operands = { a: x, b: weight };
  contract(x.device, { ...convolutionSum(g, operands), ...operands, ...finish, output }, transformed);
  return output;
}

/** The gradient of {@linkcode convolve} with respect to `x`; finished, the transposed convolution. */
export function convolveInputGradient(
  gradient: Tensor,
  weight: Tensor,
  g: ConvolutionGeometry,
  finish: Finish = {},
  transformed?: Transformed,
): Tensor {
  const { gate, ...plain } = finish;
  if (gate && isGrouped(g)) {
    using behind = convolveInputGradient(gradient, weight, g, plain, transformed);
    return passGate(behind, gate);
  }
  const output = gradient.device.empty(inputShape(g), finish.dtype ?? gradient.dtype);
  if (isGrouped(g)) {
    for (const { own, inputs, outputs } of groupsOf(g)) {
      using part = cutChannels(gradient, outputs);
      using kernel = cutChannels(weight, outputs);
      using bias = finish.bias && cutChannels(finish.bias, inputs);
      const ending = { ...finish, bias, dtype: floatTypeOf(output) };
      using x = convolveInputGradient(part, kernel, own, ending);
      pasteChannels(x, output, inputs);
    }
    return output;
  }
  if (coversInput(g) && !finish.bias) {
    using rows = gradient.reshape([g.images, g.outputs]);
    using matrix = asMatrix(weight, g);
    multiply(rows, matrix, {
      transposeB: true,
      activation: finish.activation,
      samples: g.images,
      gate,
      into: output,
    });
    return output;
  }
  if (suitsUnfolding(gradient.device, g)) {
    using own = transformed ? undefined : new Transformed();
    const unfolded = (transformed ?? own!).unfolded ??= unfold(gradient, g);
    using matrix = unfoldedWeight(weight, g);
    multiply(unfolded, matrix, { ...finish, samples: g.images, into: output });
    return output;
  }
  if (isThin(g) && hasRoomForTaps(gradient.device, g) && canFold(gradient.device, g)) {
    using taps = gradient.device.empty([outputPixels(g), windowSize(g)]);
    using rows = gradient.reshape([taps.shape[0]!, g.outputs]);
    using matrix = asMatrix(weight, g);
    multiply(rows, matrix, { transposeB: true, samples: g.images, into: taps });
    fold(taps, output, g, finish);
    return output;
  }
  const operands = { a: gradient, b: weight };
  const contraction = { ...inputGradientSum(g, operands), ...operands, ...finish, output };
  contract(gradient.device, contraction, transformed);
  return output;
}

/** The gradient of {@linkcode convolve} with respect to `weight`. */
export function convolveWeightGradient(
  x: Tensor,
  gradient: Tensor,
  g: ConvolutionGeometry,
  { into, accumulate = false, dtype }: Target = {},
  transformed?: Transformed,
): Tensor {
  const output = into ?? x.device.empty(weightShape(g), dtype);
  if (isGrouped(g)) {
    for (const { own, inputs, outputs } of groupsOf(g)) {
      using part = cutChannels(x, inputs);
      using flowing = cutChannels(gradient, outputs);
      using found = convolveWeightGradient(part, flowing, own);
      pasteChannels(found, output, outputs, accumulate);
    }
    return output;
  }
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
  if (suitsUnfolding(x.device, g)) {
    using own = transformed ? undefined : new Transformed();
    const unfolded = (transformed ?? own!).unfolded ??= unfold(gradient, g);
    using rows = x.reshape([inputPixels(g), g.inputs]);
    using product = multiply(rows, unfolded, { transposeA: true, dtype: "f32" });
    foldWeightGradient(product, output, g, accumulate);
    return output;
  }
  const operands = { a: x, b: gradient };
  const contraction = { ...weightGradientSum(g, operands), ...operands, output, accumulate };
  contract(x.device, contraction, transformed);
  return output;
}

/** The window is the whole input, so this is a matrix product. */
function coversInput(g: ConvolutionGeometry): boolean {
  return directions(g.padding).every((zeros) => zeros === 0) && g.kernelHeight === g.height &&
    g.kernelWidth === g.width;
}

/**
 * Few channels would keep few threads busy, and read every gradient once for each tap: all taps at once are a matrix
 * product, and adding them up is little work.
 */
function isThin(g: ConvolutionGeometry): boolean {
  return g.inputs <= 4 && g.outputs >= 8;
}

/** All taps are many times as large as the gradient: if they are more than one binding can hold, they must not be. */
function hasRoomForTaps(device: Device, g: ConvolutionGeometry): boolean {
  const bytes = outputPixels(g) * windowSize(g) * BYTES_PER_ELEMENT.f32;
  return bytes <= device.adapter.limits.maxStorageBufferBindingSize;
}

function asMatrix(weight: Tensor, g: ConvolutionGeometry): Tensor {
  return weight.reshape([windowSize(g), g.outputs]);
}
