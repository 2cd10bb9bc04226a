import "../../../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  addRowProducts,
  mirrorLower,
  rowNorms,
} from "../../../../../src/dcgan/scores/metrics/linear/multiply_transposed.ts";
import { hostNormal } from "../../../../../src/gpu/mod.ts";

function normal(length: number, seed: number): Float64Array {
  return Float64Array.from(hostNormal(length, { seed }));
}

Deno.test("products are added at sizes around tiles and blocks", () => {
  for (
    const [rows, columns, terms] of [[1, 1, 1], [4, 8, 256], [5, 7, 257], [9, 262, 3], [261, 258, 2]] as const
  ) {
    const [a, b] = [normal(rows * terms, 1), normal(columns * terms, 2)];
    const sum = new Float64Array(rows * columns).fill(1);
    addRowProducts({ a, b, rows, columns, terms, sum });
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let want = 1;
        for (let k = 0; k < terms; k++) want += a[i * terms + k]! * b[j * terms + k]!;
        assertAlmostEquals(sum[i * columns + j]!, want, 1e-11);
      }
    }
  }
});

Deno.test("the lower triangle is whole, and mirrors", () => {
  for (const size of [1, 6, 258, 519]) {
    const a = normal(size * 2, 1);
    const [lower, full] = [new Float64Array(size * size), new Float64Array(size * size)];
    const shape = { a, b: a, rows: size, columns: size, terms: 2 };
    addRowProducts({ ...shape, sum: lower, lower: true });
    addRowProducts({ ...shape, sum: full });
    mirrorLower(lower, size);
    assertEquals(lower, full);
  }
});

Deno.test("the norm of a row is its product with itself, to the last digit", () => {
  for (const [rows, terms] of [[1, 1], [6, 255], [9, 700]] as const) {
    const a = normal(rows * terms, 1);
    const sum = new Float64Array(rows * rows);
    addRowProducts({ a, b: a, rows, columns: rows, terms, sum });
    assertEquals(
      [...rowNorms(a, rows, terms)],
      Array.from({ length: rows }, (_, row) => sum[row * rows + row]!),
    );
  }
});
