import { convolve, convolveInputGradient, convolveWeightGradient } from "../../contraction/convolve.ts";
import { type ConvolutionGeometry, inputShape, outputShape } from "../../contraction/sums/geometry.ts";
import { floatTypeOf } from "../../kernel/float_memory.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { BYTES_PER_ELEMENT } from "../../tensor/dtype.ts";
import { derive } from "../../autograd/origin.ts";
import { beforeActivation } from "./before_activation.ts";
import { conv2d, conv2dGeometry, type Conv2dOptions } from "./conv2d.ts";
import { checkWhole, type ImageShape, imageShape } from "../images/image_shape.ts";
import { sumTo } from "../reductions/sum.ts";
import { upsampleInto, upsampleNearest } from "../images/upsample_nearest.ts";

/** Options of {@linkcode upsampledConv2d}. */
export interface UpsampledConv2dOptions extends Conv2dOptions {
  /** How often each pixel of `x` is repeated in both directions: a whole number. */
  scale: number;
}

/**
 * `conv2d(upsampleNearest(x, scale), weight, options)`, also if the larger pictures do not fit one binding: then a part
 * of the batch is enlarged and convolved at a time, forward and backward, and the larger pictures are computed again
 * for the gradients.
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
  const images = imageShape("upsampledConv2d", x);
  checkWhole("upsampledConv2d", "scale", scale, 1);
  const { batch, height, width, channels } = images;
  const larger = { shape: [batch, height * scale, width * scale, channels] };
  const geometry = conv2dGeometry(larger, weight, convolution);
  const part = partOf(x, geometry, convolution);
  if (part === batch || part === 0) return conv2d(upsampleNearest(x, scale), weight, convolution);
  return inParts(x, weight, images, { ...options, geometry, part });
}

/**
 * Pictures of the batch to take at a time: as many as fit one binding when they are large, and begin where bindings
 * may, both small and convolved; 0 if there is no such number.
 */
function partOf(x: Tensor, geometry: ConvolutionGeometry, { dtype }: Conv2dOptions): number {
  const bytes = BYTES_PER_ELEMENT[x.dtype];
  const { maxStorageBufferBindingSize, minStorageBufferOffsetAlignment } = x.device.adapter.limits;
  const fitting = Math.floor(
    maxStorageBufferBindingSize / (sizeOf(inputShape({ ...geometry, images: 1 })) * bytes),
  );
  if (fitting >= geometry.images) return geometry.images;
  const alignment = Math.max(256, minStorageBufferOffsetAlignment);
  const starts = [
    sizeOf(x.shape) / geometry.images * bytes,
    sizeOf(outputShape({ ...geometry, images: 1 })) * BYTES_PER_ELEMENT[dtype ?? x.dtype],
  ];
  let part = fitting;
  while (part > 0 && starts.some((start) => part * start % alignment !== 0)) part--;
  return part;
}

function inParts(
  x: Tensor,
  weight: Tensor,
  images: ImageShape,
  { geometry, part, scale, bias, activation, dtype }: UpsampledConv2dOptions & {
    readonly geometry: ConvolutionGeometry;
    readonly part: number;
  },
): Tensor {
  const { device } = x;
  const parts = Array.from({ length: Math.ceil(geometry.images / part) }, (_, i) => {
    const count = Math.min(part, geometry.images - i * part);
    return { at: i * part, count, small: { ...images, batch: count }, large: { ...geometry, images: count } };
  });
  type Part = (typeof parts)[number];
  const sliceOf = (tensor: Tensor, { at, count }: Part) => {
    const [all, ...rest] = tensor.shape;
    return device.slice(tensor, at * tensor.size / all!, [count, ...rest]);
  };
  const enlarged = (own: Part) => {
    const larger = device.empty(inputShape(own.large), x.dtype);
    using source = sliceOf(x, own);
    upsampleInto(source, larger, own.small, scale, "forward");
    return larger;
  };

  const y = device.empty(outputShape(geometry), dtype ?? x.dtype);
  for (const own of parts) {
    using larger = enlarged(own);
    using into = sliceOf(y, own);
    convolve(larger, weight, own.large, { bias, activation, into });
  }
  return derive(y, bias ? [x, weight, bias] : [x, weight], (after, [wantX, wantWeight, wantBias]) => {
    using before = beforeActivation(y, after, activation);
    const gradient = before ?? after;
    const ofX = wantX ? device.empty(x.shape, floatTypeOf(x)) : null;
    const ofWeight = wantWeight ? wantWeight.into ?? device.empty(weight.shape, floatTypeOf(weight)) : null;
    for (const own of parts) {
      using flowing = sliceOf(gradient, own);
      if (ofWeight) {
        using larger = enlarged(own);
        const accumulate = own.at > 0 || (wantWeight?.accumulate ?? false);
        convolveWeightGradient(larger, flowing, own.large, { into: ofWeight, accumulate });
      }
      if (ofX) {
        using larger = convolveInputGradient(flowing, weight, own.large, { dtype: floatTypeOf(x) });
        using into = sliceOf(ofX, own);
        upsampleInto(larger, into, own.small, scale, "gradient");
      }
    }
    return [ofX, ofWeight, wantBias ? sumTo(gradient, bias!) : null];
  });
}
