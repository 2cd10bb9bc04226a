/** Rows of a matrix. */
export type Matrix = readonly (readonly number[])[];

/**
 * Winograd's minimal filtering F(m, 2): m outputs of a filter with two taps from m + 1 products,
 * `y = At ((G g) * (Bt d))` for m + 1 inputs d and a filter g (Lavin and Gray 2015, arXiv:1509.09308).
 */
export interface Winograd {
  /** From products to outputs: m x (m + 1). */
  readonly At: Matrix;
  /** Of the filter: (m + 1) x 2. */
  readonly G: Matrix;
  /** Of the inputs: (m + 1) x (m + 1). */
  readonly Bt: Matrix;
}

/** Outputs of a tile, along each axis. */
export type TileSide = 2 | 4;

/**
 * By the outputs of a tile, at the points 0, -1 and infinity for 2, and 0, 1, -1/2, -2 and infinity for 4: with the usual
 * 0, 1, -1, 2 and infinity, errors are 1.4 times as large.
 */
export const WINOGRAD: Readonly<Record<TileSide, Winograd>> = {
  2: {
    At: [[1, 1, 0], [0, -1, 1]],
    G: [[1, 0], [-1, 1], [0, 1]],
    Bt: [[1, 1, 0], [0, 1, 0], [0, 1, 1]],
  },
  4: {
    At: [[1, 1, 1, 1, 0], [0, 1, -1 / 2, -2, 0], [0, 1, 1 / 4, 4, 0], [0, 1, -1 / 8, -8, 1]],
    G: [[-1, 0], [2 / 9, 2 / 9], [8 / 9, -4 / 9], [-1 / 9, 2 / 9], [0, 1]],
    Bt: [
      [-1, -3 / 2, 3 / 2, 1, 0],
      [0, 1, 5 / 2, 1, 0],
      [0, -2, 1, 1, 0],
      [0, -1 / 2, -1 / 2, 1, 0],
      [0, -1, -3 / 2, 3 / 2, 1],
    ],
  },
};

/** Columns as rows. */
export function transposed(matrix: Matrix): Matrix {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
}

/** A row times values, as a WGSL expression: products with zero are left out, and those with one are not written. */
export function combined(row: readonly number[], value: (at: number) => string): string {
  const terms = row.flatMap((factor, at) => {
    if (factor === 0) return [];
    const size = Math.abs(factor);
    const product = size === 1 ? value(at) : `${Number.isInteger(size) ? `${size}.0` : size} * ${value(at)}`;
    return [{ sign: factor < 0 ? "-" : "+", product }];
  });
  return terms.map(({ sign, product }, at) =>
    at === 0 ? (sign === "-" ? `-${product}` : product) : ` ${sign} ${product}`
  ).join("");
}

/** Statements for `to{u}_{v}`, the elements of `L X L^T`, of the elements `from{i}_{j}` of a square X. */
export function bothSides(left: Matrix, from: string, to: string): string {
  const size = left[0]!.length;
  const lines: string[] = [];
  for (const [u, row] of left.entries()) {
    for (let j = 0; j < size; j++) {
      lines.push(`    let ${to}_half${u}_${j} = ${combined(row, (i) => `${from}${i}_${j}`)};`);
    }
  }
  for (const u of left.keys()) {
    for (const [v, row] of left.entries()) {
      lines.push(`    let ${to}${u}_${v} = ${combined(row, (j) => `${to}_half${u}_${j}`)};`);
    }
  }
  return lines.join("\n");
}
