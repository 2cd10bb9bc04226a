import { assertEquals } from "@std/assert";
import { contractionKernel } from "../../../src/gpu/contraction/kernels/build_kernel.ts";
import { denseSum } from "../../../src/gpu/contraction/sums/dense_sum.ts";
import { conv2d } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

const FLOATS = { dtype: "f32" } as const;

/** The kernel and uniforms of nine pairs of matrices, by the depth of their sums. */
function pairs(depth: number) {
  const sizes = {
    rows: 64,
    columns: 64,
    depth,
    transposeA: false,
    transposeB: false,
    batch: 9,
    blocked: true,
  };
  const { problem } = denseSum({ a: FLOATS, b: FLOATS }, sizes);
  const schedule = { shape: "wide", rows: 8, vectors: 1, lanes: 8, share: true, groups: 1 } as const;
  const epilogue = { bias: false, activation: undefined, split: false, wholeRows: true, wholeColumns: true };
  return contractionKernel(problem, schedule, { ...epilogue, output: FLOATS }, { splits: 1, part: depth });
}

Deno.test("contractionKernel() has one text for short and for long sums of pairs", () => {
  const [short, long] = [pairs(256), pairs(1024)];
  assertEquals(short.kernel.code, long.kernel.code);
  assertEquals([short, long].map(({ uniforms }) => uniforms.run), [256, 128]);
});

gpuTest("a first layer has one kernel with LeakyReLU and without, and it changes nothing", async (device) => {
  const values = Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => Math.sin(i) * 4);
  values.set([-0, NaN, Infinity, -Infinity, 1e-45, -1e-45]);
  const x = device.tensor(values, { shape: [2, 8, 8, 3] });
  const weight = device.tensor(Array.from({ length: 8 * 4 * 4 * 3 }, (_, i) => Math.cos(i)), {
    shape: [4, 4, 3, 8],
  });
  const options = { stride: 2, padding: 1 };
  const leaky = { type: "leaky_relu", slope: 0.2 } as const;
  using program = device.program({}, () => ({
    plain: conv2d(x, weight, options),
    leaky: conv2d(x, weight, { ...options, activation: leaky }),
  }));
  const [first, second] = program.launches.map(({ launch }) => launch.kernel.code);
  assertEquals(first, second);
  program.run();
  const [plain, bent] = await device.read([program.outputs.plain, program.outputs.leaky]) as Float32Array[];
  assertEquals(bent, plain!.map((y) => y <= 0 ? Math.fround(Math.fround(0.2) * y) : y));
});
