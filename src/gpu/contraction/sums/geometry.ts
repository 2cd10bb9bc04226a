import { u32, type Uniform } from "../../kernel/run_kernel.ts";
import type { Shape } from "../../tensor/shape.ts";

/** The extents of a convolution. Those of a transposed convolution are those of the convolution it is the gradient of. */
export interface ConvolutionGeometry {
  /** Pictures in the batch. */
  readonly images: number;
  /** Height of the input. */
  readonly height: number;
  /** Width of the input. */
  readonly width: number;
  /** Channels of the input. */
  readonly inputs: number;
  /** Height of the output. */
  readonly outHeight: number;
  /** Width of the output. */
  readonly outWidth: number;
  /** Channels of the output. */
  readonly outputs: number;
  /** Height of the kernel. */
  readonly kernelHeight: number;
  /** Width of the kernel. */
  readonly kernelWidth: number;
  /** Step of the window in both directions. */
  readonly stride: number;
  /** Zeros around the input. */
  readonly padding: number;
}

/** `[images, height, width, inputs]`. */
export function inputShape(g: ConvolutionGeometry): Shape {
  return [g.images, g.height, g.width, g.inputs];
}

/** `[images, outHeight, outWidth, outputs]`. */
export function outputShape(g: ConvolutionGeometry): Shape {
  return [g.images, g.outHeight, g.outWidth, g.outputs];
}

/** `[kernelHeight, kernelWidth, inputs, outputs]`. */
export function weightShape(g: ConvolutionGeometry): Shape {
  return [g.kernelHeight, g.kernelWidth, g.inputs, g.outputs];
}

/** Elements of one window of the input: kernel height times kernel width times input channels. */
export function windowSize(g: ConvolutionGeometry): number {
  return g.kernelHeight * g.kernelWidth * g.inputs;
}

/** Pixels of the output, of all pictures. */
export function outputPixels(g: ConvolutionGeometry): number {
  return g.images * g.outHeight * g.outWidth;
}

/** The extents as kernels read them. */
export function geometryUniforms(g: ConvolutionGeometry): Record<string, Uniform> {
  return {
    images: u32(g.images),
    height: u32(g.height),
    width: u32(g.width),
    inputs: u32(g.inputs),
    out_height: u32(g.outHeight),
    out_width: u32(g.outWidth),
    outputs: u32(g.outputs),
    kernel_height: u32(g.kernelHeight),
    kernel_width: u32(g.kernelWidth),
    stride: u32(g.stride),
    padding: u32(g.padding),
  };
}
