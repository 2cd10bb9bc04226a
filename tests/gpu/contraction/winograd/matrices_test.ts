import { assert, assertEquals } from "@std/assert";
import {
  bothSides,
  combined,
  type Matrix,
  transposed,
  WINOGRAD,
} from "../../../../src/gpu/contraction/winograd/matrices.ts";

function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, factor, at) => sum + factor * vector[at]!, 0));
}

Deno.test("WINOGRAD filters with two taps", () => {
  for (const [side, { At, G, Bt }] of Object.entries(WINOGRAD)) {
    const m = Number(side);
    const inputs = Array.from({ length: m + 1 }, (_, at) => Math.sin(3 * at + 1));
    const filter = [0.7, -1.3];
    const [left, right] = [times(G, filter), times(Bt, inputs)];
    const found = times(At, left.map((value, at) => value * right[at]!));
    assertEquals(found.length, m);
    for (const [at, value] of found.entries()) {
      const expected = filter[0]! * inputs[at]! + filter[1]! * inputs[at + 1]!;
      assert(Math.abs(value - expected) < 1e-14, `${side}, ${at}: ${value} and ${expected}`);
    }
    // What gathers a gradient adds a single product of the tile beside
    const B = transposed(Bt);
    assertEquals([B[0]!.filter(Boolean).length, B[m]!.filter(Boolean).length], [1, 1]);
  }
});

Deno.test("combined() writes a sum without what is zero", () => {
  const name = (at: number) => `x${at}`;
  assertEquals(combined([1, 0, -1, 0.5], name), "x0 - x2 + 0.5 * x3");
  assertEquals(combined([-2, 0, 0, 1], name), "-2.0 * x0 + x3");
});

Deno.test("bothSides() writes L X Lt", () => {
  assertEquals(
    bothSides([[1, 1], [0, -1]], "x", "y").split("\n").map((line) => line.trim()),
    [
      "let y_half0_0 = x0_0 + x1_0;",
      "let y_half0_1 = x0_1 + x1_1;",
      "let y_half1_0 = -x1_0;",
      "let y_half1_1 = -x1_1;",
      "let y0_0 = y_half0_0 + y_half0_1;",
      "let y0_1 = -y_half0_1;",
      "let y1_0 = y_half1_0 + y_half1_1;",
      "let y1_1 = -y_half1_1;",
    ],
  );
});
