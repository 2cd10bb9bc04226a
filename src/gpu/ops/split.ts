import { linearGrid } from "../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../kernel/run_kernel.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { derive } from "../autograd/origin.ts";

/**
 * Equal parts of a batch, one after another, as `torch.chunk(x, count)`: `count` times `[batch / count, ...]` from
 * `[batch, ...]`, floats or u32.
 *
 * @throws {RangeError} if the batch does not fall into so many parts.
 */
export function split(x: Tensor, count: number): Tensor[] {
  const [batch = 0, ...sample] = x.shape;
  if (!Number.isInteger(count) || count < 1 || batch % count !== 0) {
    throw new RangeError(
      `Cannot split a batch of shape ${
        formatShape(x.shape)
      }: the parts must be a whole number that divides ${batch}, ` +
        `found ${count}`,
    );
  }
  const shape = [batch / count, ...sample];
  const size = x.size / count;
  return Array.from({ length: count }, (_, k) => {
    const part = copyPart("split", x, k * size, { shape, dtype: x.dtype });
    return derive(part, [x], (gradient) => [around(gradient, k * size, x)]);
  });
}

/** The elements from `start` on, in the shape and type of `like`. */
export function copyPart(
  label: string,
  x: Tensor,
  start: number,
  like: Pick<Tensor, "shape" | "dtype">,
): Tensor {
  const y = x.device.empty(like.shape, like.dtype);
  const [source, target] = [read(x), write(y)];
  runKernel(x.device, {
    label,
    buffers: { x: source, y: target },
    uniforms: each(u32, { start, count: y.size }),
    grid: linearGrid(y.size),
    body: `  if (index < params.count) { y[index] = ${
      target.store(source.load("x[params.start + index]"))
    }; }`,
  });
  return y;
}

/** The elements of a part at their places in the whole, and zeros elsewhere. */
function around(part: Tensor, start: number, { shape, dtype }: Pick<Tensor, "shape" | "dtype">): Tensor {
  const whole = part.device.empty(shape, dtype);
  const [source, target] = [read(part, "f32"), write(whole, "f32")];
  runKernel(part.device, {
    label: "split gradient",
    buffers: { part: source, whole: target },
    uniforms: each(u32, { start, end: start + part.size, count: whole.size }),
    grid: linearGrid(whole.size),
    body: `  if (index >= params.count) { return; }
  var value = 0.0;
  if (index >= params.start && index < params.end) { value = ${source.load("part[index - params.start]")}; }
  whole[index] = ${target.store("value")};`,
  });
  return whole;
}
