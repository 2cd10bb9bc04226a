import { assertEquals, assertThrows } from "@std/assert";
import { tileGrid } from "../../../../src/gpu/contraction/kernels/tile_grid.ts";
import { parseVariant } from "../../../../src/gpu/contraction/variants/variant.ts";
import { VariantScope } from "../../../../src/gpu/contraction/variants/variant_scope.ts";
import { conv2d, convTranspose2d, type Device, matmul, type Tensor } from "../../../../src/gpu/mod.ts";
import { gpuTest } from "../../../support/gpu.ts";

/** Small whole numbers, so that sums are exact. */
function values(size: number, factor: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (i * factor) % 13 - 6);
}

/** Elements all over a tensor, the last ones among them: every one that a workgroup that is left out would leave. */
function places(size: number): number[] {
  const step = Math.max(1, Math.floor(size / 20000));
  const all = Array.from({ length: Math.floor(size / step) }, (_, i) => i * step);
  return [...all, ...Array.from({ length: Math.min(64, size) }, (_, i) => size - 1 - i)];
}

/** Holds elements of a result to what they should be. */
async function assertElements(y: Tensor, expected: (element: number) => number): Promise<void> {
  const found = await y.data();
  const at = places(y.size);
  assertEquals(at.map((i) => found[i]), at.map(expected));
}

/** An element of a product of matrices. */
function product(a: Float32Array, b: Float32Array, depth: number, columns: number) {
  return (element: number): number => {
    const [row, column] = [Math.floor(element / columns), element % columns];
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += a[row * depth + k]! * b[k * columns + column]!;
    return sum;
  };
}

async function checkProduct(device: Device, rows: number, depth: number, columns: number): Promise<void> {
  const [a, b] = [values(rows * depth, 7), values(depth * columns, 5)];
  using left = device.tensor(a, { shape: [rows, depth] });
  using right = device.tensor(b, { shape: [depth, columns] });
  using y = matmul(left, right);
  await assertElements(y, product(a, b, depth, columns));
}

Deno.test("tileGrid() gives each axis its own as long as that is long enough", () => {
  assertEquals(tileGrid("it", { columns: 65535, rows: 65535, layers: 3 }), {
    workgroups: [65535, 65535, 3],
    folded: false,
  });
  assertEquals(tileGrid("it", { columns: 2, rows: 65536, layers: 1 }), {
    workgroups: [65535, 3, 1],
    folded: true,
  });
});

Deno.test("tileGrid() says when there are more tiles than any grid has", () => {
  assertThrows(
    () => tileGrid("conv2d 1x2", { columns: 1, rows: 65536, layers: 65536 }),
    RangeError,
    "conv2d 1x2 needs 4294967296 workgroups (1 x 65536 x 65536), more than the 4294836225 of one launch",
  );
});

gpuTest("matmul() takes more rows than a grid is high", async (device) => {
  await checkProduct(device, 600_000, 2, 5);
});

gpuTest("matmul() takes more columns than a grid is wide", async (device) => {
  await checkProduct(device, 1, 4, 3_000_000);
});

gpuTest("matmul() takes many rows by every kind of schedule", async (device) => {
  const kinds = [
    ["tiled rows 16 columns 16 depth 8 rowQuads 1 columnQuads 1 splits 1", 1_048_576 + 40, 3],
    ["wide rows 4 vectors 1 lanes 16 groups 4 splits 2", 1_048_576 + 16, 2],
    ["thin rows 1 vectors 1 lanes 32 groups 1 splits 1", 2_097_152 + 8, 1],
  ] as const;
  for (const [variant, rows, columns] of kinds) {
    using variants = new VariantScope(device, { get: () => variant });
    await checkProduct(device, rows, 8, columns);
    assertEquals([...variants.taken.values()].map((taken) => taken.variant), [parseVariant(variant)]);
  }
});

gpuTest("conv2d() takes more pixels than a grid is high", async (device) => {
  const [x, weight] = [values(40 * 128 * 128, 7), values(5, 5)];
  using y = conv2d(
    device.tensor(x, { shape: [40, 128, 128, 1] }),
    device.tensor(weight, { shape: [1, 1, 1, 5] }),
  );
  await assertElements(y, product(x, weight, 1, 5));
});

gpuTest("convTranspose2d() takes more phases than a grid is deep", async (device) => {
  const size = 300;
  const weight = values(size * size * 5, 7);
  using y = convTranspose2d(
    device.tensor([2], { shape: [1, 1, 1, 1] }),
    device.tensor(weight, { shape: [size, size, 5, 1] }),
    { stride: size, outputPadding: 1 },
  );
  // The picture is one row and column larger than the kernel; nothing reaches those.
  await assertElements(y, (element) => {
    const [pixel, channel] = [Math.floor(element / 5), element % 5];
    const [row, column] = [Math.floor(pixel / (size + 1)), pixel % (size + 1)];
    return row < size && column < size ? 2 * weight[(row * size + column) * 5 + channel]! : 0;
  });
});
