/** An order of axes: axis `i` of the result is axis `order[i]` of what is permuted. */
export type Order = readonly number[];

/** PyTorch's images `[N, C, H, W]` to ours `[N, H, W, C]`. */
export const IMAGE: Order = [0, 2, 3, 1];

/** PyTorch's convolution weights to ours, of either kind: `[out, in, kh, kw]` to `[kh, kw, in, out]`. */
export const WEIGHT: Order = [2, 3, 1, 0];

/** PyTorch's `[N, C, ...]` to ours `[N, ..., C]`, for any number of axes. */
export function channelsLast(rank: number): Order {
  return rank < 3 ? Array.from({ length: rank }, (_, axis) => axis) : [0, ...range(2, rank), 1];
}

/** The order that undoes another. */
export function inverse(order: Order): Order {
  return order.map((_, axis) => order.indexOf(axis));
}

/** Elements of a row-major array with its axes in another order. */
export function permute(
  { shape, data }: { readonly shape: readonly number[]; readonly data: Float32Array },
  order: Order,
): { shape: number[]; data: Float32Array<ArrayBuffer> } {
  if (order.length !== shape.length) {
    throw new Error(`A tensor of shape [${shape.join(", ")}] should have ${order.length} axes`);
  }
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, extent) => size * extent, 1));
  const permuted = order.map((axis) => shape[axis]!);
  const result = new Float32Array(data.length);
  const place = order.map(() => 0);
  for (let i = 0; i < result.length; i++) {
    let source = 0;
    for (const [axis, from] of order.entries()) source += place[axis]! * strides[from]!;
    result[i] = data[source]!;
    for (let axis = order.length - 1; axis >= 0 && ++place[axis]! === permuted[axis]; axis--) place[axis] = 0;
  }
  return { shape: permuted, data: result };
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
