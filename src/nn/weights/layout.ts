import { formatShape, type Shape, sizeOf } from "../../gpu/tensor/shape.ts";

/**
 * How a parameter lies in PyTorch's memory, and how that becomes ours: PyTorch's elements, seen as `view`, are permuted
 * by `permutation` and then have our order.
 */
export interface BorderLayout {
  /** PyTorch's shape, as in a state dict. */
  readonly shape: Shape;
  /** The same elements with more axes, if axes were merged in `shape`. */
  readonly view: Shape;
  /** Our axes, as axes of `view`. */
  readonly permutation: readonly number[];
}

/** A parameter that PyTorch keeps as we do. */
export function sameLayout(shape: Shape): BorderLayout {
  return { shape, view: shape, permutation: shape.map((_, axis) => axis) };
}

/**
 * Elements in PyTorch's order, put into ours.
 *
 * @throws {RangeError} if their number is another than the layout's.
 */
export function fromBorder<T extends Float32Array | Float64Array>(values: T, layout: BorderLayout): T {
  return permute(values, layout, (ours, theirs) => [ours, theirs]);
}

/**
 * Elements in our order, put into PyTorch's.
 *
 * @throws {RangeError} if their number is another than the layout's.
 */
export function toBorder<T extends Float32Array | Float64Array>(values: T, layout: BorderLayout): T {
  return permute(values, layout, (ours, theirs) => [theirs, ours]);
}

function permute<T extends Float32Array | Float64Array>(
  values: T,
  { view, permutation }: BorderLayout,
  places: (ours: number, theirs: number) => [to: number, from: number],
): T {
  if (values.length !== sizeOf(view)) {
    throw new RangeError(
      `A layout of ${formatShape(view)} takes ${sizeOf(view)} values, found ${values.length}`,
    );
  }
  const strides = view.map((_, axis) => sizeOf(view.slice(axis + 1)));
  const extents = permutation.map((axis) => view[axis]!);
  const steps = permutation.map((axis) => strides[axis]!);
  const result = values.slice() as T;
  const index = extents.map(() => 0);
  let theirs = 0;
  for (let ours = 0; ours < values.length; ours++) {
    const [to, from] = places(ours, theirs);
    result[to] = values[from]!;
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      theirs += steps[axis]!;
      if (++index[axis]! < extents[axis]!) break;
      theirs -= steps[axis]! * extents[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
