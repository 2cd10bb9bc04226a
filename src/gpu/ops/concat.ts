import { memoryOf } from "../kernel/float_memory.ts";
import { defineKernel, linearGrid } from "../kernel/kernel.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { derive, type Tensor } from "../tensor/tensor.ts";

/**
 * Two batches one after the other, as `torch.cat([a, b])`: `[a + b, ...]` from `[a, ...]` and `[b, ...]`.
 * The result has the element type of `a`.
 *
 * @throws {RangeError} if the shapes differ beyond the first axis.
 *
 * @example
 * ```ts
 * import { concat, openDevice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const y = concat(device.tensor([[1, 2]]), device.tensor([[3, 4], [5, 6]]));
 * console.log(y.shape, await y.data()); // [3, 2] Float32Array [1, 2, 3, 4, 5, 6]
 * ```
 */
export function concat(a: Tensor, b: Tensor): Tensor {
  if (a.rank < 1 || !sameShape(a.shape.slice(1), b.shape.slice(1))) {
    throw new RangeError(
      `concat() needs batches of samples of one shape: they have shapes ${formatShape(a.shape)} and ` +
        `${formatShape(b.shape)}`,
    );
  }
  const y = a.device.empty([a.shape[0]! + b.shape[0]!, ...a.shape.slice(1)], a.dtype);
  const [type, width] = a.size % 4 === 0 ? ["vec4f", 4] as const : ["f32", 1] as const;
  const [first, second, both] = [memoryOf(a, type), memoryOf(b, type), memoryOf(y, type)];
  const kernel = defineKernel({
    label: "concat",
    bindings: { a: ["read", first.array], b: ["read", second.array], y: ["write", both.array] },
    uniforms: { split: "u32", count: "u32" },
    body: `  if (index >= params.count) { return; }
  if (index < params.split) { y[index] = ${both.store(first.load("a[index]"))}; } else { y[index] = ${
      both.store(second.load("b[index - params.split]"))
    }; }`,
  });
  const count = Math.ceil(y.size / width);
  a.device.launch(kernel, { a, b, y }, { split: a.size / width, count }, linearGrid(count));
  return derive(y, [a, b], (gradient, [wantA, wantB]) => [
    wantA ? part(gradient, 0, a) : null,
    wantB ? part(gradient, a.size, b) : null,
  ]);
}

/** The elements from `start` on, in the shape of `like`. */
function part(x: Tensor, start: number, like: Tensor): Tensor {
  const y = x.device.empty(like.shape, like.dtype);
  const [source, target] = [memoryOf(x, "f32"), memoryOf(y, "f32")];
  const kernel = defineKernel({
    label: "concat gradient",
    bindings: { x: ["read", source.array], y: ["write", target.array] },
    uniforms: { start: "u32", count: "u32" },
    body: `  if (index < params.count) { y[index] = ${
      target.store(source.load("x[params.start + index]"))
    }; }`,
  });
  x.device.launch(kernel, { x, y }, { start, count: y.size }, linearGrid(y.size));
  return y;
}

/** {@linkcode concat} on the host, for tests. */
export function concatReference(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from([...a, ...b]);
}
