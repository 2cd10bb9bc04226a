import { linearGrid } from "../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../kernel/run_kernel.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { derive } from "../autograd/origin.ts";
import { copyPart } from "./split.ts";

/**
 * Two batches one after the other, as `torch.cat([a, b])`: `[a + b, ...]` from `[a, ...]` and `[b, ...]`.
 * The result has the element type of `a`.
 *
 * @throws {RangeError} if the shapes differ beyond the first axis.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { concat, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const y = concat(device.tensor([[1, 2]]), device.tensor([[3, 4], [5, 6]]));
 * assertEquals([y.shape, [...await y.data()]], [[3, 2], [1, 2, 3, 4, 5, 6]]);
 * ```
 */
export function concat(a: Tensor, b: Tensor): Tensor {
  if (a.rank < 1 || !sameShape(a.shape.slice(1), b.shape.slice(1))) {
    throw new RangeError(
      `concat() needs batches of samples of one shape, found shapes ${formatShape(a.shape)} and ` +
        `${formatShape(b.shape)}`,
    );
  }
  const y = a.device.empty([a.shape[0]! + b.shape[0]!, ...a.shape.slice(1)], a.dtype);
  const [type, width] = a.size % 4 === 0 ? ["vec4f", 4] as const : ["f32", 1] as const;
  const [first, second, both] = [read(a, type), read(b, type), write(y, type)];
  const count = Math.ceil(y.size / width);
  runKernel(a.device, {
    label: "concat",
    buffers: { a: first, b: second, y: both },
    uniforms: each(u32, { split: a.size / width, count }),
    grid: linearGrid(count),
    body: `  if (index >= params.count) { return; }
  if (index < params.split) { y[index] = ${both.store(first.load("a[index]"))}; } else { y[index] = ${
      both.store(second.load("b[index - params.split]"))
    }; }`,
  });
  return derive(y, [a, b], (gradient, [wantA, wantB]) => [
    wantA ? copyPart("concat gradient", gradient, 0, a) : null,
    wantB ? copyPart("concat gradient", gradient, a.size, b) : null,
  ]);
}
