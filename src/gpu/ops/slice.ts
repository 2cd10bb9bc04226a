import { derive } from "../autograd/origin.ts";
import { floatTypeOf } from "../kernel/float_memory.ts";
import { expectKnownOptions } from "../tensor/known_options.ts";
import { formatShape, normalizeAxes, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { copyColumns } from "./elementwise/copy_columns.ts";
import { fill } from "./fill.ts";

/** Options of {@linkcode slice}. */
export interface SliceOptions {
  /**
   * The axis that is cut; negative ones count from the last. That of images' channels is -1.
   *
   * @default {0}
   */
  axis?: number;
  /**
   * The first place along it to keep.
   *
   * @default {0}
   */
  start?: number;
  /** The place after the last to keep: the end of the axis, if not given. */
  end?: number;
}

/**
 * The part of a tensor from `start` to before `end` of one axis, as `torch.narrow(x, axis, start, end - start)`: a new
 * tensor, floats or u32. Its gradient is zero outside of the part.
 *
 * @throws {RangeError} if there is no such axis, or the part is empty or reaches beyond it.
 * @throws {TypeError} if there is no such option.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDevice, slice } from "@x/dcgan/gpu";
 *
 * using device = await openDevice();
 * const x = device.tensor([[1, 2, 3], [4, 5, 6]]);
 * const y = slice(x, { axis: 1, start: 1 });
 * assertEquals([y.shape, [...await y.data()]], [[2, 2], [2, 3, 5, 6]]);
 * ```
 */
export function slice(x: Tensor, options: SliceOptions): Tensor {
  expectKnownOptions("slice()", options, { axis: true, start: true, end: true });
  const [axis] = x.rank < 1 ? [] : normalizeAxes([options.axis ?? 0], x.rank);
  if (axis === undefined) throw new RangeError("slice() needs a tensor with an axis, found a single number");
  const extent = x.shape[axis]!;
  const { start = 0, end = extent } = options;
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start >= end || end > extent) {
    throw new RangeError(
      `slice() needs whole numbers 0 <= start < end <= ${extent} for axis ${axis} of shape ${
        formatShape(x.shape)
      }, found start ${start} and end ${end}`,
    );
  }
  const rows = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const count = (end - start) * inner;
  const y = x.device.empty(x.shape.with(axis, end - start), x.dtype);
  copyColumns(x, y, { rows, count, from: start * inner });
  return derive(y, [x], (gradient) => {
    const whole = fill(x.device, x.shape, 0, floatTypeOf(x));
    copyColumns(gradient, whole, { rows, count, to: start * inner });
    return [whole];
  });
}
