import { assertEquals } from "@std/assert";
import { multiply } from "../../../src/gpu/contraction/multiply.ts";
import { VariantScope } from "../../../src/gpu/contraction/variants/variant_scope.ts";
import { conv2d, convTranspose2d, type Device, matmul, type Tensor } from "../../../src/gpu/mod.ts";
import { gpuTest } from "../../support/gpu.ts";

/** One of each kind for subgroups of a size; where one does not fit, the default is taken. */
function variants(lanes: number): string[] {
  return [
    `thin rows 1 vectors 1 lanes ${lanes} groups 1 shared splits 1`,
    `thin rows 4 vectors 1 lanes ${lanes} groups 1 shared splits 2`,
    "thin rows 2 vectors 1 lanes 32 groups 2 splits 1",
    `wide rows 8 vectors 1 lanes ${lanes} groups 1 shared splits 1`,
    `wide rows 8 vectors 1 lanes ${lanes} groups 1 shared singly splits 1`,
    "wide rows 4 vectors 1 lanes 16 groups 4 splits 1",
    "tiled rows 16 columns 16 depth 8 rowQuads 1 columnQuads 1 splits 1",
  ];
}

/** Ones, but for one element. */
function onesBut(device: Device, shape: readonly number[], at: number, value: number): Tensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b)).fill(1);
  values[at] = value;
  return device.tensor(values, { shape });
}

gpuTest("matmul() keeps what is not finite in one row out of the others", async (device) => {
  for (const value of [NaN, Infinity]) {
    const a = onesBut(device, [3, 4], 4, value);
    const y = matmul(a, device.tensor([[1], [1], [1], [1]]));
    assertEquals([...await y.data()], [4, value, 4]);
  }
});

for (const [transposeA, transposeB] of [[false, false], [false, true], [true, false]] as const) {
  const kind = `${transposeA ? "T" : "N"}${transposeB ? "T" : "N"}`;
  gpuTest(
    `products ${kind} keep what is not finite in its row and column, by any kind of kernel`,
    async (device) => {
      for (const variant of variants(device.capabilities.subgroupSize)) {
        using _variants = new VariantScope(device, { get: () => variant });
        for (const [rows, depth, columns] of [[9, 4, 1], [9, 12, 3], [12, 20, 8], [5, 6, 5]] as const) {
          const row = 3;
          const column = columns - 1;
          const a = onesBut(
            device,
            transposeA ? [depth, rows] : [rows, depth],
            transposeA ? row : row * depth,
            NaN,
          );
          const b = onesBut(
            device,
            transposeB ? [columns, depth] : [depth, columns],
            transposeB ? column * depth : column,
            Infinity,
          );
          const found = await multiply(a, b, { transposeA, transposeB }).data();
          const expected = Array.from({ length: rows * columns }, (_, element) => {
            if (Math.floor(element / columns) === row) return NaN;
            return element % columns === column ? Infinity : depth;
          });
          assertEquals([...found], expected, `${rows}x${depth} * ${depth}x${columns} by ${variant}`);
        }
      }
    },
  );
}

gpuTest(
  "convolutions keep what is not finite in one pixel out of the others, by any kind of kernel",
  async (device) => {
    const x = onesBut(device, [1, 3, 4, 4], 5 * 4, NaN);
    for (const variant of variants(device.capabilities.subgroupSize)) {
      using _variants = new VariantScope(device, { get: () => variant });
      for (const outputs of [1, 5]) {
        const expected = Array.from(
          { length: 12 * outputs },
          (_, element) => Math.floor(element / outputs) === 5 ? NaN : 4,
        );
        const weight = onesBut(device, [1, 1, 4, outputs], 0, 1);
        assertEquals([...await conv2d(x, weight).data()], expected, `conv2d to ${outputs} by ${variant}`);
        const turned = onesBut(device, [1, 1, outputs, 4], 0, 1);
        const y = convTranspose2d(x, turned);
        assertEquals([...await y.data()], expected, `convTranspose2d to ${outputs} by ${variant}`);
      }
    }
  },
);
