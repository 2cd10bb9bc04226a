import { assert, assertEquals } from "@std/assert";
import {
  contractionIterations,
  leastSplits,
  partLength,
} from "../../../../src/gpu/contraction/kernels/loops.ts";
import type { Schedule } from "../../../../src/gpu/contraction/kernels/schedule.ts";
import { convolutionSum } from "../../../../src/gpu/contraction/sums/convolution_sum.ts";
import { denseSum } from "../../../../src/gpu/contraction/sums/dense_sum.ts";
import { inputGradientSum } from "../../../../src/gpu/contraction/sums/input_gradient_sum.ts";

const f32 = { dtype: "f32" } as const;
const operands = { a: f32, b: f32 };

/** Sums of 4096 terms in a row: as they are, for each of four rows of a window, and for each of four taps. */
const g = {
  images: 1,
  height: 8,
  width: 8,
  inputs: 1024,
  outHeight: 4,
  outWidth: 4,
  outputs: 4096,
  kernelHeight: 4,
  kernelWidth: 4,
  stride: 2,
  padding: 1,
};
const dense = { rows: 8, columns: 8, depth: 4096, transposeA: false, transposeB: false };
const SUMS = [denseSum(operands, dense), convolutionSum(g, operands), inputGradientSum(g, operands)];

const SCHEDULES: readonly Schedule[] = [
  { shape: "wide", rows: 8, vectors: 1, lanes: 16, share: false, groups: 4 },
  { shape: "tiled", rows: 32, columns: 32, depth: 16, rowQuads: 1, columnQuads: 1 },
];

Deno.test("leastSplits() cuts the runs of every sum as often as a driver's loops need, and no more", () => {
  for (const sum of SUMS) {
    assertEquals(sum.problem.length, 4096);
    for (const schedule of SCHEDULES) {
      const iterations = (splits: number) =>
        contractionIterations(sum.problem, schedule, partLength(sum.problem.length, splits));
      assertEquals(leastSplits(sum, schedule, Infinity), 1);
      assertEquals(leastSplits(sum, schedule, iterations(1)), 1);
      for (const most of [300, 700]) {
        const least = leastSplits(sum, schedule, most);
        assert(iterations(least) <= most, `${sum.problem.label}: ${least} parts take ${iterations(least)}`);
        assert(
          least === 1 || iterations(least - 1) > most,
          `${sum.problem.label}: ${least} parts are too many`,
        );
      }
    }
  }
});

Deno.test("leastSplits() leaves sums that cannot be cut as they are", () => {
  const { problem } = denseSum(operands, { ...dense, batch: 9 });
  assertEquals(leastSplits({ problem }, SCHEDULES[0]!, 100), 1);
});
