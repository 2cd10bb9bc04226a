import { stepsOf } from "../../contraction/sums/geometry.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkWhole, imageShape } from "../images/image_shape.ts";
import { upsampleNearest } from "../images/upsample_nearest.ts";
import { conv2d, conv2dGeometry, type Conv2dOptions } from "./conv2d.ts";
import { convTranspose2d, convTranspose2dForward, type ConvTranspose2dOptions } from "./conv_transpose2d.ts";
import { widenKernel, widenKernelForward } from "./widen_kernel.ts";

/** Options of {@linkcode upsampledConv2d}. */
export interface UpsampledConv2dOptions extends Conv2dOptions {
  /** How often each pixel of `x` is repeated in both directions: a whole number. */
  scale: number;
}

/**
 * `conv2d(upsampleNearest(x, scale), weight, options)`, without the larger images: at every pixel, most taps of the kernel
 * meet copies of the same pixels, so it is a transposed convolution of `x` with a kernel of
 * `[kernel height + scale - 1, kernel width + scale - 1]`. With a scale of 2 and 3x3 taps, that takes 4 products
 * instead of 9. If the convolution has a stride, a dilation, groups or a padding of a whole kernel, the larger images
 * are made.
 *
 * @throws {RangeError} if the shapes do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fill, openDevice, upsampledConv2d } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = fill(device, [1, 2, 2, 1], 1);
 * const y = upsampledConv2d(x, fill(device, [3, 3, 1, 8], 1), { scale: 2, padding: 1 });
 * assertEquals(y.shape, [1, 4, 4, 8]);
 * ```
 */
export function upsampledConv2d(x: Tensor, weight: Tensor, options: UpsampledConv2dOptions): Tensor {
  const { scale, ...convolution } = options;
  const transposed = transposedOptions(x, weight, options);
  if (!transposed) return conv2d(upsampleNearest(x, scale), weight, convolution);
  return convTranspose2d(x, widenKernel(weight, scale), transposed);
}

/**
 * The same without gradients, if it can be a transposed convolution. A bundle with it alone has nothing of these.
 *
 * @throws {RangeError} if the shapes do not fit, or the larger images would have to be made.
 */
export function upsampledConv2dForward(x: Tensor, weight: Tensor, options: UpsampledConv2dOptions): Tensor {
  const transposed = transposedOptions(x, weight, options);
  if (!transposed) {
    throw new RangeError(
      "Cannot convolve upsampled images without gradients: the scale must be above 1, and the convolution must have no " +
        "stride, dilation, groups or padding of a whole kernel. Use upsampledConv2d()",
    );
  }
  using wide = widenKernelForward(weight, options.scale);
  return convTranspose2dForward(x, wide, transposed);
}

/** Options of the transposed convolution with the wide kernel; undefined if that would be another one. */
function transposedOptions(
  x: Tensor,
  weight: Tensor,
  { scale, ...convolution }: UpsampledConv2dOptions,
): ConvTranspose2dOptions | undefined {
  const { batch, height, width, channels } = imageShape("upsampledConv2d", x);
  checkWhole("upsampledConv2d", "scale", scale, 1);
  const larger = { shape: [batch, height * scale, width * scale, channels] };
  const g = conv2dGeometry(larger, weight, convolution);
  const { stride, padding, dilation } = stepsOf(g);
  const kernel = [g.kernelHeight, g.kernelWidth] as const;
  const isPlain = [...stride, ...dilation, g.groups ?? 1].every((step) => step === 1) &&
    padding.every((zeros, at) => zeros < kernel[at]!);
  if (scale === 1 || !isPlain) return undefined;
  const { bias, activation, dtype } = convolution;
  return {
    stride: scale,
    padding: [kernel[0] - 1 - padding[0], kernel[1] - 1 - padding[1]],
    bias,
    activation,
    dtype,
  };
}
