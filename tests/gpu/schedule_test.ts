import { chooseSchedulesBy } from "../../src/gpu/contraction/schedule_book.ts";
import type { Schedule } from "../../src/gpu/contraction/schedule.ts";
import { conv2d, convTranspose2d, matmul } from "../../src/gpu/mod.ts";
import { conv2dReference, convTranspose2dReference } from "../../src/gpu/ops/conv2d.ts";
import { matmulReference } from "../../src/gpu/ops/matmul.ts";
import { checkOp } from "../support/check_op.ts";
import { gpuTest } from "../support/gpu.ts";

/** Schedules that no adapter here would choose by itself, and those that it would, small. */
const SCHEDULES: Record<string, Schedule> = {
  "tiled 16x16, 4x4 a thread": {
    shape: "tiled",
    rows: 16,
    columns: 16,
    depth: 8,
    rowQuads: 1,
    columnQuads: 1,
  },
  "tiled 32x64, 4x8 a thread": {
    shape: "tiled",
    rows: 32,
    columns: 64,
    depth: 8,
    rowQuads: 1,
    columnQuads: 2,
  },
  "tiled 64x32, 8x4 a thread": {
    shape: "tiled",
    rows: 64,
    columns: 32,
    depth: 4,
    rowQuads: 2,
    columnQuads: 1,
  },
  "registers without subgroups": { shape: "wide", rows: 4, vectors: 1, lanes: 16, share: false, groups: 4 },
};

for (const [name, schedule] of Object.entries(SCHEDULES)) {
  gpuTest(`contractions agree with their references under schedule ${name}`, async (device) => {
    chooseSchedulesBy(device, () => schedule);
    try {
      for (const [rows, depth, columns] of [[36, 20, 28], [7, 5, 3]] as const) {
        await checkOp(device, {
          inputs: { a: { shape: [rows, depth] }, b: { shape: [depth, columns] } },
          op: ({ a, b }) => matmul(a, b),
          reference: ({ a, b }) => matmulReference(a, b, rows, depth, columns),
        });
      }
      for (const [inputs, outputs, size] of [[8, 12, 8], [3, 5, 7]] as const) {
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
        await checkOp(device, {
          inputs: { x: { shape: [2, size, size, inputs] }, weight: { shape: [4, 4, inputs, outputs] } },
          op: ({ x, weight }) => conv2d(x, weight, { stride: 2, padding: 1 }),
          reference: ({ x, weight }) => conv2dReference(x, weight, g),
          tolerance: { relative: 1e-4, absolute: 5e-5 },
        });
        await checkOp(device, {
          inputs: {
            x: { shape: [2, out, out, outputs] },
            weight: { shape: [4, 4, inputs, outputs] },
            bias: { shape: [inputs] },
          },
          op: ({ x, weight, bias }) =>
            convTranspose2d(x, weight, { stride: 2, padding: 1, outputPadding: size % 2, bias }),
          reference: ({ x, weight, bias }) =>
            convTranspose2dReference(x, weight, g).map((value, index) => value + bias[index % inputs]!),
          tolerance: { relative: 1e-4, absolute: 5e-5 },
        });
      }
    } finally {
      chooseSchedulesBy(device, undefined);
    }
  });
}
