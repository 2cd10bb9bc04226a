import "../../../../../src/host/on_native.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { pivotedCholesky } from "../../../../../src/dcgan/scores/metrics/linear/cholesky.ts";
import { moments } from "../../../../../src/dcgan/scores/metrics/moments.ts";
import { normalFeatures } from "../../../../support/features.ts";

Deno.test("the factor's transpose times itself is the matrix, with as many rows as the rank", () => {
  for (const [count, rank] of [[100, 30], [12, 11], [2, 1]] as const) {
    const { covariance } = moments(normalFeatures(count, 30, { seed: 1 }));
    const factor = pivotedCholesky(covariance, 30);
    assertEquals([count, factor.rank, factor.rows.length], [count, rank, rank * 30]);
    for (let i = 0; i < 30; i++) {
      for (let j = 0; j < 30; j++) {
        let sum = 0;
        for (let k = 0; k < rank; k++) sum += factor.rows[k * 30 + i]! * factor.rows[k * 30 + j]!;
        assertAlmostEquals(sum, covariance[i * 30 + j]!, 1e-12);
      }
    }
  }
});

Deno.test("the zero matrix has rank 0", () => {
  assertEquals(pivotedCholesky(new Float64Array(4), 2).rank, 0);
});
