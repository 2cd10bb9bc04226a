import { assert, assertEquals } from "@std/assert";
import { contractionKernel } from "../../../../src/gpu/contraction/kernels/build_kernel.ts";
import type { TiledSchedule } from "../../../../src/gpu/contraction/kernels/schedule.ts";
import {
  canShareLoads,
  tiledBytes,
  tiledThreads,
  tilesOf,
} from "../../../../src/gpu/contraction/kernels/tiled_memory.ts";
import type { Sum } from "../../../../src/gpu/contraction/sums/contraction.ts";
import { convolutionSum } from "../../../../src/gpu/contraction/sums/convolution_sum.ts";
import { inputGradientSum } from "../../../../src/gpu/contraction/sums/input_gradient_sum.ts";
import { weightGradientSum } from "../../../../src/gpu/contraction/sums/weight_gradient_sum.ts";
import { formatVariant } from "../../../../src/gpu/contraction/variants/variant.ts";
import { VariantScope } from "../../../../src/gpu/contraction/variants/variant_scope.ts";
import {
  convolve,
  convolveInputGradient,
  convolveWeightGradient,
} from "../../../../src/gpu/contraction/convolve.ts";
import { type Device, randomNormal } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";

const tiled = (
  rows: number,
  columns: number,
  depth: number,
  rowQuads: number,
  columnQuads: number,
): TiledSchedule => ({ shape: "tiled", rows, columns, depth, rowQuads, columnQuads });

const LARGE = tiled(64, 64, 16, 2, 1);

function convolution(images: number, height: number, width: number, inputs: number, outputs: number) {
  return {
    images,
    height,
    width,
    inputs,
    outHeight: Math.floor(height / 2),
    outWidth: Math.floor(width / 2),
    outputs,
    kernelHeight: 4,
    kernelWidth: 4,
    stride: 2,
    padding: 1,
  };
}

const f32 = { dtype: "f32" } as const;
const operands = { a: f32, b: f32 };

/** What a load tests if its depth may lie past the end of a run. */
const CHECK = " < end";

function kernelOf({ problem }: Sum, schedule: TiledSchedule, splits = 1) {
  const epilogue = {
    bias: false,
    activation: undefined,
    split: splits > 1,
    wholeRows: true,
    wholeColumns: true,
    output: f32,
  };
  const part = problem.length / splits;
  return contractionKernel(problem, schedule, epilogue, { splits, part }).kernel;
}

/** Loads in the loop of a tiled kernel. */
function loads(sum: Sum, schedule: TiledSchedule, splits = 1): string {
  const { code } = kernelOf(sum, schedule, splits);
  const loop = code.slice(code.indexOf("for (var j = "), code.indexOf("workgroupBarrier"));
  return loop.slice(loop.indexOf("{"));
}

Deno.test("tiled kernels test whether a depth is there only where runs do not end with a round", () => {
  const sums = (g: ReturnType<typeof convolution>) =>
    [convolutionSum, inputGradientSum, weightGradientSum].map((sum) => sum(g, operands));
  for (const sum of sums(convolution(4, 16, 16, 32, 64))) assert(!loads(sum, LARGE).includes(CHECK));
  for (const sum of sums(convolution(3, 14, 14, 22, 36))) assert(loads(sum, LARGE).includes(CHECK));
});

Deno.test("tiled kernels test it where a part, or only the last one, does not end with a round", () => {
  const sum = inputGradientSum(convolution(4, 16, 16, 32, 88), operands);
  // Parts of 32, 32 and 24
  assert(loads(sum, LARGE, 3).includes(CHECK));
  assert(!loads(inputGradientSum(convolution(4, 16, 16, 32, 96), operands), LARGE, 3).includes(CHECK));
});

Deno.test("tiled kernels divide once to find four pixels of one line", () => {
  const divisions = (sum: Sum) => {
    const { code } = kernelOf(sum, LARGE);
    return code.slice(code.indexOf("fn main"), code.indexOf("for (var j = ")).match(/[/%] \(/g)?.length ?? 0;
  };
  for (const sum of [convolutionSum, inputGradientSum]) {
    const [lines, others] = [16, 20].map((width) =>
      divisions(sum(convolution(4, 16, width, 32, 64), operands))
    );
    assertEquals(lines, 2);
    assertEquals(others, 8);
  }
});

Deno.test("tilesOf() lets half of the threads fill each tile where that is whole subgroups", () => {
  const { problem } = convolutionSum(convolution(4, 16, 16, 32, 64), operands);
  assertEquals(tilesOf(problem, LARGE).a.crew, [0, 64]);
  assertEquals(tilesOf(problem, LARGE).b.crew, [64, 64]);
  assertEquals(tilesOf(problem, tiled(32, 32, 16, 1, 1)).b.crew, [0, 64]);
  const { problem: weight } = weightGradientSum(convolution(4, 16, 16, 32, 64), operands);
  assertEquals(tilesOf(weight, LARGE).a.crew, [0, 128]);
});

Deno.test("canShareLoads() takes schedules whose threads divide the loads", () => {
  for (const schedule of [LARGE, tiled(128, 64, 8, 2, 2), tiled(16, 16, 8, 1, 1), tiled(64, 32, 4, 2, 1)]) {
    assert(canShareLoads(schedule));
  }
  assert(!canShareLoads(tiled(32, 96, 16, 1, 1)));
  assert(!canShareLoads(tiled(32, 32, 6, 1, 1)));
  assertEquals(tiledThreads(LARGE), 128);
  assertEquals(tiledBytes(LARGE), 2 * 16 * (68 + 68) * 4);
});

/** Bytes of the three sums of a convolution by a tile, in so many parts. */
async function resultsBy(
  device: Device,
  g: ReturnType<typeof convolution>,
  schedule: TiledSchedule,
  splits: number,
): Promise<Float32Array[]> {
  using scope = new VariantScope(device, { get: () => formatVariant({ schedule, splits }) });
  const normal = (shape: number[], counter: number) => randomNormal(device, shape, { seed: 1, counter });
  const x = normal([g.images, g.height, g.width, g.inputs], 1);
  const weight = normal([4, 4, g.inputs, g.outputs], 2);
  const gradient = normal([g.images, g.outHeight, g.outWidth, g.outputs], 3);
  const results = [
    convolve(x, weight, g),
    convolveInputGradient(gradient, weight, g),
    convolveWeightGradient(x, gradient, g),
  ];
  const taken = [...scope.taken.values()].map(({ variant }) => variant.schedule);
  assertEquals(taken, [schedule, schedule, schedule]);
  return await Promise.all(results.map((y) => y.data() as Promise<Float32Array>));
}

gpuTest("all tiles give the same bytes, as do threads that fill one tile each", async (device) => {
  // Lines of four pixels and others, whole tiles and others, channels in fours and others
  for (const g of [convolution(2, 8, 8, 16, 32), convolution(1, 6, 10, 3, 5)]) {
    for (const splits of [1, 2]) {
      if (g.inputs === 3 && splits > 1) continue;
      const expected = await resultsBy(device, g, tiled(16, 16, 8, 1, 1), splits);
      assert(expected.every((values) => values.some((value) => value !== 0)));
      for (const schedule of [tiled(32, 32, 8, 1, 2), tiled(64, 32, 16, 1, 1)]) {
        assertEquals(
          await resultsBy(device, g, schedule, splits),
          expected,
          formatVariant({ schedule, splits }),
        );
      }
    }
  }
});
