import type { Shape } from "../../tensor/shape.ts";

/** A number for both directions, or one for each. */
export type PerDirection = number | readonly [vertical: number, horizontal: number];

/** Both numbers: downwards, and to the right. */
export function directions(setting: PerDirection): readonly [vertical: number, horizontal: number] {
  return typeof setting === "number" ? [setting, setting] : setting;
}

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
  /** Step of the window. */
  readonly stride: PerDirection;
  /** Zeros around the input. */
  readonly padding: PerDirection;
  /**
   * From one tap of the kernel to the next.
   *
   * @default {1}
   */
  readonly dilation?: PerDirection;
  /**
   * Equal parts of the channels, in order: each part of the output sees only that of the input.
   *
   * @default {1}
   */
  readonly groups?: number;
}

/** The steps of a convolution, each downwards and to the right. */
export function stepsOf(
  { stride, padding, dilation = 1 }: ConvolutionGeometry,
): Record<"stride" | "padding" | "dilation", readonly [vertical: number, horizontal: number]> {
  return { stride: directions(stride), padding: directions(padding), dilation: directions(dilation) };
}

/** `[images, height, width, inputs]`. */
export function inputShape(g: ConvolutionGeometry): Shape {
  return [g.images, g.height, g.width, g.inputs];
}

/** `[images, outHeight, outWidth, outputs]`. */
export function outputShape(g: ConvolutionGeometry): Shape {
  return [g.images, g.outHeight, g.outWidth, g.outputs];
}

/** `[kernelHeight, kernelWidth, inputs of a group, outputs]`. */
export function weightShape(
  { kernelHeight, kernelWidth, inputs, outputs, groups = 1 }: ConvolutionGeometry,
): Shape {
  return [kernelHeight, kernelWidth, inputs / groups, outputs];
}

/** Elements of one window of the input: kernel height times kernel width times input channels of a group. */
export function windowSize({ kernelHeight, kernelWidth, inputs, groups = 1 }: ConvolutionGeometry): number {
  return kernelHeight * kernelWidth * inputs / groups;
}

/** Pixels of the output, of all pictures. */
export function outputPixels(g: ConvolutionGeometry): number {
  return g.images * g.outHeight * g.outWidth;
}
