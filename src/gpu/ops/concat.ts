import { linearGrid } from "../kernel/kernel.ts";
import { each, read, runKernel, u32, write } from "../kernel/run_kernel.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import { formatShape, normalizeAxes, sameShape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { derive } from "../autograd/origin.ts";
import { copyColumns } from "./elementwise/copy_columns.ts";
import { copyPart } from "./split.ts";

/** Options of {@linkcode concat}. */
export interface ConcatOptions {
  /**
   * The axis along which they follow each other; negative ones count from the last.
   *
   * @default {0}
   */
  axis?: number;
}

/**
 * Two tensors one after the other, as `torch.cat([a, b], axis)`: two batches `[a, ...]` and `[b, ...]` become
 * `[a + b, ...]`. The result has the element type of `a`. Both are floats, or both are u32.
 *
 * In a program, batches may be made in the result at once, without a copy.
 *
 * @throws {RangeError} if the shapes differ in another axis, or there is no such axis.
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
export function concat(a: Tensor, b: Tensor, options: ConcatOptions = {}): Tensor {
  expectKnownOptions("concat()", options, { axis: true });
  const [axis = 0] = a.rank < 1 ? [] : normalizeAxes([options.axis ?? 0], a.rank);
  const others = ({ shape }: Tensor) => shape.toSpliced(axis, 1);
  if (a.rank < 1 || a.rank !== b.rank || !sameShape(others(a), others(b))) {
    throw new RangeError(
      `concat() needs ${
        axis === 0 ? "batches of samples of one shape" : `shapes that differ in axis ${axis} only`
      }, ` +
        `found shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const rows = sizeOf(a.shape.slice(0, axis));
  if (rows > 1) {
    return derive(concatRows(a, b, axis, rows), [a, b], (gradient, [wantA, wantB]) => [
      wantA ? columns(gradient, rows, 0, a) : null,
      wantB ? columns(gradient, rows, a.size / rows, b) : null,
    ]);
  }
  const y = a.device.empty(a.shape.with(axis, a.shape[axis]! + b.shape[axis]!), a.dtype);
  const isFloat = a.dtype !== "u32";
  const [type, width] = isFloat && a.size % 4 === 0 ? ["vec4f", 4] as const : [undefined, 1] as const;
  const [first, second, both] = [read(a, type), read(b, type), write(y, type)];
  const count = Math.ceil(y.size / width);
  runKernel(a.device, {
    label: "concat",
    buffers: { a: first, b: second, y: both },
    uniforms: each(u32, { split: a.size / width, count }),
    grid: linearGrid(count),
    facts: { joins: a.dtype === b.dtype },
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

/** Each row of one tensor followed by that of the other, from rows of `a.size / rows` and `b.size / rows` elements. */
function concatRows(a: Tensor, b: Tensor, axis: number, rows: number): Tensor {
  const y = a.device.empty(a.shape.with(axis, a.shape[axis]! + b.shape[axis]!), a.dtype);
  const [left, right] = [a.size / rows, b.size / rows];
  const [first, second, both] = [read(a), read(b), write(y)];
  runKernel(a.device, {
    label: "concat rows",
    buffers: { a: first, b: second, y: both },
    uniforms: each(u32, { left, right, count: y.size }),
    grid: linearGrid(y.size),
    body: `  if (index >= params.count) { return; }
  let row = index / (params.left + params.right);
  let column = index % (params.left + params.right);
  if (column < params.left) { y[index] = ${both.store(first.load("a[row * params.left + column]"))}; } else {
    y[index] = ${both.store(second.load("b[row * params.right + column - params.left]"))};
  }`,
  });
  return y;
}

/** Rows of two matrices side by side, `[rows, left + right]`, without gradients. A bundle with it alone has nothing of these. */
export function concatRowsForward(a: Tensor, b: Tensor): Tensor {
  return concatRows(a, b, 1, a.shape[0]!);
}

/** Of each of the rows the elements from `start` on, in the shape and type of `like`. */
function columns(x: Tensor, rows: number, start: number, like: Tensor): Tensor {
  const y = x.device.empty(like.shape, like.dtype);
  copyColumns(x, y, { rows, count: y.size / rows, from: start });
  return y;
}
