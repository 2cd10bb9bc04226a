import { loopIterations } from "../../kernel/iterations.ts";
import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";
import { broadcastMap } from "../elementwise/broadcast.ts";
import { checkWhole, type ImageShape, imageShape, pixelElements } from "./image_shape.ts";
import { sumTo } from "../reductions/sum.ts";

/**
 * Repeats each pixel `scale` times in both directions: `[batch, height, width, channels]` becomes
 * `[batch, height * scale, width * scale, channels]`, as `torch.nn.functional.interpolate(mode="nearest")` with a whole
 * scale. Its gradient adds up each pixel's copies.
 *
 * @throws {RangeError} if `x` has not four axes, or the scale is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, upsampleNearest } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([1, 2], { shape: [1, 1, 2, 1] });
 * assertEquals([...await upsampleNearest(x, 2).data()], [1, 1, 2, 2, 1, 1, 2, 2]);
 * ```
 */
export function upsampleNearest(x: Tensor, scale: number): Tensor {
  const images = imageShape("upsampleNearest", x);
  checkWhole("upsampleNearest", "scale", scale, 1);
  const { batch, height, width, channels } = images;
  if (scale >= MANY_COPIES) return repeat(x, images, scale);
  const output = x.device.empty([batch, height * scale, width * scale, channels], x.dtype);
  upsampleInto(x, output, images, scale, "forward");
  return derive(output, [x], (gradient) => {
    const result = x.device.empty(x.shape, x.dtype);
    upsampleInto(gradient, result, images, scale, "gradient");
    return [result];
  });
}

/** Scale from which on a pixel has more copies than one thread should write, or add up, one after another. */
const MANY_COPIES = 16;

/** The same by broadcasting, with a gradient that is a sum in parts. */
function repeat(x: Tensor, { batch, height, width, channels }: ImageShape, scale: number): Tensor {
  const spread = [batch, height, scale, width, scale, channels];
  const single = [batch, height, 1, width, 1, channels];
  using pixels = x.reshape(single);
  using copies = broadcastMap("upsample nearest", { pixels }, spread, "pixels");
  const output = copies.reshape([batch, height * scale, width * scale, channels]);
  return derive(output, [x], (gradient) => {
    using flowing = gradient.reshape(spread);
    using sums = sumTo(flowing, { shape: single, dtype: x.dtype });
    return [sums.reshape(x.shape).detach()];
  });
}

/**
 * Writes the copies of each pixel, or the sum of their gradients, to a tensor; `images` are the small ones. A thread takes
 * one of their pixels, or four of its channels, and its copies.
 */
function upsampleInto(
  source: Tensor,
  target: Tensor,
  images: ImageShape,
  scale: number,
  way: "forward" | "gradient",
): void {
  const { type, depth } = pixelElements(images.channels);
  const [from, to] = [read(source, type), write(target, type)];
  const count = images.batch * images.height * images.width * depth;
  const copies = (line: string) =>
    `  for (var dy = 0u; dy < params.scale; dy++) {
    for (var dx = 0u; dx < params.scale; dx++) {
      let large = corner + (dy * line_length + dx) * params.depth;
      ${line}
    }
  }`;
  runKernel(source.device, {
    label: `upsample nearest ${way}`,
    buffers: { source: from, output: to },
    uniforms: each(u32, { count, width: images.width, depth, scale }),
    iterations: loopIterations(scale, loopIterations(scale)),
    grid: linearGrid(count),
    // Heights are whole multiples of the scale, so that the rows of all images can be counted through.
    body: `  if (index >= params.count) { return; }
  let pixel = index / params.depth;
  let y = pixel / params.width;
  let x = pixel - y * params.width;
  let line_length = params.width * params.scale;
  let corner = (y * params.scale * line_length + x * params.scale) * params.depth + index - pixel * params.depth;
${
      way === "forward"
        ? `  let value = ${from.load("source[index]")};
${copies(`output[large] = ${to.store("value")};`)}`
        : `  var sum = ${type}();
${copies(`sum += ${from.load("source[large]")};`)}
  output[index] = ${to.store("sum")};`
    }`,
  });
}
