/** `sum()` over all elements of the middle axis of `[outer, extent, inner]` on the host. */
export function sumReference(
  x: Float64Array,
  [outer, extent, inner]: readonly [number, number, number],
): Float64Array {
  const output = new Float64Array(outer * inner);
  for (let i = 0; i < x.length; i++) {
    output[Math.floor(i / (extent * inner)) * inner + i % inner]! += x[i]!;
  }
  return output;
}
