import {
  convolutionTerms,
  denseTerms,
  inputGradientTerms,
  type Terms,
  weightGradientTerms,
} from "../../../../src/gpu/contraction/sums/reference.ts";
import { conv2dReference } from "../../../../src/gpu/ops/products/conv2d.ts";
import { matmulReference } from "../../../../src/gpu/ops/products/matmul.ts";
import { convTranspose2dReference } from "../../../oracles/products.ts";
import { assertClose } from "../../../support/close.ts";
import { randomValues } from "../../../support/random.ts";

const EXACT = { relative: 1e-12, absolute: 1e-12 };

/** A convolution with nothing equal, odd extents and a rest that no window reaches. */
const G = {
  images: 2,
  height: 7,
  width: 6,
  inputs: 3,
  outHeight: 4,
  outWidth: 2,
  outputs: 5,
  kernelHeight: 3,
  kernelWidth: 4,
  stride: 2,
  padding: 1,
};
const [X, Y, W] = [
  randomValues(2 * 7 * 6 * 3, 1, [-1, 1]),
  randomValues(2 * 4 * 2 * 5, 2, [-1, 1]),
  randomValues(3 * 4 * 3 * 5, 3, [-1, 1]),
] as const;

/** What the terms add up to, element by element. */
function sums(terms: Terms, a: Float64Array, b: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length }, (_, element) => {
    let total = 0;
    for (const [i, j] of terms(element)) total += a[i]! * b[j]!;
    return total;
  });
}

Deno.test("convolutionTerms() and inputGradientTerms() add up to their references", () => {
  assertClose(sums(convolutionTerms(G), X, W, Y.length), conv2dReference(X, W, G), EXACT, "forward");
  assertClose(
    sums(inputGradientTerms(G), Y, W, X.length),
    convTranspose2dReference(Y, W, G),
    EXACT,
    "input gradient",
  );
});

Deno.test("weightGradientTerms() add up to the derivative of the convolution with respect to each weight", () => {
  const expected = W.map((_, tap) => {
    const one = new Float64Array(W.length);
    one[tap] = 1;
    return conv2dReference(X, one, G).reduce((sum, value, i) => sum + value * Y[i]!, 0);
  });
  assertClose(sums(weightGradientTerms(G), X, Y, W.length), expected, EXACT, "weight gradient");
});

Deno.test("denseTerms() add up to the product of matrices, whichever way they lie", () => {
  const [rows, depth, columns] = [3, 4, 5] as const;
  const [a, b] = [randomValues(rows * depth, 1, [-1, 1]), randomValues(depth * columns, 2, [-1, 1])];
  const turned = (values: Float64Array, height: number, width: number) =>
    Float64Array.from(values, (_, i) => values[i % height * width + Math.floor(i / height)]!);
  const expected = matmulReference(a, b, rows, depth, columns);
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const [left, right] = [
        transposeA ? turned(a, rows, depth) : a,
        transposeB ? turned(b, depth, columns) : b,
      ];
      const found = sums(
        denseTerms({ rows, depth, columns, transposeA, transposeB }),
        left,
        right,
        rows * columns,
      );
      assertClose(found, expected, EXACT, `transposed: ${transposeA}, ${transposeB}`);
    }
  }
});
