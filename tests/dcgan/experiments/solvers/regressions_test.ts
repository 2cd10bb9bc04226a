import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import {
  leastSquares,
  logisticRegression,
  type Rows,
  scoreOf,
} from "../../../../src/dcgan/experiments/solvers/regressions.ts";
import { randomValues } from "../../../support/random.ts";

const rows: Rows = { data: randomValues(400 * 3, 1, [-1, 3]), count: 400, dimensions: 3 };
const at = (i: number, j: number) => rows.data[i * 3 + j]!;

Deno.test("leastSquares() finds a linear function in spite of scales and shifts", () => {
  const targets = Array.from({ length: 400 }, (_, i) => 2 + 3 * at(i, 0) - 0.5 * at(i, 2));
  const { weights, bias } = leastSquares(rows, targets);
  // The ridge shrinks by about a thousandth
  assertAlmostEquals(weights[0]!, 3, 6e-3);
  assertAlmostEquals(weights[1]!, 0, 6e-3);
  assertAlmostEquals(weights[2]!, -0.5, 6e-3);
  assertAlmostEquals(bias, 2, 2e-2);
});

Deno.test("logisticRegression() finds the odds that examples were drawn from", () => {
  const uniform = randomValues(20_000, 2, [0, 1]);
  const many: Rows = { data: randomValues(20_000 * 2, 3, [-2, 2]), count: 20_000, dimensions: 2 };
  const odds = (i: number) => 1.5 * many.data[2 * i]! - many.data[2 * i + 1]! + 0.5;
  const positive = Array.from({ length: 20_000 }, (_, i) => uniform[i]! < 1 / (1 + Math.exp(-odds(i))));
  const { weights, bias } = logisticRegression(many, positive);
  assertAlmostEquals(weights[0]!, 1.5, 0.08);
  assertAlmostEquals(weights[1]!, -1, 0.08);
  assertAlmostEquals(bias, 0.5, 0.08);
});

Deno.test("logisticRegression() stays finite for examples that a plane divides, and gives constants no weight", () => {
  const data = Float64Array.from({ length: 100 * 2 }, (_, place) => place % 2 === 0 ? place / 2 : 7);
  const divided: Rows = { data, count: 100, dimensions: 2 };
  const found = logisticRegression(divided, Array.from({ length: 100 }, (_, i) => i >= 50));
  assertEquals(found.weights[1], 0);
  assertGreater(found.weights[0]!, 0);
  assertLess(scoreOf(found, divided, 20), -1);
  assertGreater(scoreOf(found, divided, 80), 1);
});
