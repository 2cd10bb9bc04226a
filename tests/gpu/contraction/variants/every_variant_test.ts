import { assert } from "@std/assert";
import { VariantScope } from "../../../../src/gpu/contraction/variants/variant_scope.ts";
import {
  formatVariant,
  type Variant,
  WINOGRAD_VARIANTS,
} from "../../../../src/gpu/contraction/variants/variant.ts";
import { conv2d, convTranspose2d, type Device, matmul } from "../../../../src/gpu/mod.ts";
import { conv2dReference } from "../../../../src/gpu/ops/products/conv2d.ts";
import { matmulReference } from "../../../../src/gpu/ops/products/matmul.ts";
import { convTranspose2dReference } from "../../../oracles/products.ts";
import { checkOp } from "../../../support/check_op.ts";
import { gpuTest } from "../../../support/gpu.ts";

/** One of each kind, small, so that they compile quickly; the golden cases can be run with all. */
const VARIANTS: readonly Variant[] = [
  {
    schedule: { shape: "tiled", rows: 16, columns: 16, depth: 8, rowQuads: 1, columnQuads: 1 },
    splits: 1,
  },
  {
    schedule: { shape: "tiled", rows: 32, columns: 64, depth: 8, rowQuads: 1, columnQuads: 2 },
    splits: 2,
  },
  {
    schedule: { shape: "tiled", rows: 64, columns: 32, depth: 4, rowQuads: 2, columnQuads: 1 },
    splits: 1,
  },
  {
    schedule: {
      shape: "tiled",
      rows: 16,
      columns: 16,
      depth: 4,
      rowQuads: 1,
      columnQuads: 1,
      singleBuffer: true,
    },
    splits: 1,
  },
  { schedule: { shape: "wide", rows: 4, vectors: 1, lanes: 16, share: false, groups: 4 }, splits: 1 },
  { schedule: { shape: "wide", rows: 8, vectors: 2, lanes: 4, share: false, groups: 2 }, splits: 3 },
  ...WINOGRAD_VARIANTS,
];

for (const variant of VARIANTS) {
  gpuTest(`contractions agree with their references by ${formatVariant(variant)}`, async (device) => {
    // A sum that cannot be split takes a default; the tests of operations hold those.
    using variants = new VariantScope(device, { get: () => formatVariant(variant) });
    for (const check of [...matrixChecks(device), ...convolutionChecks(device)]) await check();
    assert(
      [...variants.taken.values()].some((taken) => formatVariant(taken.variant) === formatVariant(variant)),
    );
  });
}

function matrixChecks(device: Device): (() => Promise<void>)[] {
  return ([[36, 20, 28], [7, 5, 3]] as const).map(([rows, depth, columns]) => () =>
    checkOp(device, {
      inputs: { a: { shape: [rows, depth] }, b: { shape: [depth, columns] } },
      halves: ["a", "b"],
      op: ({ a, b }) => matmul(a, b),
      reference: ({ a, b }) => matmulReference(a, b, rows, depth, columns),
    })
  );
}

function convolutionChecks(device: Device): (() => Promise<void>)[] {
  const tolerance = { relative: 1e-4, absolute: 5e-5 };
  return ([[8, 12, 8], [3, 5, 7]] as const).flatMap(([inputs, outputs, size]) => {
    const out = Math.floor((size + 2 - 4) / 2) + 1;
    const g = {
      images: 2,
      height: size,
      width: size,
      inputs,
      outHeight: out,
      outWidth: out,
      outputs,
      kernelHeight: 4,
      kernelWidth: 4,
      stride: 2,
      padding: 1,
    };
    const weight = { shape: [4, 4, inputs, outputs] };
    return [
      () =>
        checkOp(device, {
          inputs: { x: { shape: [2, size, size, inputs] }, weight },
          halves: ["x", "weight"],
          op: ({ x, weight }) => conv2d(x, weight, { stride: 2, padding: 1 }),
          reference: ({ x, weight }) => conv2dReference(x, weight, g),
          tolerance,
        }),
      () =>
        checkOp(device, {
          inputs: { x: { shape: [2, out, out, outputs] }, weight, bias: { shape: [inputs] } },
          halves: ["x", "weight"],
          op: ({ x, weight, bias }) =>
            convTranspose2d(x, weight, { stride: 2, padding: 1, outputPadding: size % 2, bias }),
          reference: ({ x, weight, bias }) =>
            convTranspose2dReference(x, weight, g).map((value, index) => value + bias[index % inputs]!),
          tolerance,
        }),
    ];
  });
}
