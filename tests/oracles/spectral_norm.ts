/** What `spectralNormReference()` gives. */
export interface SpectralNormResult {
  /** The weight divided by `sigma`. */
  readonly weight: Float64Array;
  /** `uᵀ M v`. */
  readonly sigma: number;
  /** The left vector. */
  readonly u: Float64Array;
  /** The right vector. */
  readonly v: Float64Array;
}

/** `spectralNorm()` on the host, of a weight that lies in memory as `[outer, rows, inner]`. */
export function spectralNormReference(
  weight: Float64Array,
  given: { readonly u: Float64Array; readonly v: Float64Array },
  [outer, rows, inner]: readonly [number, number, number],
  options: { iterations?: number; order?: "v_then_u" | "u_then_v"; eps?: number } = {},
): SpectralNormResult {
  const { iterations = 0, order = "v_then_u", eps = 1e-12 } = options;
  let { u, v } = given;
  const at = (row: number, column: number) =>
    weight[(Math.floor(column / inner) * rows + row) * inner + column % inner]!;
  const unit = (vector: Float64Array) => {
    const length = Math.max(eps, Math.hypot(...vector));
    return vector.map((value) => value / length);
  };
  const timesV = () =>
    Float64Array.from({ length: rows }, (_, row) => v.reduce((sum, value, c) => sum + at(row, c) * value, 0));
  const timesU = () =>
    Float64Array.from(
      { length: outer * inner },
      (_, c) => u.reduce((sum, value, row) => sum + at(row, c) * value, 0),
    );
  for (let i = 0; i < iterations; i++) {
    if (order === "u_then_v") u = unit(timesV());
    v = unit(timesU());
    if (order === "v_then_u") u = unit(timesV());
  }
  const sigma = timesV().reduce((sum, value, row) => sum + value * u[row]!, 0);
  return { weight: weight.map((value) => value / sigma), sigma, u, v };
}
