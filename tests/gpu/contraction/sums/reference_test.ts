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

Deno.test("denseTerms() of a batch are those of each pair, also if rows of the right one lie in blocks", () => {
  const [rows, depth, columns, batch] = [3, 64, 128, 2];
  const a = randomValues(batch * rows * depth, 1, [-1, 1]);
  const b = randomValues(batch * depth * columns, 2, [-1, 1]);
  const expected = Float64Array.from([0, 1].flatMap((pair) => [
    ...matmulReference(
      a.subarray(pair * rows * depth, (pair + 1) * rows * depth),
      b.subarray(pair * depth * columns, (pair + 1) * depth * columns),
      rows,
      depth,
      columns,
    ),
  ]));
  const sizes = { rows, columns, depth, transposeA: false, batch };
  const length = batch * rows * columns;
  assertClose(sums(denseTerms({ ...sizes, transposeB: false }), a, b, length), expected, EXACT, "batch");
  // [pair, block of columns, depth, column]
  const blocks = Float64Array.from({ length: b.length }, (_, at) => {
    const [pair, rest] = [Math.floor(at / (depth * columns)), at % (depth * columns)];
    const [block, row, column] = [Math.floor(rest / (depth * 64)), Math.floor(rest / 64) % depth, rest % 64];
    return b[pair * depth * columns + row * columns + block * 64 + column]!;
  });
  const blocked = denseTerms({ ...sizes, transposeB: false, blocked: true });
  assertClose(sums(blocked, a, blocks, length), expected, EXACT, "blocks");
  // The same matrix transposed: [pair, block of depths, column, depth]
  const turned = Float64Array.from({ length: b.length }, (_, at) => {
    const [pair, rest] = [Math.floor(at / (depth * columns)), at % (depth * columns)];
    const [column, row] = [Math.floor(rest / 64), rest % 64];
    return b[pair * depth * columns + row * columns + column]!;
  });
  const transposed = denseTerms({ ...sizes, transposeB: true, blocked: true });
  assertClose(sums(transposed, a, turned, length), expected, EXACT, "transposed blocks");
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
