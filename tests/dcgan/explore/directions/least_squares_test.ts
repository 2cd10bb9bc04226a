import { assertAlmostEquals } from "@std/assert";
import { leastSquares } from "../../../../src/dcgan/explore/directions/least_squares.ts";
import { randomValues } from "../../../support/random.ts";

Deno.test("leastSquares() finds a linear map, whatever is added to both sides", () => {
  const [count, n, k] = [50, 4, 3];
  const x = Float32Array.from(randomValues(count * n, 1, [-1, 1]), (value) => value + 5);
  const map = randomValues(k * n, 2, [-2, 2]);
  const y = new Float32Array(count * k).fill(7);
  for (let row = 0; row < count; row++) {
    for (let to = 0; to < k; to++) {
      for (let from = 0; from < n; from++) y[row * k + to]! += map[to * n + from]! * x[row * n + from]!;
    }
  }
  const found = leastSquares({ data: x, count, dimensions: n }, { data: y, count, dimensions: k });
  for (const [at, weight] of map.entries()) assertAlmostEquals(found[at]!, weight, 1e-4);
});

Deno.test("leastSquares() leaves inputs out that do not vary, or are fewer than they have numbers", () => {
  const x = { data: Float32Array.of(0, 3, 1, 3, 2, 3), count: 3, dimensions: 2 };
  const y = { data: Float32Array.of(1, 3, 5), count: 3, dimensions: 1 };
  const [slope, none] = leastSquares(x, y);
  assertAlmostEquals(slope!, 2, 1e-9);
  assertAlmostEquals(none!, 0, 1e-9);
});
