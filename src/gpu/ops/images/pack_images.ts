import { linearGrid } from "../../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../../kernel/run_kernel.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { derive } from "../../autograd/origin.ts";

/**
 * Joins every `count` neighbors of a batch into one image with the channels of all of them (Lin et al. 2018, "PacGAN: The
 * power of two samples in generative adversarial networks", arXiv:1712.04086): `[batch, height, width, channels]` becomes
 * `[batch / count, height, width, count * channels]`. Channel `j * channels + c` of image `i` is channel `c` of image
 * `i * count + j`. In PyTorch's order of axes, that is `x.reshape(batch / count, count * channels, height, width)`.
 *
 * Its gradient takes the images apart again. The result has the element type of `x`, f32 or f16.
 *
 * @throws {RangeError} if `x` has not four axes, or `count` is not a whole number that divides the batch.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, packImages } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * // Two gray images of two pixels each
 * const x = device.tensor([1, 2, 3, 4], { shape: [2, 1, 2, 1] });
 * const y = packImages(x, 2);
 * assertEquals([y.shape, [...await y.data()]], [[1, 1, 2, 2], [1, 3, 2, 4]]);
 * ```
 */
export function packImages(x: Tensor, count: number): Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  if (x.rank !== 4) {
    throw new RangeError(
      `Cannot pack images: they must be [batch, height, width, channels], found shape ${
        formatShape(x.shape)
      }`,
    );
  }
  if (!Number.isInteger(count) || count < 1 || batch % count !== 0) {
    throw new RangeError(
      `Cannot pack images: their count must be a whole number that divides the batch, ${batch}, found ${count}`,
    );
  }
  if (count === 1) return x;
  const y = x.device.empty([batch / count, height, width, count * channels], x.dtype);
  exchange("pack images", x, y, { first: count, second: height * width, channels });
  return derive(y, [x], (gradient) => [unpackImages(gradient, count)]);
}

/** What {@linkcode packImages} undoes: images out of packs, without a gradient. */
export function unpackImages(x: Tensor, count: number): Tensor {
  const [packs, height, width, channels] = x.shape as [number, number, number, number];
  const images = x.device.empty([packs * count, height, width, channels / count], x.dtype);
  exchange("unpack images", x, images, { first: height * width, second: count, channels: channels / count });
  return images;
}

/** Copies `[n, first, second, channels]` to `[n, second, first, channels]`. */
function exchange(
  label: string,
  source: Tensor,
  target: Tensor,
  { first, second, channels }: { first: number; second: number; channels: number },
): void {
  const [from, to] = [read(source, "f32"), write(target, "f32")];
  runKernel(source.device, {
    label,
    buffers: { source: from, output: to },
    uniforms: each(u32, { first, second, channels, count: target.size }),
    grid: linearGrid(target.size),
    body: `  if (index >= params.count) { return; }
  let channel = index % params.channels;
  let block = index / params.channels;
  let row = block / params.first;
  let image = row / params.second;
  let place = (image * params.first + block % params.first) * params.second + row % params.second;
  output[index] = ${to.store(from.load("source[place * params.channels + channel]"))};`,
  });
}
