import {
  conv2d,
  convTranspose2d,
  type EpilogueActivation,
  expectKnownOptions,
  type Tensor,
  upsampledConv2d,
} from "../../gpu/mod.ts";
import { convolve, convolveInputGradient, convolveWeightGradient } from "../../gpu/contraction/convolve.ts";
import { conv2dGeometry } from "../../gpu/ops/products/conv2d.ts";
import type { Shape } from "../../gpu/tensor/shape.ts";
import type { ForwardContext } from "../module.ts";
import type { Piece } from "../penalties/piece.ts";
import { ConvolutionLayer, type ConvolutionLayerOptions } from "./convolution_layer.ts";

/** Options of {@linkcode ConvTranspose2d}. */
export interface ConvTransposeLayerOptions extends ConvolutionLayerOptions {
  /**
   * Rows and columns added at the bottom and right of the output.
   *
   * @default {0}
   */
  outputPadding?: number;
}

const CONVOLUTION_OPTIONS = {
  kernel: true,
  stride: true,
  padding: true,
  bias: true,
  weight: true,
  spectralNorm: true,
  output: true,
} as const;

/**
 * Two-dimensional convolution (cross-correlation), as `torch.nn.Conv2d`, from
 * `[batch, height, width, inputs]` to `[batch, out height, out width, outputs]`:
 *
 * ```text
 * y[n, i, j, o] = bias[o] + sum over u, v, c of weight[o, c, u, v] * x[n, row, column, c]
 * row = i * stride + u - padding, column = j * stride + v - padding
 * out height = floor((height + 2 * padding - kernel height) / stride) + 1, and so for the width
 * ```
 *
 * The weight is written in PyTorch's order; `x` is 0 outside of the image.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { Conv2d, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new Conv2d(3, 8, { kernel: 4, stride: 2, padding: 1 })]);
 * const x = device.tensor(new Float32Array(1536), { shape: [2, 16, 16, 3] });
 * assertEquals(network.forward(x).shape, [2, 8, 8, 8]);
 * ```
 */
export class Conv2d extends ConvolutionLayer<ConvolutionLayerOptions> {
  /**
   * From `inputs` channels to `outputs`.
   *
   * @throws {TypeError} if there is no such option.
   */
  constructor(inputs: number, outputs: number, options: ConvolutionLayerOptions) {
    expectKnownOptions("Conv2d", options, CONVOLUTION_OPTIONS);
    super(inputs, outputs, "conv2d", options);
  }

  /**
   * `[batch, out height, out width, outputs]`; with `activation`, that applied to it in the same kernel. With `scale`,
   * of `x` with each pixel repeated `scale` times in both directions.
   */
  override forward(
    x: Tensor,
    context: ForwardContext,
    activation?: EpilogueActivation,
    scale = 1,
  ): Tensor {
    const { stride = 1, padding = 0, output: dtype = context.precision } = this.options;
    const options = { stride, padding, bias: this.bias?.tensor, activation, dtype };
    const weight = this.operand(context);
    return scale === 1 ? conv2d(x, weight, options) : upsampledConv2d(x, weight, { ...options, scale });
  }

  /** Itself. */
  override pieces(): readonly Piece[] {
    const { bias, options: { stride = 1, padding = 0 } } = this;
    const geometry = (shape: Shape) =>
      conv2dGeometry({ shape }, this.weight.tensor, { stride, padding, bias: bias?.tensor });
    return [
      this.piece((weight) => ({
        apply: (x, finish) => convolve(x, weight(), geometry(x.shape), finish),
        transposed: (gradient, shape) => convolveInputGradient(gradient, weight(), geometry(shape)),
        weightGradient: (x, gradient, into) =>
          convolveWeightGradient(x, gradient, geometry(x.shape), { into }),
      })),
    ];
  }
}

/**
 * Transposed convolution, as `torch.nn.ConvTranspose2d`, from `[batch, height, width, inputs]` to
 * `[batch, out height, out width, outputs]`. Each pixel of the input adds a kernel to the output, which starts as the
 * bias:
 *
 * ```text
 * y[n, i * stride + u - padding, j * stride + v - padding, o] += weight[c, o, u, v] * x[n, i, j, c]
 * out height = (height - 1) * stride - 2 * padding + kernel height + outputPadding, and so for the width
 * ```
 *
 * The weight is written in PyTorch's order; what falls outside of the output is dropped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice } from "@x/dcgan/gpu";
 * import { ConvTranspose2d, Network } from "@x/dcgan/nn";
 *
 * using device = await openDevice();
 * using network = new Network(device, [new ConvTranspose2d(8, 3, { kernel: 4, stride: 2, padding: 1 })]);
 * const x = device.tensor(new Float32Array(1024), { shape: [2, 8, 8, 8] });
 * assertEquals(network.forward(x).shape, [2, 16, 16, 3]);
 * ```
 */
export class ConvTranspose2d extends ConvolutionLayer<ConvTransposeLayerOptions> {
  /**
   * From `inputs` channels to `outputs`.
   *
   * @throws {TypeError} if there is no such option.
   */
  constructor(inputs: number, outputs: number, options: ConvTransposeLayerOptions) {
    expectKnownOptions("ConvTranspose2d", options, { ...CONVOLUTION_OPTIONS, outputPadding: true });
    super(inputs, outputs, "convTranspose2d", options);
  }

  /** `[batch, out height, out width, outputs]`; with `activation`, that applied to it in the same kernel. */
  override forward(x: Tensor, context: ForwardContext, activation?: EpilogueActivation): Tensor {
    const { stride = 1, padding = 0, outputPadding = 0, output: dtype = context.precision } = this.options;
    return convTranspose2d(x, this.operand(context), {
      stride,
      padding,
      outputPadding,
      bias: this.bias?.tensor,
      activation,
      dtype,
    });
  }
}
